import {
  createSecureServer,
  createServer,
  type Http2SecureServer,
  type Http2Server,
  type Http2Session,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
  type Settings,
} from 'node:http2';
import type { AddressInfo } from 'node:net';
import { LOOPBACK_CERTIFICATE, LOOPBACK_KEY } from '../../testing/loopbackCertificate.ts';

/** Node's own HTTP/2 server, an implementation that shares nothing with the transport under test. */
export interface Http2Target {
  readonly url: string;
  readonly server: Http2Server | Http2SecureServer;
  /** Every session that was ever made, with its requests, in order. Those without a request count too. */
  readonly sessions: { readonly session: Http2Session; requests: number }[];
  close(): Promise<void>;
}

/** `raw` has the names and values in turn as they came, each byte a character. */
export type Answer = (
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  body: string,
  raw: readonly string[]
) => void;

export async function http2Target(
  answer: Answer,
  { secure = false, settings = {} }: { secure?: boolean; settings?: Settings } = {}
): Promise<Http2Target> {
  const server = secure
    ? createSecureServer({ key: LOOPBACK_KEY, cert: LOOPBACK_CERTIFICATE, settings })
    : createServer({ settings });
  const sessions: { session: Http2Session; requests: number }[] = [];
  server.on('session', (session: Http2Session) => {
    sessions.push({ session, requests: 0 });
    session.on('error', () => {});
  });
  server.on('sessionError', () => {});
  server.on('stream', (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, _flags: number, raw: string[]) => {
    sessions.find(({ session }) => session === stream.session)!.requests++;
    let body = '';
    stream.setEncoding('utf8');
    stream.on('error', () => {});
    stream.on('data', (chunk) => {
      body += chunk;
    });
    stream.on('end', () => answer(stream, headers, body, raw));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `${secure ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    server,
    sessions,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const { session } of sessions) session.destroy();
      }),
  };
}
