import { z } from 'zod';
import { latencySummarySchema } from './latency.ts';

export const GENERATOR_STATES = ['ok', 'strained', 'saturated'] as const;

/** Health of the load generator in one second: whether a measurement of that second can be trusted. */
export const generatorHealthSchema = z
  .strictObject({
    state: z.enum(GENERATOR_STATES),
    /** Why the state is not `ok`, in words; empty when it is. */
    reasons: z.array(z.string()),
    /** Busy share of the busiest worker's event loop, 0 to 1. */
    eventLoopUtilisation: z.number().min(0).max(1),
    /** 99th percentile of the event-loop delay of the worst worker, in milliseconds. */
    eventLoopDelayP99Ms: z.number().min(0),
    /** Actual minus intended send time. */
    lateness: latencySummarySchema,
    dropped: z.int().min(0),
    /** CPU of the whole process, in cores. */
    cpuCores: z.number().min(0),
    openConnections: z.int().min(0),
  })
  .meta({ id: 'GeneratorHealth' });

export type GeneratorHealth = z.infer<typeof generatorHealthSchema>;
export type GeneratorState = (typeof GENERATOR_STATES)[number];
