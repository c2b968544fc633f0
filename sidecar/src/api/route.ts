import type { IncomingMessage, ServerResponse } from 'node:http';
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
 * Who may: somebody in a role, or everybody. `scrape` is a Viewer, unless the operator opened the metrics. `signed-in` is anybody
 * who is proven to be somebody, and an Editor without that proof.
 */
export type Access = Role | 'public' | 'scrape' | 'signed-in';

/** The lowest role in which a request may pass. */
export const lowestRole = (access: Access): Role =>
  access === 'public' || access === 'scrape' || access === 'signed-in' ? 'Viewer' : access;

export interface DocumentedResponse {
  readonly description: string;
  /** Of the types that are JSON, and of the events of a stream. Without it the response has no body, or text of `types`. */
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
  /** A body that may be long, in parts that are made one after another. */
  readonly parts?: { readonly type: string; readonly body: Iterable<string | Buffer> };
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
  /** In the safe direction (stop everything): not refused only because an identity cannot be verified, nor for what it says. */
  readonly safeDirection?: boolean;
  /** Answered before all others, and while there are too many connections; the stop before health and metrics. */
  readonly mustComeThrough?: 'stop' | 'health';
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

/**
 * Whether a request asks for a route that must always come through, and which kind; told from its head alone. Who has no token that the
 * route asks for has no priority there either, or anybody could stand in the way of those who do.
 */
export function comingThrough(
  routes: readonly Route[],
  hasToken: (request: IncomingMessage) => boolean,
  openMetrics: boolean
): (request: IncomingMessage) => Route['mustComeThrough'] {
  const known = new Map<string, Route>();
  for (const route of routes.filter(({ mustComeThrough }) => mustComeThrough !== undefined)) {
    known.set(`${route.method.toUpperCase()} ${route.path}`, route);
    if (route.method === 'get') known.set(`HEAD ${route.path}`, route);
  }
  return (request) => {
    const { method, url = '' } = request;
    const route = known.get(`${method} ${url.split('?', 1)[0]}`);
    if (route === undefined || needsNoToken(route, openMetrics) || hasToken(request)) return route?.mustComeThrough;
    return undefined;
  };
}

/** Whether a route is for everybody, also without a token. */
export const needsNoToken = ({ access }: Pick<Route, 'access'>, openMetrics: boolean): boolean =>
  access === 'public' || (access === 'scrape' && openMetrics);

export const isWrite = (route: Pick<Route, 'method'>): boolean => route.method !== 'get';
