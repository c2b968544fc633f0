import { request } from 'node:http';
import { connect } from 'node:net';
import type { Probe } from '@evenkeel/core/faults/faultDriver';

const REQUEST_PATIENCE_MS = 4000;
const CONNECT_PATIENCE_MS = 500;
/** Requests among which an error rate of 5 % shows itself with all but certainty: 0.95^200 is 1 in 28,000. */
const MOST_REQUESTS = 200;
const AT_ONCE = 8;

/** Whether requests to a pod take at least `atLeastMs`. The fastest of three counts: slowness by chance does not. */
export async function probeLatency(address: string, atLeastMs: number): Promise<Probe> {
  const answers = await Promise.all([1, 2, 3].map(() => ask(address)));
  const times = answers.flatMap((answer) => (answer === null ? [] : [answer.ms]));
  if (times.length === 0) return { effective: null, evidence: 'no request was answered' };
  const fastest = Math.min(...times);
  return {
    effective: fastest >= atLeastMs - 1,
    evidence: `the fastest of three requests took ${Math.round(fastest)} ms`,
  };
}

/** Whether some requests to a pod are answered with `status`. */
export async function probeErrors(address: string, status: number): Promise<Probe> {
  const until = performance.now() + REQUEST_PATIENCE_MS;
  let sent = 0;
  while (sent < MOST_REQUESTS && performance.now() < until) {
    sent += AT_ONCE;
    const answers = await Promise.all(Array.from({ length: AT_ONCE }, () => ask(address)));
    if (answers.some((answer) => answer?.status === status)) {
      return { effective: true, evidence: `one of ${sent} requests got status ${status}` };
    }
  }
  return { effective: false, evidence: `none of ${sent} requests got status ${status}` };
}

/** Whether a pod can no longer be connected to. */
export async function probeReachability(address: string): Promise<Probe> {
  const { hostname, port } = new URL(`http://${address}`);
  const startedAt = performance.now();
  const outcome = await new Promise<string | null>((resolve) => {
    const socket = connect({ host: hostname, port: Number(port) });
    const settle = (result: string | null) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(result);
    };
    // A connection that was made while this process was busy counts: what has come is read before giving up.
    const timer = setTimeout(() => setImmediate(() => settle(null)), CONNECT_PATIENCE_MS);
    socket.once('connect', () => settle('was made'));
    socket.once('error', (error: NodeJS.ErrnoException) => settle(`failed with ${error.code}`));
  });
  if (outcome === null) {
    return { effective: true, evidence: `a connection was not made within ${CONNECT_PATIENCE_MS} ms` };
  }
  const ms = Math.round(performance.now() - startedAt);
  return { effective: outcome !== 'was made', evidence: `a connection ${outcome} after ${ms} ms` };
}

/** One request on a connection of its own; null when it is not answered in time. */
function ask(address: string): Promise<{ status: number; ms: number } | null> {
  const startedAt = performance.now();
  return new Promise((resolve) => {
    const sent = request(`http://${address}/`, { agent: false, timeout: REQUEST_PATIENCE_MS }, (response) => {
      response.resume();
      response.once('end', () => resolve({ status: response.statusCode ?? 0, ms: performance.now() - startedAt }));
      response.once('error', () => resolve(null));
    });
    sent.once('timeout', () => sent.destroy());
    sent.once('error', () => resolve(null));
    sent.end();
  });
}
