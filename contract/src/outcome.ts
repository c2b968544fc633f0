import { z } from 'zod';

// Apart from the schemas, for load workers: they start faster without zod.
export { OUTCOMES, type Outcome } from './outcomes.ts';

export const outcomeCountsSchema = z
  .strictObject({
    ok: z.int().min(0),
    'http-4xx': z.int().min(0),
    'http-5xx': z.int().min(0),
    timeout: z.int().min(0),
    connect: z.int().min(0),
    reset: z.int().min(0),
    tls: z.int().min(0),
    other: z.int().min(0),
    /** Missing in what older versions stored. */
    unexpected: z.int().min(0).default(0),
  })
  .meta({ id: 'OutcomeCounts', description: 'Requests by how they ended.' });

export type OutcomeCounts = z.infer<typeof outcomeCountsSchema>;
