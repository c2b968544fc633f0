import type { RequestPlan } from '../requestPlan.ts';
import type { Transport } from '../transport.ts';

/** Sends a plan once over a connection of its own; gives the status of the answer, or in words what came instead. */
export function sentOnce(transport: Transport, plan: RequestPlan): Promise<number | string> {
  return new Promise((resolve) => {
    const connection = transport.connection({
      connected: () => {},
      closed: () => {},
      responded: (_slot, status) => {
        connection.close();
        resolve(status);
      },
      failed: (_slot, outcome) => resolve(`outcome ${outcome} of ${plan.method} ${plan.path}`),
      refusedLocally: (_slot, code) => resolve(code),
      unprocessed: () => resolve('unprocessed'),
    });
    connection.send(0, 0, false);
  });
}
