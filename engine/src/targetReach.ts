import { isIPv6 } from 'node:net';
import { Connector } from './connector.ts';
import type { FailureStage } from './failures.ts';
import { type PeerSettings, settingsOf } from './http2/settingsOf.ts';
import type { RequestPlan } from './requestPlan.ts';
import { tlsFailure } from './tlsFailure.ts';

/** The target cannot be loaded at all; the message says why, for people. */
export class TargetUnreachable extends Error {
  override readonly name = 'TargetUnreachable';
}

/**
 * Connects (and shakes hands) once per address until one answers, and returns the plan with the addresses of that
 * one's family: a host with an IPv6 address that nothing listens on is loaded over IPv4. Sends no request, so the target's
 * own counts hold nothing but the load. Throws `TargetUnreachable` when no address answers in time, and over HTTP/2 also when
 * it does not speak that or takes fewer than `streams` requests at once over a connection.
 */
export async function reachable(plan: RequestPlan, timeoutMs: number, streams = 1): Promise<RequestPlan> {
  let failure: Error | null = null;
  for (const address of plan.addresses) {
    failure = await attempt({ ...plan, addresses: [address] }, timeoutMs, streams);
    if (failure === null) {
      return { ...plan, addresses: plan.addresses.filter((other) => isIPv6(other) === isIPv6(address)) };
    }
  }
  throw failure;
}

async function attempt(plan: RequestPlan, timeoutMs: number, streams: number): Promise<Error | null> {
  const where = `${plan.secure ? 'https' : 'http'}://${plan.authority}`;
  const address = `${plan.addresses[0]} port ${plan.port}`;
  return new Promise((resolve) => {
    const end = (problem: string | null) => {
      clearTimeout(timer);
      // A second error after the first must not be thrown at nobody.
      socket.on('error', () => {}).destroy();
      resolve(problem === null ? null : new TargetUnreachable(problem));
    };
    const settle = (error: Error | null, stage: FailureStage) => {
      if (error !== null) end(inWords(error, stage, where, address));
      else if (plan.protocol === 'http/1.1') end(null);
      else void settingsOf(socket).then((settings) => end(http2Problem(settings, streams, where)));
    };
    const timer = setTimeout(
      () => settle(new Error(`no answer within ${timeoutMs / 1000} s`), 'connecting'),
      timeoutMs
    );
    const { socket } = new Connector(plan).open(settle);
  });
}

function http2Problem(settings: PeerSettings | null, streams: number, where: string): string | null {
  if (settings === null) {
    return `The target ${where} does not speak HTTP/2. Without TLS it has to accept HTTP/2 from the first byte (prior knowledge).`;
  }
  const { maxConcurrentStreams } = settings;
  if (streams <= maxConcurrentStreams) return null;
  return (
    `The target ${where} takes ${maxConcurrentStreams} requests at once over an HTTP/2 connection; ` +
    `connections.streams asks for ${streams}.`
  );
}

function inWords(error: Error, stage: FailureStage, where: string, address: string): string {
  const { code } = error as NodeJS.ErrnoException;
  if (stage === 'connecting') {
    const why = code === 'ECONNREFUSED' ? `nothing listens on ${address}` : `${address}: ${error.message}`;
    return `The target ${where} cannot be reached: ${why}.`;
  }
  return `TLS with the target ${where} failed: ${tlsFailure(error)}`;
}
