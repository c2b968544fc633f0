import { isIPv6 } from 'node:net';
import { Connector } from './connector.ts';
import type { FailureStage } from './failureOutcome.ts';
import type { RequestPlan } from './requestPlan.ts';

/** The target cannot be loaded at all; the message says why, for people. */
export class TargetUnreachable extends Error {
  override readonly name = 'TargetUnreachable';
}

/**
 * Connects (and shakes hands) once per address until one answers, and returns the plan with the addresses of that
 * one's family: a host with an IPv6 address that nothing listens on is loaded over IPv4. Sends no request, so the target's
 * own counts hold nothing but the load. Throws `TargetUnreachable` when no address answers in time.
 */
export async function reachable(plan: RequestPlan, timeoutMs: number): Promise<RequestPlan> {
  let failure: Error | null = null;
  for (const address of plan.addresses) {
    failure = await attempt({ ...plan, addresses: [address] }, timeoutMs);
    if (failure === null) {
      return { ...plan, addresses: plan.addresses.filter((other) => isIPv6(other) === isIPv6(address)) };
    }
  }
  throw failure;
}

async function attempt(plan: RequestPlan, timeoutMs: number): Promise<Error | null> {
  const where = `${plan.secure ? 'https' : 'http'}://${plan.authority}`;
  const address = `${plan.addresses[0]} port ${plan.port}`;
  return new Promise((resolve) => {
    const settle = (error: Error | null, stage: FailureStage) => {
      clearTimeout(timer);
      // A second error after the first must not be thrown at nobody.
      socket.on('error', () => {}).destroy();
      resolve(error === null ? null : new TargetUnreachable(inWords(error, stage, where, address)));
    };
    const timer = setTimeout(
      () => settle(new Error(`no answer within ${timeoutMs / 1000} s`), 'connecting'),
      timeoutMs
    );
    const socket = new Connector(plan).open(settle);
  });
}

function inWords(error: Error, stage: FailureStage, where: string, address: string): string {
  const { code } = error as NodeJS.ErrnoException;
  if (stage === 'connecting') {
    const why = code === 'ECONNREFUSED' ? `nothing listens on ${address}` : `${address}: ${error.message}`;
    return `The target ${where} cannot be reached: ${why}.`;
  }
  const reason = code === undefined ? error.message : `${error.message} (${code})`;
  return (
    `TLS with the target ${where} failed: ${reason}. ` +
    'Check the scheme and the certificate; own authorities are trusted through NODE_EXTRA_CA_CERTS.'
  );
}
