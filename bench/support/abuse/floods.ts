import { connect, type Socket } from 'node:net';
import type { AbusedService } from './abusedService.ts';

/** What came of the requests that somebody honest made during a flood. */
export interface Witness {
  readonly name: string;
  readonly asked: number;
  readonly answered: number;
  readonly slowestMs: number;
}

export interface FloodResult {
  readonly witnesses: readonly Witness[];
  /** Connections of the flood that the service still holds at its end. */
  readonly held: number;
  readonly heldMs: number;
  readonly peakMb: number;
}

/** Connections that are opened and left by one who reads nothing: what each sends. */
export interface Flood {
  readonly name: string;
  readonly connections: number;
  readonly sent: (i: number) => string;
}

const HOST = 'Host: 127.0.0.1\r\n';

/** `runId` is a run that goes on. */
export function floods(runId: string): Flood[] {
  const body = `Content-Type: application/json\r\nContent-Length: 200000\r\n\r\n{"scenario":`;
  return [
    { name: 'idle connections', connections: 5000, sent: () => '' },
    { name: 'half-sent heads', connections: 5000, sent: () => `GET /api/v1/runs HTTP/1.1\r\n${HOST}X-A: ` },
    { name: 'half-sent bodies', connections: 5000, sent: () => `POST /api/v1/scenarios HTTP/1.1\r\n${HOST}${body}` },
    {
      name: 'malformed requests',
      connections: 5000,
      sent: (i) => (i % 2 === 0 ? '\x16\x03\x01\r\n\r\n' : 'GET\r\n\r\n'),
    },
    { name: 'answers that nobody reads', connections: 2000, sent: () => `GET /metrics HTTP/1.1\r\n${HOST}\r\n` },
    { name: 'pipelined requests', connections: 500, sent: () => `GET /healthz HTTP/1.1\r\n${HOST}\r\n`.repeat(1000) },
    {
      name: 'event streams that nobody reads',
      connections: 10_000,
      sent: () => `GET /api/v1/runs/${runId}/events HTTP/1.1\r\n${HOST}\r\n`,
    },
  ];
}

/** How long the connections are left as they are, all of them open on this side. */
const LEFT_MS = 3000;
/** How many of a flood's connections are being opened at once. */
const AT_ONCE = 100;

/** Floods the service while somebody honest asks for health, metrics, a page's data and the emergency stop, each on a new connection. */
export async function flood(service: AbusedService, { connections, sent }: Flood): Promise<FloodResult> {
  const sockets: Socket[] = [];
  let over = false;
  const before = service.openFiles();
  const watched = await service.watched(async () => {
    const witnesses = WITNESSES.map((route) => witness(service, route, () => over));
    for (let i = 0; i < connections; i += AT_ONCE) {
      await Promise.all(
        Array.from({ length: Math.min(AT_ONCE, connections - i) }, async (_, j) => {
          const socket = await open(service.port);
          sockets.push(socket);
          const text = sent(i + j);
          if (text !== '') socket.write(text);
        })
      );
    }
    await new Promise((resolve) => setTimeout(resolve, LEFT_MS));
    const held = Math.max(0, service.openFiles() - before);
    over = true;
    return { witnesses: await Promise.all(witnesses), held };
  });
  for (const socket of sockets) socket.destroy();
  const { heldMs, peakMb } = watched;
  return { ...watched.result, heldMs, peakMb };
}

function open(port: number): Promise<Socket> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.pause();
    socket.once('connect', () => resolve(socket));
    // Dropped at once is an answer too.
    socket.once('error', () => resolve(socket));
  });
}

const PAGE = 'GET /api/v1/status';
const WITNESSES = ['GET /healthz', 'GET /metrics', PAGE, 'POST /api/v1/safety/stop-all'];

async function witness(service: AbusedService, route: string, isOver: () => boolean): Promise<Witness> {
  let [asked, answered, slowestMs] = [0, 0, 0];
  do {
    const began = performance.now();
    asked++;
    const answer = await service.send({ route, name: '', path: route.split(' ')[1]! }).catch(() => null);
    // A page may be told to wait; what must come through must be done.
    if (answer?.status === 200 || (answer?.status === 503 && route === PAGE)) answered++;
    slowestMs = Math.max(slowestMs, performance.now() - began);
    await new Promise((resolve) => setTimeout(resolve, 20));
  } while (!isOver());
  return { name: route, asked, answered, slowestMs };
}
