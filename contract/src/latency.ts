import { z } from 'zod';

const milliseconds = z.number().min(0);

/** Percentiles of merged histograms (never averages of percentiles), in milliseconds; null when nothing was counted. */
export const latencySummarySchema = z
  .strictObject({
    count: z.int().min(0),
    mean: milliseconds.nullable(),
    p50: milliseconds.nullable(),
    p90: milliseconds.nullable(),
    p95: milliseconds.nullable(),
    p99: milliseconds.nullable(),
    p999: milliseconds.nullable(),
    max: milliseconds.nullable(),
  })
  .meta({ id: 'LatencySummary', description: 'Latency in milliseconds; error of a percentile below 1 %.' });

export type LatencySummary = z.infer<typeof latencySummarySchema>;
