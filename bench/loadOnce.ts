import { WIDEST_LIMITS } from '@evenkeel/contract/limits';
import { type ScenarioInput, scenarioSchemaFor } from '@evenkeel/contract/scenario';
import { LoadEngine } from '../sidecar/src/load/loadEngine.ts';
import type { TransportName } from '../sidecar/src/load/workerMessages.ts';

/**
 * Runs one load with everything on (attribution, histograms, health) and prints one line of JSON. Started by the
 * benches as a process of its own, so that it can be pinned to a core and its CPU time read from outside.
 *
 *   node bench/loadOnce.ts URL SECONDS '{"load": …, "connections": …}' [fast|undici]
 */
const [url = '', scenarioText = '{}', transport = 'fast'] = process.argv.slice(2);
const input = JSON.parse(scenarioText) as ScenarioInput;
const scenario = scenarioSchemaFor(WIDEST_LIMITS).parse({ name: 'bench', warmupSeconds: 0, ...input });
const engine = new LoadEngine({ transport: transport as TransportName });
const handle = await engine.start({
  runId: 'bench',
  url,
  scenario,
  attribution: { header: 'x-evenkeel-pod' },
  pods: [],
  acceptUnknownPods: true,
  allowedNetworks: ['127.0.0.0/8'],
});
let completed = 0;
let ok = 0;
let last = 0;
const started = performance.now();
handle.onSecond((second) => {
  completed += second.completed;
  ok += second.outcomes[0]!;
  last = performance.now();
});
await handle.ended;
const { user, system } = process.cpuUsage();
console.log(JSON.stringify({ completed, ok, seconds: (last - started) / 1000, cpuMicroseconds: user + system }));
