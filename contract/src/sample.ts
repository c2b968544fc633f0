import { z } from 'zod';
import { balanceScoreSchema } from './balance.ts';
import { generatorHealthSchema } from './generator.ts';
import { podIdSchema } from './ids.ts';
import { latencySummarySchema } from './latency.ts';
import { outcomeCountsSchema } from './outcome.ts';

export const PHASES = ['warming', 'measuring', 'draining'] as const;
export type Phase = (typeof PHASES)[number];

export const podSampleSchema = z
  .strictObject({
    pod: podIdSchema,
    /** First-attempt decisions of this second. */
    requests: z.int().min(0),
    errors: z.int().min(0),
    meanMs: z.number().min(0).nullable(),
    p95Ms: z.number().min(0).nullable(),
    p99Ms: z.number().min(0).nullable(),
    ready: z.boolean(),
    cpuCores: z.number().min(0).nullable(),
    memoryBytes: z.number().min(0).nullable(),
    activeConnections: z.int().min(0).nullable(),
  })
  .meta({ id: 'PodSample' });

/** One second of a run. */
export const sampleSchema = z
  .strictObject({
    /** Seconds since the run began; the sample covers [second, second + 1). */
    second: z.int().min(0),
    /** Start of the second, milliseconds since the Unix epoch. */
    at: z.number(),
    phase: z.enum(PHASES),
    /** Requests that the schedule wanted in this second. */
    offered: z.int().min(0),
    sent: z.int().min(0),
    completed: z.int().min(0),
    dropped: z.int().min(0),
    inFlight: z.int().min(0),
    /** Users of the closed model; null in the open one. */
    users: z.int().min(0).nullable(),
    outcomes: outcomeCountsSchema,
    /** Requests that ended in this second by status code (`200`) or kind of failure (`connect-refused`). */
    endings: z.record(z.string(), z.int().min(1)).default({}),
    /** Counted from the intended send time. */
    response: latencySummarySchema,
    /** Counted from the actual send time. */
    service: latencySummarySchema,
    unattributed: z.int().min(0),
    /** Live score over the last 60 s at most. */
    balance: balanceScoreSchema,
    generator: generatorHealthSchema,
    pods: z.array(podSampleSchema),
  })
  .meta({ id: 'Sample' });

export type Sample = z.infer<typeof sampleSchema>;
export type PodSample = z.infer<typeof podSampleSchema>;
