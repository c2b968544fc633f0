import { z } from 'zod';

const headerName = z
  .string()
  .max(128)
  .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/, 'must be an HTTP header name')
  .transform((name) => name.toLowerCase());

/**
 * How a response is assigned to a pod. `header` names the response header in which the pod states its own name.
 * `upstreamHeader` names the one in which the balancer lists the addresses that it tried (nginx's `$upstream_addr`):
 * its first entry is the first routing decision, so a retry counts for the pod that was chosen first.
 */
export const attributionSchema = z
  .strictObject({
    header: headerName.optional(),
    upstreamHeader: headerName.optional(),
  })
  .refine((value) => value.header !== undefined || value.upstreamHeader !== undefined, {
    message: 'needs a header or an upstreamHeader',
  })
  .meta({ id: 'Attribution', minProperties: 1 });

export type Attribution = z.infer<typeof attributionSchema>;

export const POD_HEADER = 'x-evenkeel-pod';
export const UPSTREAM_HEADER = 'x-evenkeel-upstream';
export const RUN_HEADER = 'x-evenkeel-run';
