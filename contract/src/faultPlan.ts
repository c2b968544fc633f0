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
  .meta({ id: 'FaultScope' });

export type FaultScope = z.infer<typeof faultScopeSchema>;

const planned = {
  severity: z.enum(SEVERITIES).optional(),
  scope: faultScopeSchema.optional(),
  /** Second of the run in which the fault begins. */
  atSecond: z.number().min(0).max(86_400),
  forSeconds: z.number().min(1).max(600),
  /** Decides which pods are hit; without it the run draws one and records it. */
  seed: z.int().min(0).max(0xffff_ffff).optional(),
};

/**
 * One fault of a scenario's plan. `latency` and `errors` take a severity or the number itself, and a scope (one pod when there is none).
 * `pod-failure` and `partition` take a severity, which says how many pods, or a scope.
 */
export const plannedFaultSchema = z
  .discriminatedUnion('type', [
    z.strictObject({
      type: z.literal('latency'),
      ...planned,
      /** Added to every response. */
      delayMs: z.number().min(50).max(1000).optional(),
      /** Uniform spread around the delay, to either side. */
      jitterMs: z.number().min(0).max(1000).optional(),
    }),
    z.strictObject({
      type: z.literal('errors'),
      ...planned,
      /** Share of the requests that fail. */
      percent: z.number().min(5).max(50).optional(),
      /** 503 when not given. */
      status: z.int().min(400).max(599).optional(),
    }),
    z.strictObject({
      type: z.literal('pod-failure'),
      ...planned,
      /** Comes back at once (true, also when not given) or stays down for the whole duration. */
      restart: z.boolean().optional(),
    }),
    z.strictObject({
      type: z.literal('partition'),
      ...planned,
      /** What happens to connections that exist: `cut` (also when not given) or `stall`. */
      existing: z.enum(['cut', 'stall']).optional(),
    }),
  ])
  .superRefine((fault, context) => {
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
  })
  .meta({ id: 'PlannedFault' });

export type PlannedFault = z.infer<typeof plannedFaultSchema>;

function delayOf(fault: { delayMs?: number | undefined; severity?: Severity | undefined }): number {
  return fault.delayMs ?? SEVERITY_NUMBERS.latency[fault.severity ?? 'low'].delayMs;
}
