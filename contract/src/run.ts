import { z } from 'zod';
import { idSchema } from './ids.ts';
import { lineSchema, linesSchema } from './plainText.ts';
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

const MAX_LABELS = 20;
const LABEL_NAME = /^[A-Za-z0-9_.-]{1,63}$/;

export const labelsSchema = z
  .record(z.string().regex(LABEL_NAME, 'must be 1 to 63 of A-Z a-z 0-9 _ . -'), lineSchema(200))
  .refine((labels) => Object.keys(labels).length <= MAX_LABELS, `at most ${MAX_LABELS} labels`)
  .meta({ maxProperties: MAX_LABELS, propertyNames: { pattern: LABEL_NAME.source } });

export const noteSchema = linesSchema(2000);

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
    note: noteSchema,
    baseline: z.boolean(),
  })
  .meta({ id: 'Run' });

export type Run = z.infer<typeof runSchema>;
