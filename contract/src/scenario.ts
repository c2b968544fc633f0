import { z } from 'zod';
import { breakingPointSettingsSchema } from './breakingPoint.ts';
import { CONNECTION_POLICIES, DEFAULT_POLICY } from './connectionPolicy.ts';
import { DEFAULT_EXPECT } from './expectation.ts';
import { expectSchema } from './expectedStatus.ts';
import { plannedFaultSchema } from './faultPlan.ts';
import {
  DEFAULT_HEAD_BYTES,
  HEAD_BYTES,
  type Limits,
  MAX_BODY_LENGTH,
  MAX_FAULTS,
  MAX_MIX,
  MAX_PATH_LENGTH,
  MAX_THRESHOLDS,
  type Range,
  STANDARD_LIMITS,
  STREAMS,
  WIDEST_LIMITS,
} from './limits.ts';
import { linesSchema, nameSchema } from './plainText.ts';
import { requestHeadersSchema } from './requestHeaders.ts';
import { CONTRADICTIONS, refuseContradictions } from './scenarioContradictions.ts';
import { SENDABLE_PATH, unsendable } from './targetUrl.ts';
import { thresholdSchema } from './threshold.ts';

export const SCENARIO_KINDS = ['high-traffic', 'spike', 'sustained', 'gradual-ramp', 'custom'] as const;
export const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;
export const PROTOCOLS = ['http/1.1', 'http/2'] as const;

const within = (range: Range) => z.number().min(range.min).max(range.max);
const wholeWithin = (range: Range) => z.int().min(range.min).max(range.max);

const above0 = (field: string) => ({ properties: { [field]: { exclusiveMinimum: 0 } }, required: [field] });

const DEFAULT_CONNECTIONS = {
  count: 100,
  protocol: 'http/1.1',
  streams: 1,
  maxRequests: null,
  maxAgeSeconds: null,
  maxHeadBytes: DEFAULT_HEAD_BYTES,
} as const;

export type Protocol = (typeof PROTOCOLS)[number];

export const requestSchema = z
  .strictObject({
    method: z.enum(METHODS).default('GET'),
    /**
     * Path and query, byte for byte. null for those of the target's URL as they stand there; a path that is given goes behind the
     * target's own, with one slash between them, and is refused beside a target with a query.
     */
    path: z
      .string()
      .max(MAX_PATH_LENGTH)
      .regex(SENDABLE_PATH, { error: ({ input }) => unsendable(String(input)) ?? 'must start with /' })
      .nullable()
      .default(null),
    headers: requestHeadersSchema.default([]),
    /** Sent as UTF-8. */
    body: z
      .string()
      .max(MAX_BODY_LENGTH)
      .refine((text) => text.isWellFormed(), 'must hold no half of a surrogate pair')
      .nullable()
      .default(null),
    /** Counted from the intended send time. */
    timeoutMs: z.number().default(10_000),
    /** Statuses that count as success; every other one is an error. */
    expect: expectSchema,
  })
  .meta({ id: 'ScenarioRequest' });

export type ScenarioRequest = z.infer<typeof requestSchema>;

/** One piece of an open-model profile: the rate moves from `from` to `to` (equal for a constant rate) in straight line. */
export interface Stage {
  /** Requests per second at the start of the stage. */
  readonly from: number;
  /** Requests per second at the end of the stage. */
  readonly to: number;
  readonly durationSeconds: number;
}

/**
 * The schema of a scenario under the given limits. A scenario is data: JSON, YAML, a stored row.
 * A duration is that of the load profile: the warm-up is its beginning, the drain comes behind it.
 */
export function scenarioSchemaFor(limits: Limits) {
  const stage = z.strictObject({
    from: within(limits.rate),
    to: within(limits.rate),
    durationSeconds: z.number().min(0).max(limits.durationSeconds.max),
  });

  const usersLoad = z.strictObject({
    model: z.literal('users'),
    users: wholeWithin(limits.users),
    /** Users started per second. */
    spawnRate: within(limits.spawnRate),
    durationSeconds: within(limits.durationSeconds),
    /** Pause of a user between a response and the next request. */
    thinkTimeMs: z.number().min(0).max(60_000).default(0),
  });

  const rateLoad = z.strictObject({
    model: z.literal('rate'),
    stages: z
      .array(stage)
      .min(limits.stages.min)
      .max(limits.stages.max)
      .superRefine((stages, context) => {
        const total = stages.reduce((sum, s) => sum + s.durationSeconds, 0);
        const { min, max } = limits.durationSeconds;
        if (total < min || total > max) {
          context.addIssue({
            code: 'custom',
            message: `the stages last ${total} s together; allowed are ${min} to ${max} s`,
          });
        }
        if (stages.every((s) => s.from === 0 && s.to === 0)) {
          context.addIssue({ code: 'custom', message: 'at least one stage needs a rate above 0' });
        }
      })
      .meta({ contains: { anyOf: [above0('from'), above0('to')] } }),
  });

  const connections = z.strictObject({
    /** `per-user`: one connection per user. `round-robin`: `count` connections in turn. `per-request`: a new one each time. Left out: by the load model. */
    policy: z.enum(CONNECTION_POLICIES).optional(),
    /** Connections open at once, at most; times `streams` it is also the bound of requests in flight. */
    count: wholeWithin(limits.connections).default(100),
    /** Without TLS, `http/2` is spoken from the first byte (prior knowledge); with TLS it is negotiated. */
    protocol: z.enum(PROTOCOLS).default('http/1.1'),
    /** Requests in flight at once over one connection; more than 1 needs `http/2`. */
    streams: wholeWithin(STREAMS).default(1),
    /** Requests after which a connection is closed and replaced; null for never. */
    maxRequests: z.int().min(1).max(1_000_000).nullable().default(null),
    /** Age at which a connection is closed and replaced, in seconds; null for never. */
    maxAgeSeconds: z.number().min(0.1).max(86_400).nullable().default(null),
    /** Largest head of an answer that is read, in bytes: status line and headers. */
    maxHeadBytes: wholeWithin(HEAD_BYTES).default(DEFAULT_HEAD_BYTES),
  });

  const request = requestSchema.extend({ timeoutMs: within(limits.timeoutMs).default(10_000) });
  const onlyRequest: () => ScenarioRequest = () => ({
    method: 'GET',
    path: null,
    headers: [],
    body: null,
    timeoutMs: 10_000,
    expect: [...DEFAULT_EXPECT],
  });

  return z
    .strictObject({
      version: z.literal(1).default(1),
      name: nameSchema(100),
      description: linesSchema(1000).default(''),
      kind: z.enum(SCENARIO_KINDS).default('custom'),
      load: z.discriminatedUnion('model', [usersLoad, rateLoad]),
      request: request.default(onlyRequest),
      /** Several requests in place of `request`: each one sent is drawn by weight. */
      mix: z
        .array(z.strictObject({ weight: z.number().min(0.001).max(1000), request }))
        .min(2)
        .max(MAX_MIX)
        .optional(),
      connections: connections.default(DEFAULT_CONNECTIONS),
      /** Seconds at the start that load the target but count for nothing. Part of the profile's duration. */
      warmupSeconds: z.number().min(0).max(120).default(2),
      /** How long requests in flight may finish after the profile's end before they are cancelled. */
      drainSeconds: z.number().min(0).max(60).default(5),
      thresholds: z.array(thresholdSchema).max(MAX_THRESHOLDS).default([]),
      /** Failures to inject while the load runs. */
      faults: z.array(plannedFaultSchema).max(MAX_FAULTS).optional(),
      /** Search the breaking point within the range of the profile's rates instead of playing the profile. */
      breakingPoint: breakingPointSettingsSchema.optional(),
    })
    .superRefine(refuseContradictions)
    .meta({ allOf: CONTRADICTIONS })
    .transform((scenario) => ({
      ...scenario,
      connections: {
        ...scenario.connections,
        policy: scenario.connections.policy ?? DEFAULT_POLICY[scenario.load.model],
      },
    }));
}

export const scenarioSchema = scenarioSchemaFor(STANDARD_LIMITS).meta({ id: 'Scenario' });
/** Accepts whatever any configuration may have accepted: for scenarios that come back from a store or in a report. */
export const widestScenarioSchema = scenarioSchemaFor(WIDEST_LIMITS).meta({ id: 'StoredScenario' });

/** A validated scenario with every default filled in. */
export type Scenario = z.infer<typeof scenarioSchema>;
/** A scenario as a person writes it: defaults may be missing. */
export type ScenarioInput = z.input<typeof scenarioSchema>;
export type LoadModel = Scenario['load'];
export type ConnectionSettings = Scenario['connections'];
