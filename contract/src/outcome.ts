import { z } from 'zod';

/**
 * How one request ended. The order is the index in every counter array.
 * `ok` is any 1xx-3xx status; `timeout` any deadline passed; `connect` a connection refused or not made in time;
 * `reset` a connection that broke after the request was sent; `tls` a failed handshake or certificate.
 */
export const OUTCOMES = ['ok', 'http-4xx', 'http-5xx', 'timeout', 'connect', 'reset', 'tls', 'other'] as const;

export type Outcome = (typeof OUTCOMES)[number];

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
  })
  .meta({ id: 'OutcomeCounts', description: 'Requests by how they ended.' });

export type OutcomeCounts = z.infer<typeof outcomeCountsSchema>;
