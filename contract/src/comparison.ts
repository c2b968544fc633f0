import { z } from 'zod';
import { podIdSchema } from './ids.ts';
import { runSummarySchema } from './runSummary.ts';

export const COMPARED_METRICS = [
  'scorePercent',
  'p50Ms',
  'p95Ms',
  'p99Ms',
  'errorRatePercent',
  'completedRate',
] as const;

export const CHANGES = ['better', 'worse', 'no-evidence', 'not-comparable'] as const;

export const metricComparisonSchema = z
  .strictObject({
    metric: z.enum(COMPARED_METRICS),
    unit: z.enum(['points', 'ms', 'percent', 'requests/s']),
    baseline: z.number().nullable(),
    candidate: z.number().nullable(),
    /** candidate - baseline, in the unit. */
    delta: z.number().nullable(),
    /** delta in percent of the baseline; null when the baseline is 0. */
    deltaPercent: z.number().nullable(),
    /** 95 % interval of delta; null when there is too little data for one. */
    lowDelta: z.number().nullable(),
    highDelta: z.number().nullable(),
    /** Two-sided probability of such a difference without any change, corrected (Holm) for all metrics compared. */
    p: z.number().min(0).max(1).nullable(),
    significant: z.boolean(),
    change: z.enum(CHANGES),
    sentence: z.string(),
  })
  .meta({ id: 'MetricComparison' });

export const podComparisonSchema = z
  .strictObject({
    pod: podIdSchema,
    /** Share of the requests, 0 to 1; null when the pod was not there. */
    baselineShare: z.number().min(0).max(1).nullable(),
    candidateShare: z.number().min(0).max(1).nullable(),
    delta: z.number().nullable(),
    /** After correction (Holm) over all pods. */
    significant: z.boolean(),
  })
  .meta({ id: 'PodComparison' });

/** What changed between two runs, and which of the changes are more than noise. */
export const comparisonSchema = z
  .strictObject({
    baseline: runSummarySchema,
    candidate: runSummarySchema,
    /** Reasons why the two runs are not alike: other target, other scenario, a saturated generator. */
    warnings: z.array(z.string()),
    /** All changes in one sentence. */
    sentence: z.string(),
    metrics: z.array(metricComparisonSchema),
    pods: z.array(podComparisonSchema),
  })
  .meta({ id: 'Comparison' });

export type Comparison = z.infer<typeof comparisonSchema>;
export type MetricComparison = z.infer<typeof metricComparisonSchema>;
export type PodComparison = z.infer<typeof podComparisonSchema>;
