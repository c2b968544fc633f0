import { z } from 'zod';
import { FAULT_TYPES, faultGuardSchema, faultOrderSchema, faultScopeSchema, SEVERITIES } from './faultPlan.ts';
import { idSchema, podIdSchema } from './ids.ts';
import { queryInt } from './queryNumber.ts';

/**
 * States of a fault. `reverted` and `not-effective` (it was applied, a probe found no effect, and it was taken back) are final.
 * `revert-failed` is not: it is tried again until it succeeds, and alerts meanwhile.
 */
export const FAULT_STATES = [
  'planned',
  'injecting',
  'active',
  'reverting',
  'reverted',
  'revert-failed',
  'not-effective',
] as const;
export type FaultState = (typeof FAULT_STATES)[number];

export const isFaultOver = (state: FaultState): boolean => state === 'reverted' || state === 'not-effective';

/** Why a fault ended, whatever else happened meanwhile. */
export const FAULT_ENDINGS = [
  'expired',
  'reverted',
  'guard',
  'safety-stop',
  'run-ended',
  'inject-failed',
  'not-effective',
  /** Its pods were restarted, which ended it there. */
  'lost',
  'interrupted',
  'shutdown',
] as const;
export type FaultEnding = (typeof FAULT_ENDINGS)[number];

/** A fault's numbers with every severity and default resolved: what is done to each pod. */
export const faultEffectSchema = z
  .discriminatedUnion('type', [
    z.strictObject({ type: z.literal('latency'), delayMs: z.number().min(0), jitterMs: z.number().min(0) }),
    z.strictObject({ type: z.literal('errors'), percent: z.number().min(0).max(100), status: z.int() }),
    z.strictObject({ type: z.literal('pod-failure'), restart: z.boolean() }),
    z.strictObject({ type: z.literal('partition'), existing: z.enum(['cut', 'stall']) }),
  ])
  .meta({ id: 'FaultEffect' });
export type FaultEffect = z.infer<typeof faultEffectSchema>;

export const POD_FAULT_STATES = [
  'planned',
  'injected',
  'active',
  'not-effective',
  'inject-failed',
  'reverted',
  'revert-failed',
] as const;
export type PodFaultState = (typeof POD_FAULT_STATES)[number];

export const faultStepSchema = z
  .strictObject({
    /** Milliseconds since the Unix epoch. */
    at: z.number(),
    state: z.enum(FAULT_STATES),
    text: z.string(),
  })
  .meta({ id: 'FaultStep' });
export type FaultStep = z.infer<typeof faultStepSchema>;

/** One injected failure, from the plan to its end. */
export const faultSchema = z
  .strictObject({
    id: idSchema,
    state: z.enum(FAULT_STATES),
    targetId: idSchema,
    targetName: z.string(),
    /** The run that was going on when it began; null when there was none. */
    runId: idSchema.nullable(),
    /** Part of that run's plan: it ends with the run at the latest. */
    planned: z.boolean(),
    effect: faultEffectSchema,
    /** null when the numbers were given instead. */
    severity: z.enum(SEVERITIES).nullable(),
    scope: faultScopeSchema,
    seed: z.int().min(0).max(0xffff_ffff),
    guard: faultGuardSchema,
    pods: z.array(
      z.strictObject({
        pod: podIdSchema,
        state: z.enum(POD_FAULT_STATES),
        /** What the probe saw, or what went wrong; null while there is nothing to say. */
        note: z.string().nullable(),
      })
    ),
    /** What injects it: `embedded`, … */
    driver: z.string(),
    startedBy: z.string(),
    /** All times in milliseconds since the Unix epoch. */
    createdAt: z.number(),
    activeAt: z.number().nullable(),
    /** It is over by then, whatever happens: the pod ends it by itself. */
    expiresAt: z.number(),
    endedAt: z.number().nullable(),
    ending: z.enum(FAULT_ENDINGS).nullable(),
    /** Why it ended, in a sentence; null before. */
    reason: z.string().nullable(),
    steps: z.array(faultStepSchema),
  })
  .meta({ id: 'Fault' });
export type Fault = z.infer<typeof faultSchema>;

/** What a fault would do, by the same resolver that injects it. Nothing is touched. */
export const faultPreviewSchema = z
  .strictObject({
    targetId: idSchema,
    /** Whether it would be injected now. */
    allowed: z.boolean(),
    /** Every reason why not, each in a sentence. */
    refusals: z.array(z.string()),
    /** What to know before confirming, each in a sentence. */
    warnings: z.array(z.string()),
    effect: faultEffectSchema,
    scope: faultScopeSchema,
    /** Give it to the injection, and the very same pods are hit as long as they are there. */
    seed: z.int().min(0).max(0xffff_ffff),
    pods: z.array(podIdSchema),
    /** Pods that are ready and under no other fault. */
    healthyPods: z.int().min(0),
    /** Healthy pods that remain. */
    remainingPods: z.int().min(0),
    /** Capacity (by weight) of the pods hit, in percent of the healthy capacity. */
    capacityPercent: z.number().min(0).max(100),
    forSeconds: z.number(),
    guard: faultGuardSchema,
    /** Everything that ends it before its time, each in a sentence. */
    stops: z.array(z.string()),
  })
  .meta({ id: 'FaultPreview' });
export type FaultPreview = z.infer<typeof faultPreviewSchema>;

/** Body of `POST faults` and `POST faults/preview`. */
export const startFaultSchema = z
  .strictObject({ targetId: idSchema, fault: faultOrderSchema })
  .meta({ id: 'StartFault' });
export type StartFault = z.infer<typeof startFaultSchema>;
export type StartFaultInput = z.input<typeof startFaultSchema>;

/** Faults of one answer, at most. */
export const MAX_FAULT_PAGE = 200;

/** Query of `GET faults`: the newest first. */
export const faultQuerySchema = z.strictObject({
  targetId: idSchema.optional(),
  runId: idSchema.optional(),
  type: z.enum(FAULT_TYPES).optional(),
  /** `open`: not over yet, revert-failed included. */
  is: z.enum(['open', 'over']).optional(),
  limit: queryInt(1, MAX_FAULT_PAGE).default(50),
  offset: queryInt(0, 1_000_000).default(0),
});
export type FaultQuery = z.infer<typeof faultQuerySchema>;

export const faultListSchema = z
  .strictObject({ faults: z.array(faultSchema), total: z.int().min(0) })
  .meta({ id: 'FaultList' });
export type FaultList = z.infer<typeof faultListSchema>;

/** Paths below `/api/v1`, as in `PATHS` of the contract's other half. */
export const FAULT_PATHS = {
  faults: '/faults',
  faultPreview: '/faults/preview',
  faultRevert: '/faults/{id}/revert',
  /** Starts a run, as `/runs` does, whose scenario may plan faults. */
  faultRuns: '/faults/runs',
} as const;
