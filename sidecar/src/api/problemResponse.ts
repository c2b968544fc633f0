import type { ServerResponse } from 'node:http';
import { PROBLEMS, type Problem, problemType } from '@evenkeel/contract/problem';
import { Refusal } from '@evenkeel/contract/refusal';
import { StoreFailure } from '../runs/ports/runStore.ts';

export const PROBLEM_TYPE = 'application/problem+json';

export function problemOf(refusal: Refusal, requestId?: string): Problem {
  const { status, title } = PROBLEMS[refusal.problem];
  return {
    type: problemType(refusal.problem),
    title,
    status,
    detail: refusal.message,
    ...refusal.extras,
    ...(requestId === undefined ? {} : { requestId }),
  };
}

/** Answers with a problem. Nothing is written when the answer has begun already. */
export function sendProblem(response: ServerResponse, problem: Problem): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.statusCode = problem.status;
  response.setHeader('Content-Type', PROBLEM_TYPE);
  response.setHeader('Cache-Control', 'no-store');
  if (problem.retryAfterSeconds !== undefined) response.setHeader('Retry-After', String(problem.retryAfterSeconds));
  if (problem.status === 401) response.setHeader('WWW-Authenticate', 'Bearer realm="evenkeel"');
  response.end(JSON.stringify(problem));
}

/** What went wrong in reading the body, by the reader's own word for it. */
const BODY_ERRORS: Readonly<Record<string, (limit: number) => Refusal>> = {
  'entity.too.large': (limit) =>
    new Refusal('too-large', `The body is larger than ${limit} bytes.`, {
      errors: [{ field: 'body', message: `must be at most ${limit} bytes`, limit }],
    }),
  'request.size.invalid': () =>
    new Refusal('invalid-request', 'body: is not as long as Content-Length says', bodyError('has another length')),
  'encoding.unsupported': () =>
    new Refusal('not-json', 'The body is compressed; send it as it is, without Content-Encoding.'),
  'charset.unsupported': () => new Refusal('not-json', 'The body must be JSON in UTF-8.'),
};

const bodyError = (message: string) => ({ errors: [{ field: 'body', message }] });

/** Turns whatever was thrown into a refusal; null when it is a mistake of ours. */
export function refusalOf(error: unknown, bodyLimit: number): Refusal | null {
  if (error instanceof Refusal) return error;
  if (error instanceof StoreFailure) return new Refusal('not-ready', error.message, { retryAfterSeconds: 10 });
  const type = (error as { type?: unknown } | null)?.type;
  if (typeof type === 'string' && Object.hasOwn(BODY_ERRORS, type)) return BODY_ERRORS[type]!(bodyLimit);
  if (error instanceof URIError) return new Refusal('bad-path', 'The path holds a malformed escape.');
  return null;
}
