import cluster from 'node:cluster';
import { writeCompileCacheSoon } from '../compileCache.ts';
import { dieWithParent } from '../orphanGuard.ts';
import { BalancerGroup } from './balancerGroup.ts';
import type { BalancerReport, BalancerSettings } from './balancerMessages.ts';
import { runBalancer } from './balancerWorker.ts';

dieWithParent();
writeCompileCacheSoon();
const settings = JSON.parse(process.argv[2]!) as BalancerSettings;
const report = (message: BalancerReport) => {
  // A closed channel is no error here: it ends this process by itself.
  if (process.connected) process.send!(message, undefined, undefined, () => {});
};

if (cluster.isWorker) runBalancer(settings, cluster.worker!.id, report);
else if (settings.balancers === 1) runBalancer(settings, 0, report);
else new BalancerGroup(settings, report).start();
