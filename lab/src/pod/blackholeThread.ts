import { createServer } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { type BlackholeSettings, END, FAILED, GO, monotonicMs, STATE, UP } from './blackholeSignals.ts';

/** Two connections fit into the kernel's queue; further ones get no answer to their SYN. */
const BACKLOG = 1;
const GO_PATIENCE_MS = 5000;

/**
 * Listens on the pod's port and never accepts: the thread sleeps from the moment it listens, so its event loop cannot take
 * anything from the kernel's queue. When that is full the kernel drops every SYN, and connecting times out as behind a
 * partition. It needs no privileges, and the sleep has a limit of its own.
 */
const { host, port, until, cells } = workerData as BlackholeSettings;
const say = (state: number) => {
  Atomics.store(cells, STATE, state);
  Atomics.notify(cells, STATE);
};

parentPort!.postMessage('ready');
if (Atomics.wait(cells, GO, 0, GO_PATIENCE_MS) === 'timed-out') process.exit(1);
const server = createServer();
server.on('error', () => {
  say(FAILED);
  process.exit(1);
});
server.listen({ host, port, backlog: BACKLOG }, () => {
  say(UP);
  Atomics.wait(cells, END, 0, Math.max(0, until - monotonicMs()));
  process.exit(0);
});
