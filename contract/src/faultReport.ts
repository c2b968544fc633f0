import { z } from 'zod';
import { FAULT_ENDINGS, FAULT_STATES, faultEffectSchema } from './fault.ts';
import { idSchema, podIdSchema } from './ids.ts';

/** The target over some seconds. Percentiles are of merged counts, never averages. */
export const faultWindowSchema = z
  .strictObject({
    seconds: z.int().min(1),
    completed: z.int().min(0),
    errorRatePercent: z.number().min(0).max(100).nullable(),
    p50Ms: z.number().min(0).nullable(),
    p99Ms: z.number().min(0).nullable(),
    /** null when there were too few requests for a score, or it does not apply. */
    scorePercent: z.number().min(0).max(100).nullable(),
  })
  .meta({ id: 'FaultWindow' });
export type FaultWindow = z.infer<typeof faultWindowSchema>;

/** What one fault did to a run. */
export const faultReportSchema = z
  .strictObject({
    faultId: idSchema,
    effect: faultEffectSchema,
    pods: z.array(podIdSchema),
    state: z.enum(FAULT_STATES),
    ending: z.enum(FAULT_ENDINGS).nullable(),
    /** When it was injected and when it was over, in seconds of the run; null when it was not over yet. */
    fromSecond: z.number(),
    untilSecond: z.number().nullable(),
    /** Whole measured seconds before it was injected (15 at most), while it was active, and after it was over (15 at most). */
    before: faultWindowSchema.nullable(),
    during: faultWindowSchema.nullable(),
    after: faultWindowSchema.nullable(),
    /**
     * Seconds from its end until the target was as before for three seconds in a row: an error rate at most one point above, and
     * a p99 at most half above what they were. null when that did not happen within the run, or cannot be told.
     */
    recoverySeconds: z.number().min(0).nullable(),
    /** All of it in a sentence. */
    sentence: z.string(),
  })
  .meta({ id: 'FaultReport' });
export type FaultReport = z.infer<typeof faultReportSchema>;
