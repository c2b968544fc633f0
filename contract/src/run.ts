import { z } from 'zod';
import { idSchema } from './ids.ts';
import { widestScenarioSchema } from './scenario.ts';
import { targetSchema } from './target.ts';

/** States of a run; the last five are final. `interrupted` is set on the next start when the process died. */
export const RUN_STATES = [
  'pending',
  'warming',
  'measuring',
  'draining',
  'finished',
  'stopped',
  'aborted',
  'failed',
  'interrupted',
] as const;
export type RunState = (typeof RUN_STATES)[number];

export const FINAL_RUN_STATES: readonly RunState[] = ['finished', 'stopped', 'aborted', 'failed', 'interrupted'];

export const isFinal = (state: RunState): boolean => FINAL_RUN_STATES.includes(state);

export const labelsSchema = z
  .record(z.string().regex(/^[A-Za-z0-9_.-]{1,63}$/, 'must be 1 to 63 of A-Z a-z 0-9 _ . -'), z.string().max(200))
  .refine((labels) => Object.keys(labels).length <= 20, 'at most 20 labels');

export const runSchema = z
  .strictObject({
    id: idSchema,
    state: z.enum(RUN_STATES),
    /** Why it failed, was aborted, stopped or interrupted, in words; null otherwise. */
    reason: z.string().nullable(),
    scenario: widestScenarioSchema,
    target: targetSchema,
    /** Milliseconds since the Unix epoch. */
    createdAt: z.number(),
    startedAt: z.number().nullable(),
    endedAt: z.number().nullable(),
    startedBy: z.string().max(200),
    labels: labelsSchema,
    note: z.string().max(2000),
    baseline: z.boolean(),
  })
  .meta({ id: 'Run' });

export type Run = z.infer<typeof runSchema>;
