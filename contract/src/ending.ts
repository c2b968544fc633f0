import { z } from 'zod';
import { FAILURE_NAMES } from './failures.ts';
import { podIdSchema } from './ids.ts';
import { MAX_EXAMPLE_LENGTH } from './limits.ts';
import { OUTCOMES } from './outcomes.ts';

/** One request that ended so. */
export const endingExampleSchema = z
  .strictObject({
    /** The first line of the answer, or what went wrong in the words of whoever noticed. */
    text: z.string().max(MAX_EXAMPLE_LENGTH),
    /** Where the request went, `IP:port`; null when that is not known. */
    address: z.string().nullable(),
    pod: podIdSchema.nullable(),
  })
  .meta({ id: 'EndingExample' });

/** How requests ended, finer than their outcome: by status code, or by kind of failure where no answer could be read. */
export const endingSchema = z
  .strictObject({
    status: z.int().min(100).max(999).nullable(),
    failure: z.enum(FAILURE_NAMES as [(typeof FAILURE_NAMES)[number]]).nullable(),
    outcome: z.enum(OUTCOMES),
    count: z.int().min(1),
    example: endingExampleSchema.nullable(),
  })
  .meta({ id: 'Ending' });

export type EndingExample = z.infer<typeof endingExampleSchema>;
export type Ending = z.infer<typeof endingSchema>;

/** What came of the requests to one address of the target. */
export const addressReportSchema = z
  .strictObject({
    /** `IP:port`. */
    address: z.string(),
    answered: z.int().min(0),
    /** Requests without an answer that could be read: not connected, cut off by the time-out, reset, not HTTP. */
    unanswered: z.int().min(0),
  })
  .meta({ id: 'AddressReport' });

export type AddressReport = z.infer<typeof addressReportSchema>;
