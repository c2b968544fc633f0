import { z } from 'zod';
import { podIdSchema } from './ids.ts';

export const FAULT_TYPES = ['latency', 'errors', 'pod-failure', 'partition'] as const;
export type FaultType = (typeof FAULT_TYPES)[number];

export const SEVERITIES = ['low', 'medium', 'high'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** What a severity stands for when no numbers are given: milliseconds, percent of requests, pods. */
export const SEVERITY_NUMBERS = {
  latency: { low: { delayMs: 50 }, medium: { delayMs: 250 }, high: { delayMs: 1000 } },
  errors: { low: { percent: 5 }, medium: { percent: 20 }, high: { percent: 50 } },
  'pod-failure': { low: { count: 1 }, medium: { percent: 25 }, high: { percent: 50 } },
  partition: { low: { count: 1 }, medium: { percent: 25 }, high: { percent: 50 } },
} as const;

/** Which pods a fault hits: exactly one of the four. A number or a share is drawn by the fault's seed. */
export const faultScopeSchema = z
  .strictObject({
    pod: podIdSchema.optional(),
    count: z.int().min(1).max(1000).optional(),
    percent: z.number().min(1).max(100).optional(),
    /** `key=value`, a label that the pods carry. */
    label: z
      .string()
      .max(320)
      .regex(/^[A-Za-z0-9]([A-Za-z0-9_./-]*[A-Za-z0-9])?=[A-Za-z0-9_.-]*$/, 'must be written key=value')
      .optional(),
  })
  .refine((scope) => Object.values(scope).filter((value) => value !== undefined).length === 1, {
    message: 'needs exactly one of pod, count, percent and label',
  })
  .meta({ id: 'FaultScope', minProperties: 1, maxProperties: 1 });

export type FaultScope = z.infer<typeof faultScopeSchema>;

/** Limits of the steady state while a fault is active. Past one of them for two seconds in a row the fault is reverted. null: not watched. */
export const faultGuardSchema = z
  .strictObject({
    errorRatePercent: z.number().min(0).max(100).nullable().default(50),
    p99Ms: z.number().min(1).max(120_000).nullable().default(10_000),
    /** The balance score must not fall below it. */
    balancePercent: z.number().min(0).max(100).nullable().default(null),
  })
  .meta({ id: 'FaultGuard' });

export type FaultGuard = z.infer<typeof faultGuardSchema>;

export const MAX_FAULT_SECONDS = 600;

/** What each type may be given besides its severity. */
export const FAULT_LIMITS = {
  delayMs: { min: 50, max: 1000 },
  jitterMs: { min: 0, max: 1000 },
  percent: { min: 5, max: 50 },
  status: { min: 400, max: 599 },
  forSeconds: { min: 1, max: MAX_FAULT_SECONDS },
} as const;

const within = (range: { readonly min: number; readonly max: number }) => z.number().min(range.min).max(range.max);

const every = {
  severity: z.enum(SEVERITIES).optional(),
  scope: faultScopeSchema.optional(),
  forSeconds: within(FAULT_LIMITS.forSeconds),
  /** Decides which pods are hit; without it one is drawn and recorded. */
  seed: z.int().min(0).max(0xffff_ffff).optional(),
  /** Without it the usual limits are watched: an error rate of 50 % and a p99 of 10 s. */
  guard: faultGuardSchema.optional(),
};

const latency = z.strictObject({
  type: z.literal('latency'),
  ...every,
  /** Added to every response. */
  delayMs: within(FAULT_LIMITS.delayMs).optional(),
  /** Uniform spread around the delay, to either side. */
  jitterMs: within(FAULT_LIMITS.jitterMs).optional(),
});

const errors = z.strictObject({
  type: z.literal('errors'),
  ...every,
  /** Share of the requests that fail. */
  percent: within(FAULT_LIMITS.percent).optional(),
  /** 503 when not given. */
  status: z.int().min(FAULT_LIMITS.status.min).max(FAULT_LIMITS.status.max).optional(),
});

const podFailure = z.strictObject({
  type: z.literal('pod-failure'),
  ...every,
  /** Comes back at once (true, also when not given) or stays down for the whole duration. */
  restart: z.boolean().optional(),
});

const partition = z.strictObject({
  type: z.literal('partition'),
  ...every,
  /** What happens to connections that exist: `cut` (also when not given) or `stall`. */
  existing: z.enum(['cut', 'stall']).optional(),
});

/** Exactly one of two fields, said in the JSON schema; `refuseAmbiguous` says it to people. */
const either = <T extends z.ZodObject>(fault: T, field: string): T =>
  fault.meta({ allOf: [{ oneOf: [{ required: ['severity'] }, { required: [field] }] }] });

/** What the fields of a fault allow by themselves and do not allow together. */
function refuseAmbiguous(fault: z.infer<typeof anyForm>, context: z.RefinementCtx): void {
  const refuse = (field: string, message: string) => context.addIssue({ code: 'custom', path: [field], message });
  if (fault.type === 'latency' && (fault.severity === undefined) === (fault.delayMs === undefined)) {
    refuse('severity', 'latency needs either a severity or delayMs');
  }
  if (fault.type === 'latency' && (fault.jitterMs ?? 0) > delayOf(fault)) {
    refuse('jitterMs', `must not be above the delay (${delayOf(fault)} ms)`);
  }
  if (fault.type === 'errors' && (fault.severity === undefined) === (fault.percent === undefined)) {
    refuse('severity', 'errors needs either a severity or percent');
  }
  const byPods = fault.type === 'pod-failure' || fault.type === 'partition';
  if (byPods && (fault.severity === undefined) === (fault.scope === undefined)) {
    refuse('severity', `${fault.type} needs either a severity, which says how many pods, or a scope`);
  }
}

const anyForm = z.discriminatedUnion('type', [
  either(latency, 'delayMs'),
  either(errors, 'percent'),
  either(podFailure, 'scope'),
  either(partition, 'scope'),
]);

/**
 * One fault as it is asked for. `latency` and `errors` take a severity or the number itself, and a scope (one pod when there is none).
 * `pod-failure` and `partition` take a severity, which says how many pods, or a scope.
 */
export const faultOrderSchema = anyForm.superRefine(refuseAmbiguous).meta({ id: 'FaultOrder' });

export type FaultOrder = z.infer<typeof faultOrderSchema>;
export type FaultOrderInput = z.input<typeof faultOrderSchema>;

/** Second of the run in which the fault begins. */
const when = { atSecond: z.number().min(0).max(86_400) };

/** One fault of a scenario's plan: a fault and the second at which it begins. */
export const plannedFaultSchema = z
  .discriminatedUnion('type', [
    either(latency.extend(when), 'delayMs'),
    either(errors.extend(when), 'percent'),
    either(podFailure.extend(when), 'scope'),
    either(partition.extend(when), 'scope'),
  ])
  .superRefine(refuseAmbiguous)
  .meta({ id: 'PlannedFault' });

export type PlannedFault = z.infer<typeof plannedFaultSchema>;

function delayOf(fault: { delayMs?: number | undefined; severity?: Severity | undefined }): number {
  return fault.delayMs ?? SEVERITY_NUMBERS.latency[fault.severity ?? 'low'].delayMs;
}
