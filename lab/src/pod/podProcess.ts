import { writeCompileCacheSoon } from '../compileCache.ts';
import { dieWithParent } from '../orphanGuard.ts';
import type { PodCommand, PodReport, PodSettings } from './podMessages.ts';
import { PodServer } from './podServer.ts';

const REPORT_EVERY_MS = 1000;

dieWithParent();
writeCompileCacheSoon();
const pod = new PodServer(JSON.parse(process.argv[2]!) as PodSettings, (report: PodReport) => {
  // A closed channel is no error here: it ends this process by itself.
  if (process.connected) process.send!(report, undefined, undefined, () => {});
});
process.on('message', (command: PodCommand) => pod.command(command));
setInterval(() => pod.reportFigures(), REPORT_EVERY_MS);
pod.listen();
