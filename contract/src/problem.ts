import { z } from 'zod';
import { idSchema } from './ids.ts';

/** Every way in which the service refuses. The word is stable; the title and the detail are for people and may change. */
export const PROBLEMS = {
  'invalid-request': { status: 400, title: 'The request is not valid' },
  'bad-path': { status: 400, title: 'The path is not acceptable' },
  'not-signed-in': { status: 401, title: 'A valid token is needed' },
  'role-too-low': { status: 403, title: 'Your role does not allow this' },
  'wrong-origin': { status: 403, title: 'The request came from another site or for another host' },
  'not-found': { status: 404, title: 'There is nothing here' },
  'wrong-method': { status: 405, title: 'This path does not know this method' },
  'target-busy': { status: 409, title: 'A run is active on this target' },
  'safety-engaged': { status: 409, title: 'The safety lever is engaged' },
  'wrong-state': { status: 409, title: 'This is not possible in the present state' },
  'fault-refused': { status: 409, title: 'The fault is not allowed now' },
  'read-only': { status: 409, title: 'This is built in and cannot be changed' },
  'target-refused': { status: 422, title: 'The target is not on the allow-list' },
  'key-reused': { status: 422, title: 'The Idempotency-Key was used for another request' },
  'too-large': { status: 413, title: 'The request body is too large' },
  'not-json': { status: 415, title: 'The request body must be JSON' },
  'too-many-requests': { status: 429, title: 'Too many requests' },
  'too-many-streams': { status: 503, title: 'Too many event streams are open' },
  overloaded: { status: 503, title: 'The service is at its limit' },
  'not-ready': { status: 503, title: 'The service is not ready' },
  'identity-unavailable': { status: 503, title: 'Who you are cannot be verified now' },
  'internal-error': { status: 500, title: 'The service made a mistake' },
} as const;

export type ProblemName = keyof typeof PROBLEMS;
export const PROBLEM_NAMES = Object.keys(PROBLEMS) as ProblemName[];

const PREFIX = 'urn:evenkeel:problem:';

/** The `type` of a problem: `urn:evenkeel:problem:target-busy`. */
export const problemType = (name: ProblemName): string => `${PREFIX}${name}`;

/** The name in a problem's `type`; null when it is not one of ours (a proxy answered, or another version). */
export function problemName(type: string): ProblemName | null {
  const name = type.startsWith(PREFIX) ? type.slice(PREFIX.length) : '';
  return name in PROBLEMS ? (name as ProblemName) : null;
}

/** Body of every answer that is not a success, `application/problem+json` (RFC 9457). */
export const problemSchema = z
  .strictObject({
    type: z.string().describe('Stable: urn:evenkeel:problem:<name>'),
    title: z.string(),
    status: z.int().min(400).max(599),
    /** What was wrong, where, and what to do. */
    detail: z.string(),
    /** One entry for each field that was refused, all at once. */
    errors: z
      .array(
        z.strictObject({
          /** Where: `scenario.load.users`, `query.limit`, `path.id`, `header.idempotency-key`. */
          field: z.string(),
          message: z.string(),
          /** The bound that was passed, when there is one. */
          limit: z.union([z.number(), z.string()]).optional(),
        })
      )
      .optional(),
    /** The run that stands in the way (`target-busy`). */
    runId: idSchema.optional(),
    /** Seconds after which a further try makes sense. */
    retryAfterSeconds: z.int().min(0).optional(),
    /** Names this request in the service's log. */
    requestId: z.string().optional(),
  })
  .meta({ id: 'Problem' });

export type Problem = z.infer<typeof problemSchema>;
