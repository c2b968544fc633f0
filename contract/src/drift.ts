import { z } from 'zod';
import { podIdSchema } from './ids.ts';

/** What may drift. `pod` is the mean service time of one pod; latencies are in milliseconds, the others in percent. */
export const DRIFT_SERIES = ['p50', 'p95', 'errorRate', 'balance', 'pod'] as const;
export type DriftSeries = (typeof DRIFT_SERIES)[number];

export const driftFindingSchema = z
  .strictObject({
    series: z.enum(DRIFT_SERIES),
    /** Which pod, for the series `pod`; null otherwise. */
    pod: podIdSchema.nullable(),
    /** `none` when the change is neither significant nor a jump, or too small to matter. */
    direction: z.enum(['rising', 'falling', 'none']),
    /** Change per minute in the unit of the series, with its 95 % interval. */
    perMinute: z.number(),
    perMinuteLow: z.number(),
    perMinuteHigh: z.number(),
    /** The trend line at the start and at the end of the measuring phase; of a jump the mean before and behind it. */
    from: z.number(),
    to: z.number(),
    /** Second of the run at which the series jumped from one level to another; missing when it did not. */
    jumpAtSecond: z.number().min(0).optional(),
    /** Probability of so much trend without drift; autocorrelation is allowed for, the number of series is not. Says nothing of a jump. */
    p: z.number().min(0).max(1),
    sentence: z.string(),
  })
  .meta({ id: 'DriftFinding' });

export type DriftFinding = z.infer<typeof driftFindingSchema>;

/** Whether a run stayed the same over its measuring phase. */
export const driftSchema = z
  .strictObject({
    /** `worse`: something drifts the wrong way. `better`: only in the right way. `too-short`: less than a minute of steady load. */
    verdict: z.enum(['steady', 'worse', 'better', 'too-short']),
    sentence: z.string(),
    /** Measured seconds that were looked at, and how many of them make one point. */
    seconds: z.int().min(0),
    secondsPerPoint: z.int().min(1),
    /** Every series that was tested, those that drift first; of pods only those that drift. */
    findings: z.array(driftFindingSchema),
  })
  .meta({ id: 'Drift' });

export type Drift = z.infer<typeof driftSchema>;
