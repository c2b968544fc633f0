import { z } from 'zod';
import { idSchema } from './ids.ts';
import { type Limits, STANDARD_LIMITS } from './limits.ts';
import { lineSchema } from './plainText.ts';
import { queryInt, queryNumber } from './queryNumber.ts';
import { roleSchema } from './role.ts';
import { labelsSchema, noteSchema, RUN_STATES, type RunState } from './run.ts';
import { runSummarySchema } from './runSummary.ts';
import { sampleSchema } from './sample.ts';
import { SCENARIO_KINDS, scenarioSchemaFor, widestScenarioSchema } from './scenario.ts';
import { podStatusSchema, targetSchema } from './target.ts';

export const API_VERSION = 1;
export const API_PREFIX = '/api/v1';
export const DEFAULT_PORT = 8787;

// --- status ---------------------------------------------------------------------------------------------------------

const rangeSchema = z.strictObject({ min: z.number(), max: z.number() });

export const limitsSchema = z
  .strictObject({
    users: rangeSchema,
    spawnRate: rangeSchema,
    durationSeconds: rangeSchema,
    rate: rangeSchema,
    connections: rangeSchema,
    timeoutMs: rangeSchema,
    stages: rangeSchema,
  })
  .meta({ id: 'Limits' });

/** State of the safety lever: engaged means that nothing new is started until an Admin releases it. */
export const safetyStateSchema = z
  .strictObject({
    engaged: z.boolean(),
    reason: z.string().nullable(),
    /** Who pulled or released it last; null when nobody ever did. */
    by: z.string().nullable(),
    at: z.number().nullable(),
  })
  .meta({ id: 'SafetyState' });
export type SafetyState = z.infer<typeof safetyStateSchema>;

/** `GET status`: what a page asks first. A wrong version or clock shows here. */
export const statusSchema = z
  .strictObject({
    service: z.literal('evenkeel'),
    version: z.string(),
    apiVersion: z.int(),
    /** The service's clock, milliseconds since the Unix epoch. */
    now: z.number(),
    ready: z.boolean(),
    /** Why the service is not ready, each in a sentence. */
    problems: z.array(z.string()),
    /** Who the service thinks you are. */
    you: z.strictObject({ subject: z.string(), role: roleSchema, verified: z.boolean() }),
    /** What a scenario may ask for here. */
    limits: limitsSchema,
    safety: safetyStateSchema,
    activeRuns: z.array(z.strictObject({ runId: idSchema, targetId: idSchema })),
  })
  .meta({ id: 'Status' });
export type Status = z.infer<typeof statusSchema>;

export const healthSchema = z.strictObject({ status: z.literal('ok') }).meta({ id: 'Health' });
export const readinessSchema = z
  .strictObject({ status: z.enum(['ready', 'not-ready']), problems: z.array(z.string()) })
  .meta({ id: 'Readiness' });

// --- targets --------------------------------------------------------------------------------------------------------

export const targetSummarySchema = z
  .strictObject({
    target: targetSchema,
    pods: z.int().min(0),
    readyPods: z.int().min(0),
    /** False when only pods that have answered are known: one that never answers is invisible. */
    complete: z.boolean(),
    /** The run that loads it now. */
    activeRunId: idSchema.nullable(),
  })
  .meta({ id: 'TargetSummary' });
export type TargetSummary = z.infer<typeof targetSummarySchema>;

export const targetListSchema = z.strictObject({ targets: z.array(targetSummarySchema) }).meta({ id: 'TargetList' });
export type TargetList = z.infer<typeof targetListSchema>;

export const targetDetailSchema = targetSummarySchema
  .extend({ podList: z.array(podStatusSchema) })
  .meta({ id: 'TargetDetail' });
export type TargetDetail = z.infer<typeof targetDetailSchema>;

export const podListSchema = z
  .strictObject({ complete: z.boolean(), pods: z.array(podStatusSchema) })
  .meta({ id: 'PodList' });
export type PodList = z.infer<typeof podListSchema>;

// --- scenarios ------------------------------------------------------------------------------------------------------

export const storedScenarioSchema = z
  .strictObject({
    id: idSchema,
    /** Built-in ones cannot be changed or deleted; copy them instead. */
    builtIn: z.boolean(),
    scenario: widestScenarioSchema,
    /** null for built-in ones. */
    updatedAt: z.number().nullable(),
    updatedBy: z.string().nullable(),
  })
  .meta({ id: 'ScenarioEntry' });
export type StoredScenario = z.infer<typeof storedScenarioSchema>;

export const scenarioListSchema = z
  .strictObject({ scenarios: z.array(storedScenarioSchema) })
  .meta({ id: 'ScenarioList' });
export type ScenarioList = z.infer<typeof scenarioListSchema>;

/** Body of `POST scenarios` (the id is made from the name) and of `PUT scenarios/{id}` (creates or replaces). */
export const saveScenarioSchemaFor = (limits: Limits) => z.strictObject({ scenario: scenarioSchemaFor(limits) });
export const saveScenarioSchema = saveScenarioSchemaFor(STANDARD_LIMITS);
export type SaveScenarioInput = z.input<typeof saveScenarioSchema>;

// --- runs -----------------------------------------------------------------------------------------------------------

/** Body of `POST runs`: a saved or built-in scenario by its id, or a scenario in full; exactly one of the two. */
export const startRunSchemaFor = (limits: Limits) =>
  z
    .strictObject({
      targetId: idSchema,
      scenarioId: idSchema.optional(),
      scenario: scenarioSchemaFor(limits).optional(),
      labels: labelsSchema.optional(),
      note: noteSchema.optional(),
    })
    .refine((body) => (body.scenarioId === undefined) !== (body.scenario === undefined), {
      message: 'give either scenarioId or scenario',
      path: ['scenarioId'],
    })
    .meta({ allOf: [{ oneOf: [{ required: ['scenarioId'] }, { required: ['scenario'] }] }] });
export const startRunSchema = startRunSchemaFor(STANDARD_LIMITS);
export type StartRun = z.infer<typeof startRunSchema>;
export type StartRunInput = z.input<typeof startRunSchema>;

/** Two `POST runs` with the same key and body start one run. */
export const idempotencyKeySchema = z
  .string()
  .regex(/^[\x21-\x7e]{1,128}$/, 'must be 1 to 128 visible ASCII characters');

export const RUN_SORTS = [
  'createdAt',
  '-createdAt',
  'score',
  '-score',
  'p95',
  '-p95',
  'p99',
  '-p99',
  'errorRate',
  '-errorRate',
  'rate',
  '-rate',
] as const;
export type RunSort = (typeof RUN_SORTS)[number];

export const MAX_PAGE = 200;
export const MAX_OFFSET = 1_000_000;

const states = z
  .string()
  .max(200)
  .regex(
    new RegExp(`^(${RUN_STATES.join('|')})(,(${RUN_STATES.join('|')}))*$`),
    `must be states, separated by commas: ${RUN_STATES.join(', ')}`
  )
  .transform((list) => list.split(',') as RunState[]);

/** Query of `GET runs`. `state` takes several, separated by commas; `label` is `name:value`. */
export const runQuerySchema = z.strictObject({
  state: states.optional(),
  targetId: idSchema.optional(),
  scenarioName: z.string().max(100).optional(),
  kind: z.enum(SCENARIO_KINDS).optional(),
  startedBy: z.string().max(200).optional(),
  label: z
    .string()
    .max(264)
    .regex(/^[A-Za-z0-9_.-]{1,63}:/, 'must be name:value')
    .optional(),
  baseline: z.enum(['true', 'false']).optional(),
  /** Found anywhere in the id, the scenario's name, the target's name or the note, whatever the case. */
  text: z.string().max(200).optional(),
  /** Started at or after / before, milliseconds since the Unix epoch. */
  from: queryNumber(0, 8.64e15).optional(),
  to: queryNumber(0, 8.64e15).optional(),
  sort: z.enum(RUN_SORTS).default('-createdAt'),
  limit: queryInt(1, MAX_PAGE).default(50),
  offset: queryInt(0, MAX_OFFSET).default(0),
});
export type RunQuery = z.infer<typeof runQuerySchema>;

export const runListSchema = z
  .strictObject({
    runs: z.array(runSummarySchema),
    /** How many runs the filter finds in all. */
    total: z.int().min(0),
    limit: z.int().min(1),
    offset: z.int().min(0),
  })
  .meta({ id: 'RunList' });
export type RunList = z.infer<typeof runListSchema>;

/** Body of `PATCH runs/{id}`; a field that is missing stays as it is. Setting a baseline clears the target's earlier one. */
export const patchRunSchema = z
  .strictObject({ labels: labelsSchema.optional(), note: noteSchema.optional(), baseline: z.boolean().optional() })
  .refine((change) => Object.values(change).some((value) => value !== undefined), 'needs labels, note or baseline')
  .meta({ minProperties: 1 });
export type PatchRun = z.infer<typeof patchRunSchema>;

/** Query of `GET runs/{id}/samples`: seconds `from` (included) onwards. */
export const samplesQuerySchema = z.strictObject({
  from: queryInt(0, 86_400).default(0),
  limit: queryInt(1, 600).default(60),
});
export const sampleListSchema = z
  .strictObject({
    samples: z.array(sampleSchema),
    /** `from` of the next page; null at the end. */
    next: z.int().min(0).nullable(),
  })
  .meta({ id: 'SampleList' });
export type SampleList = z.infer<typeof sampleListSchema>;

export const REPORT_FORMATS = ['json', 'markdown', 'html', 'junit'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];
export const reportQuerySchema = z.strictObject({ format: z.enum(REPORT_FORMATS).default('json') });

/** Query of `GET runs/{id}/comparison`: the baseline to compare with; without it, the target's marked baseline. */
export const comparisonQuerySchema = z.strictObject({ baseline: idSchema.optional() });

// --- safety and audit -----------------------------------------------------------------------------------------------

/** Longest reason that is kept, in characters. */
export const MAX_REASON = 500;

/** Body of `POST safety/release`. */
export const safetyReasonSchema = z.strictObject({ reason: lineSchema(MAX_REASON).default('') });

/** Body of `POST safety/stop-all`, which is not refused for what it says: a `reason` is kept as far as it can be. */
export const stopAllBodySchema = z.unknown().meta({
  description: `Anything, of any content type: an emergency stop is not refused for its wording. Of \`{"reason": "text"}\` the reason is kept, as one line of up to ${MAX_REASON} characters; \`note\` in the answer says what was not.`,
});

export const stopAllResultSchema = z
  .strictObject({
    safety: safetyStateSchema,
    stoppedRuns: z.array(idSchema),
    revertedFaults: z.array(idSchema),
    /** What of the request was not kept as it was sent, in sentences. */
    note: z.string().optional(),
  })
  .meta({ id: 'StopAllResult' });
export type StopAllResult = z.infer<typeof stopAllResultSchema>;

export const auditEntrySchema = z
  .strictObject({
    id: z.int(),
    at: z.number(),
    subject: z.string(),
    role: roleSchema.nullable(),
    /** Whether the subject was proven (signed identity or own token), not only told by Grafana's route. */
    verified: z.boolean(),
    /** `POST /api/v1/runs`. */
    action: z.string(),
    /** What it acted on, resolved: the target's URL, the run's id. */
    object: z.string(),
    status: z.int(),
    /** In words: what happened, or why it was refused. */
    outcome: z.string(),
    requestId: z.string(),
  })
  .meta({ id: 'AuditEntry' });
export type AuditEntry = z.infer<typeof auditEntrySchema>;

export const auditQuerySchema = z.strictObject({
  limit: queryInt(1, MAX_PAGE).default(50),
  /** Entries with a smaller id: the `id` of the last entry of the page before. */
  before: queryInt(1, Number.MAX_SAFE_INTEGER).optional(),
});
export const auditListSchema = z.strictObject({ entries: z.array(auditEntrySchema) }).meta({ id: 'AuditList' });
export type AuditList = z.infer<typeof auditListSchema>;

// --- paths ----------------------------------------------------------------------------------------------------------

export const idParamsSchema = z.strictObject({ id: idSchema });

/** Paths below `/api/v1`, for clients; `{id}` is to be replaced. The service's route table uses these very strings. */
export const PATHS = {
  status: '/status',
  openapi: '/openapi.json',
  targets: '/targets',
  target: '/targets/{id}',
  targetPods: '/targets/{id}/pods',
  scenarios: '/scenarios',
  scenario: '/scenarios/{id}',
  scenarioFile: '/scenarios/{id}/file',
  scenarioDuplicate: '/scenarios/{id}/duplicate',
  scenarioImport: '/scenarios/import',
  runs: '/runs',
  run: '/runs/{id}',
  runStop: '/runs/{id}/stop',
  runEvents: '/runs/{id}/events',
  runSamples: '/runs/{id}/samples',
  runReport: '/runs/{id}/report',
  runComparison: '/runs/{id}/comparison',
  safety: '/safety',
  stopAll: '/safety/stop-all',
  /** The same lever, under a path that Grafana gives to Editors only: they need no signed identity. */
  editorStopAll: '/safety/stop-all-as-editor',
  release: '/safety/release',
  audit: '/audit',
} as const;
