import type { RequestPlan } from './requestPlan.ts';

/** A request of HTTP/1.1 as it goes over a socket; `last` announces that no other follows over the connection. */
export function http1Request(plan: RequestPlan, last: boolean): Buffer {
  const { method, path, authority, headers, body, contentLength } = plan;
  const lines = [`${method} ${path} HTTP/1.1`, `host: ${authority}`, `connection: ${last ? 'close' : 'keep-alive'}`];
  for (let i = 0; i < headers.length; i += 2) lines.push(`${headers[i]}: ${headers[i + 1]}`);
  if (contentLength !== null) lines.push(`content-length: ${contentLength}`);
  const head = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
  return body === null ? head : Buffer.concat([head, body]);
}
