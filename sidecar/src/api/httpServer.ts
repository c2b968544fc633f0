import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Refusal } from '@evenkeel/contract/refusal';
import { PROBLEM_TYPE, problemOf } from './problemResponse.ts';

/** Enough for every stream and then some; past it the operating system's queue holds connections back. */
const MAX_CONNECTIONS = 2000;

const malformed = JSON.stringify(
  problemOf(new Refusal('invalid-request', 'This is not a well-formed HTTP request, or its head is too large.'))
);
const MALFORMED = `HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Type: ${PROBLEM_TYPE}\r\nContent-Length: ${malformed.length}\r\n\r\n${malformed}`;

/** An HTTP server that nobody can hold up with slow or endless requests. */
export function boundedServer(listener: RequestListener): Server {
  const server = createServer(
    {
      maxHeaderSize: 16 * 1024,
      headersTimeout: 10_000,
      requestTimeout: 30_000,
      keepAliveTimeout: 65_000,
      // A request without Host is refused with all others of an unknown one, in our own words.
      requireHostHeader: false,
    },
    listener
  );
  server.maxConnections = MAX_CONNECTIONS;
  server.on('clientError', (_error, socket) => {
    if (socket.writable) socket.end(MALFORMED);
    else socket.destroy();
  });
  return server;
}

/** Resolves with the port. Rejects with a message for people when the port cannot be had. */
export function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why =
        error.code === 'EADDRINUSE'
          ? 'the port is in use; stop the other program or choose another with EVENKEEL_PORT'
          : error.code === 'EACCES'
            ? 'that port needs more rights; choose one above 1023'
            : error.message;
      reject(new Error(`Cannot listen on ${host}:${port}: ${why}.`));
    });
    server.listen(port, host.replace(/^\[|\]$/g, ''), () => resolve((server.address() as AddressInfo).port));
  });
}
