import type { IncomingMessage } from 'node:http';
import { isHopByHop, nominated } from './hopByHop.ts';

/** What is wrong with a request that must not be forwarded: the status to answer with. */
export class RefusedRequest extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export interface ForwardedRequest {
  readonly path: string;
  /** Names and values in turn, as they came, without what concerns only the client's connection. */
  readonly headers: string[];
  readonly hasBody: boolean;
}

/**
 * What goes on to the pod. The body's framing is decided anew: by Content-Length when there is one, else chunked.
 * @throws RefusedRequest
 */
export function forwardedRequest(request: IncomingMessage): ForwardedRequest {
  const { rawHeaders } = request;
  const given = request.headers;
  let path = request.url!;
  let authority: string | null = null;
  if (path.charCodeAt(0) !== 0x2f) {
    const absolute = /^http:\/\/([^/?#@]+)([/?][^#]*)?$/i.exec(path);
    if (absolute === null) throw new RefusedRequest(400, 'the request target must be a path or an http URL');
    authority = absolute[1]!;
    path = absolute[2] ?? '/';
    if (path[0] === '?') path = `/${path}`;
  }
  const coding = given['transfer-encoding'];
  if (coding !== undefined && coding.trim().toLowerCase() !== 'chunked') {
    throw new RefusedRequest(501, `the transfer coding "${coding}" is not known here`);
  }
  const extra = nominated(given.connection);
  const headers: string[] = [];
  let forwardedFor = '';
  let hosts = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]!;
    const lower = name.toLowerCase();
    if (isHopByHop(lower) || lower === 'expect' || extra?.has(lower)) continue;
    const value = rawHeaders[at + 1]!;
    if (lower === 'host') {
      // RFC 9112 §3.2: two hosts are two requests for whoever reads the other one.
      if (hosts++ > 0) throw new RefusedRequest(400, 'the request has more than one Host field');
      if (authority !== null) continue;
    }
    if (lower === 'x-forwarded-for') {
      forwardedFor += `${value}, `;
      continue;
    }
    headers.push(name, value);
  }
  // RFC 9112 §3.2.2: the authority of an absolute target replaces the Host field.
  if (authority !== null) headers.push('Host', authority);
  headers.push('X-Forwarded-For', forwardedFor + (request.socket.remoteAddress ?? 'unknown'));
  headers.push('Via', `${request.httpVersion} evenkeel`);
  const hasBody = coding !== undefined || Number(given['content-length'] ?? 0) > 0;
  return { path, headers, hasBody };
}
