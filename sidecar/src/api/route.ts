import type { ServerResponse } from 'node:http';
import type { ProblemName } from '@evenkeel/contract/problem';
import type { Role } from '@evenkeel/contract/role';
import type { z } from 'zod';
import type { Identity } from './identity.ts';
import { parseRequest } from './requestParsing.ts';

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** Each class has its own budget per subject and minute. `stop` has none that a person could exhaust. */
export const RATE_CLASSES = ['public', 'read', 'write', 'start', 'stream', 'stop'] as const;
export type RateClass = (typeof RATE_CLASSES)[number];

/**
 * Who may: somebody in a role, or everybody. `scrape` is a Viewer, unless the operator opened the metrics.
 */
export type Access = Role | 'public' | 'scrape';

export interface DocumentedResponse {
  readonly description: string;
  /** Without a schema the response has no body, or one of `type` that is no JSON. */
  readonly schema?: z.ZodType;
  /** Defaults to `application/json`. */
  readonly types?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** The answer of a handler. Exactly one of the bodies, or none. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly text?: { readonly type: string; readonly body: string };
  /** Takes the response over; headers and status are its own business. */
  readonly stream?: (response: ServerResponse) => void;
}

/** A request as it came, not looked at yet. */
export interface RawRequest {
  readonly params: unknown;
  readonly query: unknown;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: unknown;
}

export interface Caller {
  readonly identity: Identity;
  readonly requestId: string;
  /** Says for the audit log what the request acted on, as soon as it is known. */
  actsOn(object: string): void;
}

export interface Checked<P extends z.ZodType, Q extends z.ZodType, H extends z.ZodType, B extends z.ZodType>
  extends Caller {
  readonly params: z.infer<P>;
  readonly query: z.infer<Q>;
  readonly headers: z.infer<H>;
  readonly body: z.infer<B>;
}

interface RouteFacts {
  readonly method: Method;
  /** With `{id}` for parameters, from the root of the service. */
  readonly path: string;
  readonly access: Access;
  readonly rate: RateClass;
  /** Group in the documentation. */
  readonly tag: string;
  /** One line. */
  readonly summary: string;
  readonly description?: string;
  readonly responses: Readonly<Record<number, DocumentedResponse>>;
  /** Refusals beyond those that every route may give. */
  readonly problems?: readonly ProblemName[];
  /** In the safe direction (stop everything): works also while an identity cannot be verified. */
  readonly safeDirection?: boolean;
  /** The body may be missing, which is as good as `{}`. */
  readonly bodyOptional?: boolean;
}

interface RouteSchemas<P, Q, H, B> {
  readonly params?: P;
  readonly query?: Q;
  readonly headers?: H;
  readonly body?: B;
}

/** One line of the route table: everything about a route that wiring, authorisation, documentation and tests need to know. */
export interface Route extends RouteFacts, RouteSchemas<z.ZodObject, z.ZodObject, z.ZodObject, z.ZodType> {
  /** Checks the request against the schemas and answers. Throws a refusal. */
  readonly answer: (raw: RawRequest, caller: Caller) => Reply | Promise<Reply>;
}

/** Ties a handler to the types of its schemas. */
export function route<
  P extends z.ZodObject = z.ZodObject,
  Q extends z.ZodObject = z.ZodObject,
  H extends z.ZodObject = z.ZodObject,
  B extends z.ZodType = z.ZodType,
>(
  definition: RouteFacts &
    RouteSchemas<P, Q, H, B> & { readonly handle: (request: Checked<P, Q, H, B>) => Reply | Promise<Reply> }
): Route {
  const { handle, ...facts } = definition;
  return { ...facts, answer: (raw, caller) => handle(parseRequest(definition, raw, caller)) };
}

export const isWrite = (route: Pick<Route, 'method'>): boolean => route.method !== 'get';
