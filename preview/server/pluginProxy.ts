import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Role } from '@evenkeel/contract/role';
import { matchRoute } from './matchRoute.ts';
import type { ProxyRoute } from './pluginManifest.ts';
import { fillTemplate, type TemplateData } from './template.ts';

/** Never forwarded: hop-by-hop headers, the session, and what Grafana removes so that a service cannot be fooled. */
const NOT_FORWARDED = new Set([
  'host',
  'connection',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
  'te',
  'trailer',
  'cookie',
  'origin',
  'referer',
  'x-forwarded-host',
  'x-forwarded-port',
  'x-forwarded-proto',
  'x-grafana-user',
  'x-grafana-context',
  'x-grafana-id',
]);
const NOT_RETURNED = new Set(['set-cookie', 'connection', 'keep-alive', 'transfer-encoding']);

export interface ProxyOptions {
  readonly routes: readonly ProxyRoute[];
  readonly data: TemplateData;
  readonly role: Role;
  /** Signed identity of whoever asks. */
  readonly identity?: string;
  /** Path below `/api/plugin-proxy/<id>/`, without the query. */
  readonly path: string;
  /** Query with its `?`, or ''. */
  readonly query: string;
}

function requestHeaders(from: IncomingHttpHeaders, route: ProxyRoute, options: ProxyOptions): IncomingHttpHeaders {
  const headers: IncomingHttpHeaders = {};
  for (const [name, value] of Object.entries(from)) if (!NOT_FORWARDED.has(name)) headers[name] = value;
  const login = options.role.toLowerCase();
  headers['x-grafana-context'] = JSON.stringify({ login, orgRole: options.role });
  if (options.identity !== undefined) headers['x-grafana-id'] = options.identity;
  for (const { name, content } of route.headers) headers[name.toLowerCase()] = fillTemplate(content, options.data);
  return headers;
}

function refuse(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ message }));
}

/** `url` with `path` appended, one slash between them. */
const joinUrl = (url: string, path: string) => (path ? `${url.replace(/\/$/, '')}/${path.replace(/^\//, '')}` : url);

/**
 * Whether a service could read the path as another one than the routes were matched with: it folds dot segments (the parser of URLs
 * does so before anything is sent), may decode dots and slashes, takes a backslash for a slash, and drops tabs, line breaks
 * and what follows a `#`.
 */
function isAmbiguous(path: string): boolean {
  if (/[\\\s#]|%(?:2f|5c|0[09ad])|\/\//i.test(path)) return true;
  return path.split('/').some((segment) => /^(?:\.|%2e){1,2}(?:;|%3b|$)/i.test(segment));
}

/** Does with one request what Grafana's plugin proxy does with it. */
export function proxyRequest(request: IncomingMessage, response: ServerResponse, options: ProxyOptions): void {
  if (isAmbiguous(`/${options.path}`)) {
    refuse(
      response,
      400,
      'the path must hold no . or .. segment, no //, \\ or #, no white space, and no encoded form of them'
    );
    return;
  }
  const match = matchRoute(options.routes, request.method ?? 'GET', options.path, options.role);
  if (match.kind === 'no-route') {
    refuse(response, 404, 'plugin route match not found');
    return;
  }
  if (match.kind === 'denied') {
    refuse(response, 403, 'plugin proxy route access denied');
    return;
  }

  let url: URL;
  try {
    url = new URL(joinUrl(fillTemplate(match.route.url, options.data), match.path) + options.query);
    if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new Error('unsupported protocol scheme');
  } catch {
    response.writeHead(502).end();
    return;
  }
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const upstream = send(url, {
    method: request.method,
    headers: requestHeaders(request.headers, match.route, options),
  });
  upstream.on('response', (answer) => {
    const headers: IncomingHttpHeaders = {};
    for (const [name, value] of Object.entries(answer.headers)) if (!NOT_RETURNED.has(name)) headers[name] = value;
    headers['content-security-policy'] = 'sandbox';
    response.writeHead(answer.statusCode ?? 502, headers);
    // Events must reach the page one by one: headers at once, every chunk as it comes.
    response.flushHeaders();
    answer.pipe(response);
    answer.on('error', () => response.destroy());
  });
  upstream.on('error', () => {
    if (response.headersSent) response.destroy();
    else response.writeHead(502).end();
  });
  response.on('close', () => upstream.destroy());
  request.pipe(upstream);
}
