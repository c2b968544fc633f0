import type { PlannedFault } from '@evenkeel/contract/faultPlan';
import { fieldProblems } from '@evenkeel/contract/fieldProblems';
import { STANDARD_LIMITS, WIDEST_LIMITS } from '@evenkeel/contract/limits';
import { profileSeconds } from '@evenkeel/contract/profileSeconds';
import { type RequestHeaders, type RequestHeadersInput, requestHeadersSchema } from '@evenkeel/contract/requestHeaders';
import { type Scenario, type ScenarioInput, scenarioSchemaFor } from '@evenkeel/contract/scenario';
import { parseThreshold, type Threshold } from '@evenkeel/contract/threshold';
import { quotedText } from '@evenkeel/contract/unseenText';
import { parseFault } from '@evenkeel/core/faults/parseFault';
import { scenarioProblems } from './scenarioProblems.ts';
import { UsageError } from './usageError.ts';

/** What the flags of `run` and `demo` say about the scenario, as typed. */
export interface ScenarioFlags {
  users?: string;
  spawnRate?: string;
  duration?: string;
  thinkTime?: string;
  rate?: string;
  stage?: string[];
  warmup?: string;
  drain?: string;
  method?: string;
  path?: string;
  header?: string[];
  body?: string;
  timeout?: string;
  expect?: string;
  connections?: string;
  connectionPolicy?: string;
  http2?: boolean;
  streams?: string;
  maxRequestsPerConnection?: string;
  maxConnectionAge?: string;
  maxHead?: string;
  threshold?: string[];
  p95?: string;
  p99?: string;
  errorRate?: string;
  fault?: string[];
  allowAny?: boolean;
}

const DEFAULT_DURATION = 20;

/**
 * The scenario that the flags ask for, laid over `base` (a built-in or a file) where one was named.
 * Throws a UsageError that names every flag that is wrong, with its limit.
 */
export function scenarioFromFlags(flags: ScenarioFlags, base: ScenarioInput | null): Scenario {
  const input = { ...(base ?? { name: 'custom' }) } as Record<string, unknown>;
  const load = loadFromFlags(flags, base);
  if (load) input.load = load;
  const warmup = number('--warmup', flags.warmup);
  if (warmup !== undefined) input.warmupSeconds = warmup;
  const drain = number('--drain', flags.drain);
  if (drain !== undefined) input.drainSeconds = drain;
  const request = requestFromFlags(flags, base?.request?.headers);
  if (Object.keys(request).length > 0) input.request = { ...base?.request, ...request };
  const connections = connectionsFromFlags(flags, base, input.load as ScenarioInput['load'] | undefined);
  if (connections) input.connections = connections;
  const thresholds = thresholdsFromFlags(flags);
  if (thresholds.length > 0) input.thresholds = [...(base?.thresholds ?? []), ...thresholds];

  const faults = (flags.fault ?? []).map(faultFromFlag);
  if (faults.length > 0) input.faults = [...(base?.faults ?? []), ...faults];

  const schema = scenarioSchemaFor(flags.allowAny ? WIDEST_LIMITS : STANDARD_LIMITS);
  const parsed = schema.safeParse(input);
  if (parsed.success) {
    if (flags.connections !== undefined && parsed.data.connections.policy === 'per-user') {
      throw new UsageError(
        '--connections does nothing where each user has a connection: leave it out, or share them with --connection-policy round-robin.'
      );
    }
    return parsed.data;
  }
  const problems = fieldProblems(schema, parsed.error, input);
  throw new UsageError(scenarioProblems(problems, input, flags).join('\n'));
}

function loadFromFlags(flags: ScenarioFlags, base: ScenarioInput | null): ScenarioInput['load'] | null {
  const closed = ['--users', '--spawn-rate', '--think-time'].filter(
    (_, i) => [flags.users, flags.spawnRate, flags.thinkTime][i] !== undefined
  );
  const open = ['--rate', '--stage'].filter((_, i) => [flags.rate, flags.stage][i] !== undefined);
  if (closed.length > 0 && open.length > 0) {
    throw new UsageError(`${closed[0]} asks for users and ${open[0]} for a rate: choose one of the two.`);
  }
  if (flags.rate !== undefined && flags.stage !== undefined) throw new UsageError('Give --rate or --stage, not both.');
  const duration = number('--duration', flags.duration);

  if (flags.stage) {
    if (duration !== undefined)
      throw new UsageError('--duration does not go with --stage: each stage names its own length.');
    return { model: 'rate', stages: flags.stage.map(parseStage) };
  }
  if (flags.rate !== undefined) {
    const rate = number('--rate', flags.rate)!;
    return { model: 'rate', stages: [{ from: rate, to: rate, durationSeconds: duration ?? DEFAULT_DURATION }] };
  }
  if (closed.length > 0) {
    const from = base?.load.model === 'users' ? base.load : undefined;
    return {
      model: 'users',
      users: number('--users', flags.users) ?? from?.users ?? 50,
      spawnRate: number('--spawn-rate', flags.spawnRate) ?? from?.spawnRate ?? 50,
      durationSeconds: duration ?? from?.durationSeconds ?? DEFAULT_DURATION,
      thinkTimeMs: number('--think-time', flags.thinkTime) ?? from?.thinkTimeMs ?? 0,
    };
  }
  if (duration === undefined) return null;
  if (!base) throw new UsageError('--duration needs --rate, --users or a scenario to go with.');
  return stretched(base.load, duration);
}

/** The same profile in another length: stages keep their proportions. */
function stretched(load: ScenarioInput['load'], duration: number): ScenarioInput['load'] {
  if (load.model === 'users') return { ...load, durationSeconds: duration };
  const total = profileSeconds(load);
  return {
    ...load,
    stages: load.stages.map((stage) => ({ ...stage, durationSeconds: (stage.durationSeconds * duration) / total })),
  };
}

const STAGE = /^(\d+(?:\.\d+)?)(?:-(\d+(?:\.\d+)?))?@(\d+(?:\.\d+)?)s?$/;

/** `500@30` holds 500 requests/s for 30 s; `100-1000@60` ramps from 100 to 1000 over 60 s. */
export function parseStage(text: string): { from: number; to: number; durationSeconds: number } {
  const match = STAGE.exec(text);
  if (!match) {
    throw new UsageError(
      `--stage ${quotedText(text)} is not a stage: write RATE@SECONDS (500@30) or FROM-TO@SECONDS (100-1000@60).`
    );
  }
  const from = Number(match[1]);
  return { from, to: match[2] === undefined ? from : Number(match[2]), durationSeconds: Number(match[3]) };
}

function requestFromFlags(flags: ScenarioFlags, baseHeaders: RequestHeadersInput | undefined): Record<string, unknown> {
  const timeoutMs = number('--timeout', flags.timeout);
  return {
    ...(flags.method === undefined ? {} : { method: flags.method.toUpperCase() }),
    ...(flags.path === undefined ? {} : { path: flags.path }),
    ...(flags.header === undefined ? {} : { headers: headersOver(baseHeaders, flags.header.map(parseHeader)) }),
    ...(flags.body === undefined ? {} : { body: flags.body }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(flags.expect === undefined ? {} : { expect: flags.expect.split(',').map((status) => status.trim()) }),
  };
}

/** The headers of the base, but for those names that a flag has too. */
function headersOver(base: RequestHeadersInput = [], given: RequestHeaders): RequestHeaders {
  const named = new Set(given.map(([name]) => name.toLowerCase()));
  return [...requestHeadersSchema.parse(base).filter(([name]) => !named.has(name.toLowerCase())), ...given];
}

function parseHeader(text: string): [string, string] {
  const colon = text.indexOf(':');
  // The text may be a secret, so it is not repeated.
  if (colon < 1) throw new UsageError('--header: a name is missing; write "Name: value".');
  return [text.slice(0, colon), text.slice(colon + 1)];
}

function connectionsFromFlags(
  flags: ScenarioFlags,
  base: ScenarioInput | null,
  load: ScenarioInput['load'] | undefined
) {
  const count = number('--connections', flags.connections);
  const streams = number('--streams', flags.streams);
  const maxRequests = number('--max-requests-per-connection', flags.maxRequestsPerConnection);
  const maxAgeSeconds = number('--max-connection-age', flags.maxConnectionAge);
  const maxHeadBytes = number('--max-head', flags.maxHead);
  // A policy that the base has for its own model of load says nothing about another one.
  const sameModel = load === undefined || base === null || load.model === base.load.model;
  const policy = flags.connectionPolicy ?? (sameModel ? base?.connections?.policy : undefined);
  return {
    ...base?.connections,
    policy,
    ...(count === undefined ? {} : { count }),
    ...(flags.http2 ? { protocol: 'http/2' as const } : {}),
    ...(streams === undefined ? {} : { streams }),
    ...(maxRequests === undefined ? {} : { maxRequests }),
    ...(maxAgeSeconds === undefined ? {} : { maxAgeSeconds }),
    ...(maxHeadBytes === undefined ? {} : { maxHeadBytes }),
  };
}

function thresholdsFromFlags(flags: ScenarioFlags): Threshold[] {
  const thresholds = (flags.threshold ?? []).map((expression) => {
    try {
      return parseThreshold(expression);
    } catch (error) {
      throw new UsageError(`--threshold ${(error as Error).message}.`);
    }
  });
  for (const [flag, metric, text] of [
    ['--p95', 'p95', flags.p95],
    ['--p99', 'p99', flags.p99],
  ] as const) {
    const value = number(flag, text);
    if (value === undefined) continue;
    if (value <= 0) throw new UsageError(`${flag} ${text}: must be above 0 ms.`);
    thresholds.push({ metric, op: '<', value });
  }
  const errorRate = number('--error-rate', flags.errorRate);
  if (errorRate === undefined) return thresholds;
  if (errorRate < 0 || errorRate > 100)
    throw new UsageError(`--error-rate ${flags.errorRate}: allowed are 0 to 100 percent.`);
  return [...thresholds, { metric: 'errorRate', op: '<=', value: errorRate }];
}

function faultFromFlag(text: string): PlannedFault {
  try {
    return parseFault(text);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** A plain decimal number; undefined when the flag was not given. Throws a UsageError for anything else, NaN and infinities included. */
export function number(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = /^[+-]?(\d+\.?\d*|\.\d+)$/.test(text.trim()) ? Number(text) : Number.NaN;
  if (!Number.isFinite(value)) throw new UsageError(`${flag} ${quotedText(text)} is not a number.`);
  return value;
}
