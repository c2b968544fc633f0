import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { Refusal } from '@evenkeel/contract/refusal';
import { loopTurn } from '../pacing/loopTurn.ts';
import { type Connections, WAITS_FOR_PEER } from './connectionLimits.ts';
import { PROBLEM_TYPE, problemOf, sendProblem } from './problemResponse.ts';
import { urgentTurn } from './urgentTurn.ts';

/** Connections that are taken in at once, at most: fewer than one peer may have, or the last would drop the first before they are read. */
const BACKLOG = 511;
/** Bytes that the parser is given at once: two dozen of the shortest requests. */
const SLICE = 1024;
/** How long a refused connection is still read, so that its end does not overtake the answer. */
const LINGER_MS = 1000;
/** Without a byte in either direction for this long, a request or its answer is given up. Event streams have heartbeats. */
const SILENCE_MS = 60_000;

const malformed = JSON.stringify(
  problemOf(new Refusal('invalid-request', 'This is not a well-formed HTTP request, or its head is too large or late.'))
);
const MALFORMED = `HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Type: ${PROBLEM_TYPE}\r\nContent-Length: ${malformed.length}\r\n\r\n${malformed}`;

export interface ServerPatience {
  /** For the head of a request, from the first moment of the connection or of the wait for it, in milliseconds. */
  readonly headMs: number;
  /** For a whole request, in milliseconds. */
  readonly requestMs: number;
  /** How often is looked who is late, in milliseconds. */
  readonly lookEveryMs: number;
}

export const PATIENCE: ServerPatience = { headMs: 10_000, requestMs: 30_000, lookEveryMs: 1000 };

/**
 * An HTTP server that nobody can hold up: connections are bounded, and requests that are slow, endless or malformed are ended. Each
 * request gets a turn of the event loop of its own; `mustComeThrough` says which go before all others, and over the reserve.
 */
export function boundedServer(
  listener: RequestListener,
  mustComeThrough: (request: IncomingMessage) => 'stop' | 'health' | undefined,
  connections: Connections,
  patience: ServerPatience = PATIENCE
): Server {
  /** Connections that asked for more than they wait for: nothing of them is read any more. */
  const greedy = new WeakSet<Socket>();
  const server = createServer(
    {
      maxHeaderSize: 16 * 1024,
      headersTimeout: patience.headMs,
      requestTimeout: patience.requestMs,
      connectionsCheckingInterval: patience.lookEveryMs,
      keepAliveTimeout: 65_000,
      // A request without Host is refused with all others of an unknown one, in our own words.
      requireHostHeader: false,
    },
    (request, response) => {
      const { socket } = request;
      // What was read together with the request that ended the connection comes here too.
      if (socket.destroyed || greedy.has(socket)) return;
      if (!connections.begins(socket)) {
        // Not at once: hundreds of such connections may come in one turn of the loop, and Node ends each of their requests.
        if (!greedy.has(socket)) void loopTurn('health').then(() => socket.destroy());
        greedy.add(socket);
        return;
      }
      follow(request, response);
      const urgent = mustComeThrough(request);
      void urgentTurn(socket, urgent).then(() => {
        if (socket.destroyed || greedy.has(socket)) return;
        if (connections.isReserve(socket) && urgent === undefined) refuseReserve(response);
        else listener(request, response);
      });
    }
  );
  server.timeout = SILENCE_MS;
  server.on('connection', (socket: Socket) => {
    connections.add(socket);
    parseInSlices(socket, greedy);
  });
  const refused = new WeakSet<object>();
  server.on('clientError', (_error, socket) => {
    if (refused.has(socket)) return;
    refused.add(socket);
    if (!socket.writable) {
      socket.destroy();
      return;
    }
    socket.end(MALFORMED);
    // Ended is not closed: without this the other side could keep half of it open for ever.
    setTimeout(() => socket.destroy(), LINGER_MS).unref();
  });
  return server;

  /** A connection waits for its peer until the request is there in full, and again once the answer is only to be read. */
  function follow(request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request;
    if (request.complete || !hasBody(request)) connections.works(socket);
    else request.once('end', () => connections.works(socket));
    response.once('prefinish', () => connections.waits(socket));
    response.on(WAITS_FOR_PEER, (waits: boolean) => (waits ? connections.waits(socket) : connections.works(socket)));
    response.once('close', () => connections.answered(socket));
  }
}

/**
 * Gives what is read to the parser in slices. At once it would make a request of every one that was read, a thousand for each of
 * hundreds of connections, before anybody could say that it is enough.
 */
function parseInSlices(socket: Socket, greedy: WeakSet<Socket>): void {
  const [parse] = socket.listeners('data') as ((slice: Buffer) => void)[];
  if (parse === undefined) return;
  socket.removeListener('data', parse);
  socket.on('data', (chunk: Buffer) => {
    for (let at = 0; at < chunk.length; at += SLICE) {
      if (socket.destroyed || greedy.has(socket)) return;
      parse.call(socket, chunk.subarray(at, at + SLICE));
      if (socket.isPaused()) {
        if (at + SLICE < chunk.length) socket.unshift(chunk.subarray(at + SLICE));
        return;
      }
    }
  });
}

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

function refuseReserve(response: ServerResponse): void {
  response.setHeader('Connection', 'close');
  const refusal = new Refusal(
    'overloaded',
    'Too many connections are open; only health, metrics and the emergency stop are answered until some are closed.',
    { retryAfterSeconds: 5 }
  );
  sendProblem(response, problemOf(refusal));
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
    server.listen({ port, host: host.replace(/^\[|\]$/g, ''), backlog: BACKLOG }, () =>
      resolve((server.address() as AddressInfo).port)
    );
  });
}
