import type { PodStatus } from '@evenkeel/contract/target';
import { FakeLoadEngine } from '../../../core/src/run/testing/fakeLoadEngine.ts';
import { type DefaultCluster, startService } from '../../../sidecar/src/main.ts';
import { settingsSchema } from '../../../sidecar/src/settings/settingsSchema.ts';
import type { Question, WatchAnswer } from './abusedService.ts';
import { PODS, TARGET } from './fullHistory.ts';
import { LoopHold } from './loopHold.ts';

/**
 * The real service over a history that is as full as its limits allow and pods that exist in name only, with a watch over
 * its event loop: `fullService.ts <database>`. Tells its port, then answers questions about its event loop.
 */
const [file] = process.argv.slice(2) as [string];

/** As many as the embedded cluster may have. */
const pods = PODS.slice(0, 64).map(
  (pod): PodStatus => ({
    pod,
    address: '127.0.0.1:9',
    ready: true,
    weight: 1,
    cpuCores: 0.1,
    memoryBytes: 1e6,
    activeConnections: 1,
    restarts: 0,
  })
);
const cluster: DefaultCluster = {
  complete: true,
  url: 'http://127.0.0.1:9',
  description: 'pods in name only',
  list: () => pods,
  injectFault: async () => ({ state: 'active', reason: '' }),
  clearFault: async () => ({ state: 'ended', reason: '' }),
  onEvent: () => () => {},
};

const plenty = 1_000_000;
const settings = settingsSchema.parse({
  listen: { port: 0 },
  database: { file },
  targets: [{ id: TARGET.id, url: TARGET.url, pods: PODS.map((pod) => ({ pod })) }],
  logLevel: 'fatal',
  rateLimits: { public: plenty, read: plenty, write: plenty, start: plenty, stream: plenty, stop: plenty },
});
// Its seconds are played here and nowhere else, or what they cost would be taken for the cost of a request.
const engine = new FakeLoadEngine({ perPod: 3 });
const service = await startService(settings, { cluster, engine });
const { run } = service.runs.start({ targetId: TARGET.id, scenarioId: 'sustained' }, 'somebody');
const turn = () => new Promise((resolve) => setImmediate(resolve));
while (engine.handles.length === 0) await turn();
await turn();
engine.handles[0]!.play(5);
service.runs.stopAll('The series of the pods are there now.');
while (service.runs.get(run.id).endedAt === null) await turn();
const hold = new LoopHold();
process.on('message', (question: Question) => {
  if (question.ask === 'start') hold.start();
  const answer: WatchAnswer = {
    value:
      question.ask === 'stop' ? hold.stop() : question.ask === 'worked' ? hold.workedMs(question.from, question.to) : 0,
    // The highest that the memory ever was: getrusage counts it in kB.
    peakMb: process.resourceUsage().maxRSS / 1024,
  };
  process.send!(answer);
});
process.send!({ port: service.port });
process.on('disconnect', () => process.exit(0));
