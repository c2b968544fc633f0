import type { LatencySummary } from '@evenkeel/contract/latency';
import { WIDEST_LIMITS } from '@evenkeel/contract/limits';
import { type ScenarioInput, scenarioSchemaFor } from '@evenkeel/contract/scenario';
import { Histogram } from '@evenkeel/core/histogram/histogram';
import { LoadEngine } from '../engine/src/loadEngine.ts';
import { LOOPBACK_CERTIFICATE } from '../engine/src/testing/loopbackCertificate.ts';
import type { TransportName } from '../engine/src/workerMessages.ts';

/** What one load gave behind its warm-up, if it has any. */
export interface LoadFigures {
  readonly offered: number;
  readonly sent: number;
  readonly completed: number;
  readonly dropped: number;
  readonly ok: number;
  readonly response: LatencySummary;
  readonly service: LatencySummary;
  readonly lateness: LatencySummary;
  readonly decisions: Readonly<Record<string, number>>;
  readonly connectionsOpened: number;
  /** CPU of the process while the load ran, without start-up. */
  readonly loadCpuSeconds: number;
  /** Resident memory of the process at the end of every second, in bytes. */
  readonly memory: readonly number[];
  readonly generatorStates: Readonly<Record<string, number>>;
}

/**
 * Runs one load with everything on (attribution, histograms, health) and prints one line of JSON. The benches start it
 * as a process of its own, so that it can be pinned to a core and its CPU time be read from outside.
 *
 *   node bench/loadOnce.ts URL '{"load": …, "connections": …}' [fast|undici]
 */
const [url = '', scenarioText = '{}', transport = 'fast'] = process.argv.slice(2);
const scenario = scenarioSchemaFor(WIDEST_LIMITS).parse({
  warmupSeconds: 0,
  ...(JSON.parse(scenarioText) as Omit<ScenarioInput, 'name'>),
  name: 'bench',
});
const { origin, pathname } = new URL(url);
const engine = new LoadEngine({ transport: transport as TransportName, trustedCertificates: [LOOPBACK_CERTIFICATE] });
const handle = await engine.start({
  runId: 'bench',
  url: origin,
  scenario: { ...scenario, request: { ...scenario.request, path: pathname } },
  attribution: { header: 'x-evenkeel-pod' },
  pods: [],
  acceptUnknownPods: true,
  allowedNetworks: ['127.0.0.0/8'],
});
const totals = { offered: 0, sent: 0, completed: 0, dropped: 0, connectionsOpened: 0 };
const response = new Histogram();
const service = new Histogram();
const lateness = new Histogram();
const decisions: Record<string, number> = {};
const generatorStates: Record<string, number> = {};
const memory: number[] = [];
let ok = 0;
const before = process.cpuUsage();
handle.onSecond((second) => {
  memory.push(process.memoryUsage.rss());
  if (second.phase === 'warming') return;
  for (const field of Object.keys(totals) as (keyof typeof totals)[]) totals[field] += second[field];
  ok += second.outcomes[0]!;
  response.add(second.response);
  service.add(second.service);
  lateness.add(second.lateness);
  for (const [pod, counted] of second.pods) decisions[pod] = (decisions[pod] ?? 0) + counted.decisions;
  const { state } = second.generator;
  generatorStates[state] = (generatorStates[state] ?? 0) + 1;
});
await handle.ended;
const used = process.cpuUsage(before);
const figures: LoadFigures = {
  ...totals,
  ok,
  response: response.summary(),
  service: service.summary(),
  lateness: lateness.summary(),
  decisions,
  loadCpuSeconds: (used.user + used.system) / 1e6,
  memory,
  generatorStates,
};
console.log(JSON.stringify(figures));
