import { randomUUID } from 'node:crypto';
import { Refusal } from '@evenkeel/contract/refusal';
import { includesRole } from '@evenkeel/contract/role';
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import helmet from 'helmet';
import { sendParts } from './answerParts.ts';
import type { Authenticator } from './authenticator.ts';
import { NOBODY } from './identity.ts';
import type { OriginGuard } from './originGuard.ts';
import { anyQueryOf, checkPath, queryOf } from './pathGuard.ts';
import { problemOf, refusalOf, sendProblem } from './problemResponse.ts';
import { FAILED_ATTEMPTS, FailedAttempts, type RateBudgets, type RequestLocals, rateLimiters } from './rateLimits.ts';
import { anyBody, BODY_LIMIT, parseBody } from './requestBody.ts';
import { isWrite, lowestRole, needsNoToken, type Reply, type Route } from './route.ts';
import type { Services } from './services.ts';
import { urgentTurn } from './urgentTurn.ts';

export interface RequestLog {
  /** Something that an operator should see. */
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  debug(fields: object, message: string): void;
}

export interface AppParts {
  readonly routes: readonly Route[];
  readonly services: Pick<Services, 'audit' | 'now' | 'openMetrics'>;
  readonly authenticator: Authenticator;
  readonly origins: OriginGuard;
  readonly budgets: RateBudgets;
  readonly log: RequestLog;
}

type Locals = RequestLocals & { object?: string };

/**
 * The HTTP surface, made from the route table. Every request passes the same gates in the same order: path, origin, route
 * (404, 405), who (401), rate (429), role (403), body (413, 415, 400), schemas (400), handler; and every change is recorded.
 */
export function createApp(parts: AppParts): Express {
  const { routes, services, authenticator, origins, log } = parts;
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', false);
  app.set('case sensitive routing', true);
  app.set('strict routing', true);

  app.use((request, response, next) => {
    response.locals.requestId = randomUUID();
    response.setHeader('X-Request-Id', response.locals.requestId);
    response.setHeader('Cache-Control', 'no-store');
    checkPath(request.url);
    origins.check(request);
    next();
  });
  app.use(
    helmet({
      contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
      // Whoever terminates TLS in front of the service decides about this.
      strictTransportSecurity: false,
    })
  );

  const limiters = rateLimiters(parts.budgets);
  const failed = new FailedAttempts();
  const raw = express.raw({ limit: BODY_LIMIT, inflate: false, type: () => true });

  const byPath = new Map<string, Route[]>();
  for (const route of routes) byPath.set(route.path, [...(byPath.get(route.path) ?? []), route]);

  for (const [path, group] of byPath) {
    const pattern = path.replace(/\{(\w+)\}/g, ':$1');
    for (const route of group) {
      app[route.method](
        pattern,
        (request, response, next) => signIn(route, request, response).then(() => next(), next),
        limiters[route.rate],
        (_request, response, next) => {
          checkRole(route, response.locals as Locals);
          next();
        },
        (request, response, next) => readBody(route, request, response, next),
        // Requests that come at once are answered in a turn of the event loop each.
        (request, _response, next) => void urgentTurn(request.socket, route.mustComeThrough).then(() => next()),
        (request, response, next) => answer(route, request, response).catch(next)
      );
    }
    const allow = group
      .flatMap(({ method }) => (method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()]))
      .join(', ');
    app.all(pattern, (request, response) => {
      response.setHeader('Allow', allow);
      throw new Refusal('wrong-method', `${request.method.slice(0, 20)} is not known here; use ${allow}.`);
    });
  }
  app.use(() => {
    throw new Refusal('not-found', 'There is no such path; GET /api/v1/openapi.json lists those that there are.');
  });
  app.use((error: unknown, request: Request, response: Response, _next: NextFunction) =>
    refuse(error, request, response)
  );
  return app;

  async function signIn(route: Route, request: Request, response: Response): Promise<void> {
    const locals = response.locals as Locals;
    if (needsNoToken(route, services.openMetrics)) return;
    try {
      locals.identity = await authenticator.identify(request, {
        write: isWrite(route),
        safeDirection: route.safeDirection ?? false,
      });
    } catch (error) {
      if (!(error instanceof Refusal) || error.problem !== 'not-signed-in') throw error;
      const address = request.socket.remoteAddress ?? '';
      const attempts = failed.count(address);
      const said =
        attempts > FAILED_ATTEMPTS ? 'More wrong tokens of this address are not logged in this minute.' : error.message;
      // Past the bound once more: an address must not fill the log either.
      if (attempts <= FAILED_ATTEMPTS + 1) log.warn({ requestId: locals.requestId, address, path: route.path }, said);
      if (attempts <= FAILED_ATTEMPTS) throw error;
      throw new Refusal('too-many-requests', 'Too many wrong tokens came from this address.', {
        retryAfterSeconds: 60,
      });
    }
  }

  function checkRole(route: Route, locals: Locals): void {
    const { identity } = locals;
    if (route.access === 'public' || identity === undefined) return;
    if (route.access === 'signed-in' && !identity.verified && !includesRole(identity.role, 'Editor')) {
      throw new Refusal('role-too-low', `${identity.doubt} This needs somebody who signed in, or an Editor.`);
    }
    const needed = lowestRole(route.access);
    if (includesRole(identity.role, needed)) return;
    const doubt = identity.doubt === undefined ? '' : `${identity.doubt} `;
    throw new Refusal('role-too-low', `${doubt}This needs the role ${needed}; yours is ${identity.role}.`);
  }

  function readBody(route: Route, request: Request, response: Response, next: NextFunction): void {
    const empty =
      request.headers['transfer-encoding'] === undefined && !(Number(request.headers['content-length']) > 0);
    if (!isWrite(route) || empty) {
      request.body = undefined;
      next();
      return;
    }
    if (route.safeDirection) {
      raw(request, response, (error?: unknown) => {
        // Compressed: it stays unread.
        if (refusalOf(error, BODY_LIMIT)?.problem !== 'not-json') return next(error);
        request.body = Buffer.from('null');
        next();
      });
      return;
    }
    const type = request.headers['content-type'] ?? '';
    if (!/^application\/json\s*(;\s*charset\s*=\s*"?utf-8"?\s*)?$/i.test(type)) {
      throw new Refusal('not-json', 'Send JSON, with the header "Content-Type: application/json".');
    }
    raw(request, response, next);
  }

  async function answer(route: Route, request: Request, response: Response): Promise<void> {
    const locals = response.locals as Locals;
    const identity = locals.identity ?? NOBODY;
    const [readQuery, readBytes] = route.safeDirection ? [anyQueryOf, anyBody] : [queryOf, parseBody];
    const body = Buffer.isBuffer(request.body) ? readBytes(request.body) : route.bodyOptional ? {} : undefined;
    const reply = await route.answer(
      { params: request.params, query: readQuery(request.url), headers: request.headers, body },
      {
        identity,
        requestId: locals.requestId,
        actsOn: (object) => {
          locals.object = object;
        },
      }
    );
    record(route.method, request, locals, reply.status, 'done');
    await send(reply, request, response);
  }

  async function send(reply: Reply, request: Request, response: Response): Promise<void> {
    for (const [name, value] of Object.entries(reply.headers ?? {})) response.setHeader(name, value);
    if (reply.stream && request.method !== 'HEAD') {
      reply.stream(response);
      return;
    }
    response.statusCode = reply.status;
    if (reply.parts !== undefined) {
      response.setHeader('Content-Type', reply.parts.type);
      if (request.method === 'HEAD') response.end();
      else await sendParts(response, reply.parts.body);
    } else if (reply.json !== undefined) {
      response.setHeader('Content-Type', 'application/json; charset=utf-8');
      response.end(JSON.stringify(reply.json));
    } else if (reply.text) {
      response.setHeader('Content-Type', reply.text.type);
      response.end(reply.text.body);
    } else {
      response.end();
    }
  }

  function refuse(error: unknown, request: Request, response: Response): void {
    const locals = response.locals as Locals;
    let refusal = refusalOf(error, BODY_LIMIT);
    if (refusal === null) {
      // A body that broke off has nobody left to answer.
      if ((error as { type?: unknown } | null)?.type === 'request.aborted') return;
      log.error(
        { requestId: locals.requestId, path: request.path, err: error },
        'a request ended in a mistake of ours'
      );
      refusal = new Refusal(
        'internal-error',
        `The service made a mistake; its log has the details under ${locals.requestId}.`
      );
    }
    if (locals.identity && refusal.problem !== 'too-many-requests' && refusal.problem !== 'wrong-method') {
      record(request.method.toLowerCase(), request, locals, refusal.status, refusal.message);
    }
    sendProblem(response, problemOf(refusal, locals.requestId));
  }

  /** Writes the audit log. It must not undo what was done: a failure shows in the log and in readiness. */
  function record(method: string, request: Request, locals: Locals, status: number, outcome: string): void {
    if (method === 'get' || method === 'head' || !locals.identity) return;
    const { subject, role, verified } = locals.identity;
    const entry = {
      at: services.now(),
      subject,
      role,
      verified,
      action: `${method.toUpperCase()} ${request.path}`,
      object: (locals.object ?? '').slice(0, 500),
      status,
      outcome: outcome.slice(0, 500),
      requestId: locals.requestId,
    };
    try {
      services.audit.add(entry);
    } catch (error) {
      log.error({ ...entry, err: error }, 'the audit log could not be written');
    }
  }
}
