import { clipped } from '@evenkeel/contract/inputBounds';
import type { Problem } from '@evenkeel/contract/problem';
import { Refusal } from '@evenkeel/contract/refusal';
import { seen } from '@evenkeel/contract/unseenText';
import type { z } from 'zod';
import type { Caller, Checked, RawRequest } from './route.ts';

type FieldError = NonNullable<Problem['errors']>[number];

const MAX_ERRORS = 20;

interface Schemas<P, Q, H, B> {
  readonly params?: P;
  readonly query?: Q;
  readonly headers?: H;
  readonly body?: B;
}

/** Checks all parts of a request at once, so that a person sees everything that is wrong the first time. */
export function parseRequest<P extends z.ZodType, Q extends z.ZodType, H extends z.ZodType, B extends z.ZodType>(
  schemas: Schemas<P, Q, H, B>,
  raw: RawRequest,
  caller: Caller
): Checked<P, Q, H, B> {
  const errors: FieldError[] = [];
  const checked = <S extends z.ZodType>(schema: S | undefined, value: unknown, place: string): z.infer<S> => {
    if (schema === undefined) {
      refuseUnknown(value, place, errors);
      return undefined as z.infer<S>;
    }
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    errors.push(...result.error.issues.flatMap((issue) => fieldErrors(issue, place)));
    return undefined as z.infer<S>;
  };
  const request = {
    ...caller,
    params: checked(schemas.params, raw.params, 'path'),
    query: checked(schemas.query, raw.query, 'query'),
    headers: schemas.headers ? checked(schemas.headers, picked(schemas.headers, raw.headers), 'header') : undefined,
    body: schemas.body ? checked(schemas.body, raw.body, 'body') : undefined,
  } as Checked<P, Q, H, B>;
  if (errors.length > 0) throw invalid(errors);
  return request;
}

function invalid(errors: readonly FieldError[]): Refusal {
  const shown = errors.slice(0, MAX_ERRORS);
  const more = errors.length > shown.length ? `; and ${errors.length - shown.length} more` : '';
  return new Refusal(
    'invalid-request',
    `${shown.map(({ field, message }) => `${field}: ${message}`).join('; ')}${more}`,
    { errors: shown }
  );
}

/** A query parameter on a route that knows none is a mistake worth telling. */
function refuseUnknown(value: unknown, place: string, errors: FieldError[]): void {
  if (place !== 'query') return;
  for (const name of Object.keys(value as object)) {
    errors.push({ field: `query.${repeated(name)}`, message: 'is not known here' });
  }
}

/** Of all the headers only those that the route asks for: the others are none of its business. */
function picked(schema: z.ZodType, headers: RawRequest['headers']): Record<string, unknown> {
  const names = Object.keys((schema as unknown as z.ZodObject).shape);
  return Object.fromEntries(names.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]]])));
}

function fieldErrors(issue: z.core.$ZodIssue, place: string): FieldError[] {
  const at = (path: readonly PropertyKey[]) => [place, ...path.map((part) => repeated(String(part)))].join('.');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ field: at([...issue.path, key]), message: 'is not known here' }));
  }
  if (issue.code === 'too_big') {
    const limit = Number(issue.maximum);
    return [{ field: at(issue.path), message: `must be at most ${limit}${unitOf(issue.origin)}`, limit }];
  }
  if (issue.code === 'too_small') {
    const limit = Number(issue.minimum);
    return [{ field: at(issue.path), message: `must be at least ${limit}${unitOf(issue.origin)}`, limit }];
  }
  if (issue.code === 'invalid_value') {
    const allowed = issue.values.map(String).join(', ');
    return [{ field: at(issue.path), message: `must be one of ${allowed}`, limit: allowed }];
  }
  if (issue.code === 'invalid_type') {
    const missing = issue.input === undefined && issue.message.includes('undefined');
    return [{ field: at(issue.path), message: missing ? 'is missing' : `must be ${issue.expected}` }];
  }
  return [{ field: at(issue.path), message: issue.message }];
}

function unitOf(origin: string): string {
  if (origin === 'string') return ' characters long';
  return origin === 'array' || origin === 'set' || origin === 'map' ? ' entries long' : '';
}

/** Names come from the request: they are repeated, but not at any length. */
const repeated = (name: string): string => seen(clipped(name));
