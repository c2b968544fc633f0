import type { Server } from 'node:net';
import type { BalancerCommand, BalancerReport, BalancerSettings } from './balancerMessages.ts';
import { ConnectionProxy } from './connectionProxy.ts';
import { PodTable } from './podTable.ts';
import { RequestProxy } from './requestProxy.ts';

const HOST = '127.0.0.1';
const BACKLOG = 4096;

/**
 * Runs one balancer in this process. It listens once it has its first routing, so that it never refuses a request only
 * because it is new. `stream` tells the random choices of the balancers of one group apart.
 */
export function runBalancer(
  settings: BalancerSettings,
  stream: number,
  report: (message: BalancerReport) => void
): void {
  const table = new PodTable(settings, stream);
  const requests = settings.mode === 'request' ? new RequestProxy(settings, table) : null;
  const server: Server = requests?.server ?? new ConnectionProxy(settings, table).server;
  server.on('error', (error: NodeJS.ErrnoException) => {
    report({ type: 'failed', code: error.code ?? '', message: error.message });
  });
  server.on('listening', () => {
    const address = server.address();
    if (address !== null && typeof address === 'object') report({ type: 'listening', port: address.port });
  });
  let listens = false;
  process.on('message', (command: BalancerCommand) => {
    if (command.type === 'count') {
      report({ type: 'counts', id: command.id, pods: table.counts() });
      return;
    }
    table.route(command.routing);
    requests?.dropUnusedPools();
    report({ type: 'routed', id: command.id });
    if (listens) return;
    listens = true;
    server.listen({ port: settings.port, host: HOST, backlog: BACKLOG });
  });
}
