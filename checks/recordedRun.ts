import { type Fault, faultSchema } from '@evenkeel/contract/fault';
import type { Run } from '@evenkeel/contract/run';
import { scenarioSchema } from '@evenkeel/contract/scenario';
import type { PodStatus, Target } from '@evenkeel/contract/target';
import { standingClock } from '@evenkeel/core/run/testing/testClock';
import { executeRun } from '../core/src/run/runExecution.ts';
import { ScriptedLoadEngine, type ScriptedSecond } from '../core/src/run/testing/scriptedLoadEngine.ts';
import { fixedCatalog } from '../core/src/targets/targetCatalog.ts';
import { observedLoadEngine } from '../sidecar/src/runs/observedLoadEngine.ts';
import { Metrics } from '../sidecar/src/telemetry/metrics.ts';

export const TARGET = 'shop';
/** Not the usual one, so that what is drawn or compared can be told from a figure that somebody wrote down. */
export const TARGET_PERCENT = 90;
const SECONDS = 300;
const SCRAPE_EVERY = 5;

const target: Target = {
  id: TARGET,
  name: 'Shop',
  kind: 'url',
  url: 'http://127.0.0.1:1/',
  attribution: { header: 'x-evenkeel-pod' },
  balancer: 'scripted',
  targetPercent: TARGET_PERCENT,
};

const pods = ['pod-1', 'pod-2', 'pod-3', 'pod-4'].map(
  (pod): PodStatus => ({
    pod,
    address: null,
    ready: true,
    weight: 1,
    cpuCores: 0.2,
    memoryBytes: 60e6,
    activeConnections: 25,
    restarts: 0,
  })
);
const directory = { list: () => pods, complete: true };
const known = { target, directory, allowedNetworks: ['127.0.0.0/8'] };

/** The metrics of the service as it exports them while nothing happens. */
export const idleMetrics = (): Metrics => new Metrics(fixedCatalog([known]), () => 0);

/** pod-4 gets three times its share, and is slow; a few requests fail in every known way. */
const second = (index: number): ScriptedSecond => ({
  phase: index < 5 ? 'warming' : 'measuring',
  pods: {
    'pod-1': { requests: 50, ms: 8, errors: 1 },
    'pod-2': { requests: 50, ms: 9 },
    'pod-3': { requests: 50, ms: 9 },
    'pod-4': { requests: 150, ms: 90 },
  },
  outcomes: { timeout: 1, connect: 1 },
  unattributed: 1,
  dropped: 2,
});

const FAULT_AT = 100;

const fault: Fault = faultSchema.parse({
  id: 'fault-1',
  state: 'active',
  targetId: TARGET,
  targetName: target.name,
  runId: 'run-1',
  planned: true,
  effect: { type: 'latency', delayMs: 250, jitterMs: 0 },
  severity: 'medium',
  scope: { pod: 'pod-4' },
  seed: 1,
  guard: {},
  pods: [{ pod: 'pod-4', state: 'active', note: null }],
  driver: 'scripted',
  startedBy: 'test',
  createdAt: FAULT_AT * 1000,
  activeAt: FAULT_AT * 1000,
  expiresAt: (SECONDS + 30) * 1000,
  endedAt: null,
  ending: null,
  reason: null,
  steps: [],
});

/**
 * Plays a run and a fault through the real execution and the real exporter and returns what Prometheus would have scraped, one text for each
 * scrape, with its time in seconds since the start. Nothing is sent and no time passes.
 */
export async function recordedScrapes(): Promise<{ readonly at: number; readonly text: string }[]> {
  let clock = 0;
  const metrics = new Metrics(fixedCatalog([known]), () => clock);
  const run: Run = {
    id: 'run-1',
    state: 'pending',
    reason: null,
    scenario: scenarioSchema.parse({
      name: 'Recorded',
      load: { model: 'rate', stages: [{ from: 300, to: 300, durationSeconds: SECONDS }] },
    }),
    target,
    createdAt: 0,
    startedAt: null,
    endedAt: null,
    startedBy: 'test',
    labels: {},
    note: '',
    baseline: false,
  };
  const scripted = new ScriptedLoadEngine(Array.from({ length: SECONDS }, (_, index) => second(index)));
  const scrapes: { at: number; text: string }[] = [];
  metrics.runStarted(run);
  await executeRun({
    run,
    engine: observedLoadEngine(scripted, (seen) => {
      clock = (seen.second + 1) * 1000;
      metrics.second(run, seen);
    }),
    directory,
    allowedNetworks: ['127.0.0.0/8'],
    clock: standingClock(() => clock),
    listener: {
      sample: (sample) => {
        metrics.sample(run, sample);
        if (sample.second === FAULT_AT) metrics.faults.step(fault, { at: clock, state: 'active', text: 'injected' });
        if (sample.second % SCRAPE_EVERY === 0) scrapes.push({ at: sample.second, text: metrics.text() });
      },
      phase: () => {},
      event: () => {},
      notice: () => {},
    },
  }).ended;
  return scrapes;
}
