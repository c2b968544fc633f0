import { createServer } from 'node:http';
import type { Socket } from 'node:net';

/**
 * An ideal round robin over k pods, by request or by connection: what it reports as uneven is the generator's doing.
 * Started as a process of its own; prints its port. At most one of two backlogs is the machine's default.
 *
 *   node bench/accuracy/rotatingServer.ts request|connection PODS
 */
const [mode = 'request', pods = '5'] = process.argv.slice(2);
const count = Number(pods);
const podOf = new WeakMap<Socket, number>();
let next = 0;

const server = createServer({ keepAliveTimeout: 600_000 }, (request, response) => {
  const pod = mode === 'connection' ? podOf.get(request.socket)! : next++ % count;
  response.setHeader('x-evenkeel-pod', `pod-${pod}`).end('hello world');
});
server.on('connection', (socket) => {
  if (mode === 'connection') podOf.set(socket, next++ % count);
});
server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
  console.log((server.address() as { port: number }).port);
});
