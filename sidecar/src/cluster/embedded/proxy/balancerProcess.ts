import { dieWithParent } from '../orphanGuard.ts';
import type { BalancerCommand, BalancerReport, BalancerSettings } from './balancerMessages.ts';
import { PodTable } from './podTable.ts';
import { RequestProxy } from './requestProxy.ts';

const HOST = '127.0.0.1';
const BACKLOG = 4096;
const REPORT_EVERY_MS = 1000;

dieWithParent();
const settings = JSON.parse(process.argv[2]!) as BalancerSettings;
const report = (message: BalancerReport) => {
  // A closed channel is no error here: it ends this process by itself.
  if (process.connected) process.send!(message, undefined, undefined, () => {});
};

const table = new PodTable(settings, 0);
const proxy = new RequestProxy(settings, table);
const { server } = proxy;

process.on('message', (command: BalancerCommand) => {
  table.route(command.routing);
  proxy.dropUnusedPools();
  report({ type: 'routed', revision: command.revision });
});
setInterval(() => report({ type: 'counts', pods: table.counts(), unrouted: table.unrouted }), REPORT_EVERY_MS);

server.on('error', (error: NodeJS.ErrnoException) => {
  report({ type: 'failed', code: error.code ?? '', message: error.message });
});
server.listen({ port: settings.port, host: HOST, backlog: BACKLOG }, () => {
  const address = server.address();
  if (address !== null && typeof address === 'object') report({ type: 'listening', port: address.port });
});
