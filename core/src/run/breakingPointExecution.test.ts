import { reportSchema } from '@evenkeel/contract/report';
import type { Run } from '@evenkeel/contract/run';
import { type Sample, sampleSchema } from '@evenkeel/contract/sample';
import { type ScenarioInput, scenarioSchema } from '@evenkeel/contract/scenario';
import { Random } from '../random/random.ts';
import { gradualRamp } from '../scenarios/builtinScenarios.ts';
import type { PodDirectory } from '../targets/podDirectory.ts';
import { executeBreakingPoint } from './breakingPointExecution.ts';
import { executeScenario } from './executeScenario.ts';
import type { LoadEngine } from './loadEngine.ts';
import type { RunEvent, RunExecution } from './runExecution.ts';
import { type QueueTarget, QueueTargetEngine } from './testing/queueTargetEngine.ts';
import { hastyClock } from './testing/testClock.ts';

function runOf(scenario: ScenarioInput): Run {
  return {
    id: 'run-1',
    state: 'pending',
    reason: null,
    scenario: scenarioSchema.parse(scenario),
    target: {
      id: 't',
      name: 't',
      kind: 'url',
      url: 'http://127.0.0.1:1/',
      attribution: { header: 'x' },
      balancer: 'test',
    },
    createdAt: 0,
    startedAt: null,
    endedAt: null,
    startedBy: 'test',
    labels: {},
    note: '',
    baseline: false,
  };
}

const directoryOf = (pods: number): PodDirectory => ({
  complete: true,
  list: () =>
    Array.from({ length: pods }, (_, i) => ({
      pod: `pod-${i}`,
      address: null,
      ready: true,
      weight: 1,
      cpuCores: null,
      memoryBytes: null,
      activeConnections: null,
      restarts: 0,
    })),
});

async function search(
  engine: LoadEngine,
  pods: number,
  options: {
    scenario?: ScenarioInput;
    now?: () => number;
    /** Called when a step was judged, with how many have been. */
    onJudged?: (steps: number, execution: RunExecution) => void;
    onSample?: (sample: Sample, execution: RunExecution) => void;
  } = {}
) {
  const samples: Sample[] = [];
  const events: RunEvent[] = [];
  const notices: string[] = [];
  const phases: string[] = [];
  const pauses: number[] = [];
  let judged = 0;
  const execution: RunExecution = executeBreakingPoint({
    run: runOf(options.scenario ?? gradualRamp()),
    engine,
    directory: directoryOf(pods),
    allowedNetworks: ['127.0.0.0/8'],
    clock: hastyClock(options.now, (milliseconds) => pauses.push(milliseconds)),
    listener: {
      sample: (sample) => {
        samples.push(sample);
        options.onSample?.(sample, execution);
      },
      phase: (phase) => phases.push(phase),
      event: (event) => {
        events.push(event);
        if (event.kind === 'step' && / (passed|failed|inconclusive)/.test(event.text)) {
          options.onJudged?.(++judged, execution);
        }
      },
      notice: (text) => notices.push(text),
    },
  });
  const report = reportSchema.parse(await execution.ended);
  return { report, found: report.breakingPoint!, samples, events, notices, phases, pauses };
}

const TARGET: QueueTarget = { pods: 4, serversPerPod: 4, serviceMs: 20 };

describe('against a queue of known capacity', () => {
  it.each<[QueueTarget, number]>([
    [{ pods: 4, serversPerPod: 4, serviceMs: 20 }, 800],
    [{ pods: 2, serversPerPod: 3, serviceMs: 20 }, 300],
    [{ pods: 3, serversPerPod: 5, serviceMs: 25 }, 600],
    [{ pods: 1, serversPerPod: 7, serviceMs: 50 }, 140],
    [{ pods: 8, serversPerPod: 2, serviceMs: 9 }, 1777.8],
  ])('%j breaks at %d requests/s, found within 5 %%', async (target, capacity) => {
    const engine = new QueueTargetEngine(target);
    expect(engine.capacity).toBeCloseTo(capacity, 1);
    const { found, report } = await search(engine, target.pods);
    expect(found.outcome).toBe('found');
    expect(Math.abs(found.lastGoodRate! / capacity - 1)).toBeLessThan(0.05);
    expect(found.firstBadRate!).toBeGreaterThan(capacity);
    expect(found.signal).toBe('throughput');
    expect(report.conclusion).toBe('passed');
  });

  it('finds it within 10 % in every one of 20 runs when service times are random', async () => {
    const misses: number[] = [];
    // Few requests in short steps: chance matters more then, and the test costs little.
    const scenario = { ...gradualRamp({ fromRate: 20 }), breakingPoint: { stepSeconds: 6 } };
    for (let seed = 1; seed <= 20; seed++) {
      const target = { pods: 2, serversPerPod: 4, serviceMs: 50, random: new Random(seed) };
      const { found } = await search(new QueueTargetEngine(target), 2, { scenario });
      const off = Math.abs(found.lastGoodRate! / 160 - 1);
      if (found.outcome !== 'found' || off > 0.1) misses.push(off);
    }
    expect(misses).toEqual([]);
  }, 240_000);

  it('explains the result: knee, ceiling, steps in a table', async () => {
    const { found } = await search(new QueueTargetEngine({ ...TARGET, random: new Random(3) }), 4);
    expect(Math.abs(found.knee.rate! / 800 - 1)).toBeLessThan(0.1);
    expect(found.sentence).toMatch(/^It takes \d+ requests\/s and breaks at \d+: it answers fewer .* confirmed it\.$/);
    expect(found.steps.map((step) => step.number)).toEqual(found.steps.map((_, i) => i + 1));
    const confirming = found.steps.at(-1)!;
    expect(confirming).toMatchObject({ purpose: 'confirmation', verdict: 'passed', seconds: 16 });
    for (const step of found.steps.slice(0, -1)) expect(step.seconds).toBe(8);
    for (const step of found.steps) {
      expect(step.balance.scorePercent!).toBeGreaterThan(95);
      if (step.verdict === 'passed') expect(step.goodRate / step.rate).toBeCloseTo(1, 1);
    }
  });
});

it('is one run to the world: one time axis, one warming, one measuring, pauses between the steps', async () => {
  const { report, found, samples, phases, pauses, events, notices } = await search(new QueueTargetEngine(TARGET), 4);
  expect(phases).toEqual(['warming', 'measuring']);
  expect(pauses).toEqual(found.steps.slice(1).map(() => 2000));
  const seconds = samples.map((sample) => sampleSchema.parse(sample).second);
  expect(seconds).toEqual([...new Set(seconds)].sort((a, b) => a - b));
  expect(report.timeline.map((point) => point.second)).toEqual(seconds);
  expect(found.steps.map((step) => step.atSecond)).toEqual(
    found.steps.map((step) => seconds.find((second) => second >= step.atSecond))
  );
  expect(events.filter((event) => event.kind === 'phase')).toEqual([]);
  expect(events.filter((event) => event.kind === 'step').length).toBe(2 * found.steps.length);
  // The figures are those of the confirming step, and say so.
  const confirming = found.steps.at(-1)!;
  expect(report.offeredRate).toBeCloseTo(confirming.rate, 6);
  expect(report.run.scenario.breakingPoint).toBeDefined();
  expect(notices.some((text) => text.includes(`at ${confirming.rate} requests/s`))).toBe(true);
});

it('gives every step its rate, its own warm-up and no thresholds', async () => {
  const engine = new QueueTargetEngine(TARGET);
  const { found } = await search(engine, 4);
  for (const [i, { scenario }] of engine.plans.entries()) {
    const { rate, purpose } = found.steps[i]!;
    const durationSeconds = purpose === 'confirmation' ? 18 : 10;
    expect(scenario.load).toEqual({ model: 'rate', stages: [{ from: rate, to: rate, durationSeconds }] });
    expect(scenario).toMatchObject({ warmupSeconds: 2, thresholds: [], connections: { count: 500 } });
    expect(scenario.breakingPoint).toBeUndefined();
  }
});

it('does not take slow answers for a queue, when they are allowed to be slow', async () => {
  // 40 requests/s, each of which takes 3 s: in the first 3 s of a step nothing is answered at all.
  const engine = new QueueTargetEngine({ pods: 4, serversPerPod: 30, serviceMs: 3000 });
  const scenario: ScenarioInput = { ...gradualRamp({ fromRate: 5, toRate: 500 }), breakingPoint: { p95Ms: 5000 } };
  const { found } = await search(engine, 4, { scenario });
  expect(found.outcome).toBe('found');
  expect(Math.abs(found.lastGoodRate! / engine.capacity - 1)).toBeLessThan(0.1);
  expect(engine.plans[0]!.scenario).toMatchObject({ warmupSeconds: 5, load: { stages: [{ durationSeconds: 13 }] } });
});

it('takes too few connections for its own limit, and a queue that fills them for that of the service', async () => {
  const connections = { policy: 'round-robin', count: 100 } as const;
  // 100 connections carry 500 requests/s of 200 ms; the service could answer forty times as many.
  const slow = new QueueTargetEngine({ pods: 4, serversPerPod: 1000, serviceMs: 200 });
  const lower = await search(slow, 4, { scenario: { ...gradualRamp(), connections } });
  expect(lower.found).toMatchObject({ outcome: 'lower-bound', signal: 'connections', firstBadRate: null });
  expect(Math.abs(lower.found.lastGoodRate! / 500 - 1)).toBeLessThan(0.06);
  expect(lower.found.sentence).toContain('raise connections.count');

  const full = await search(new QueueTargetEngine(TARGET), 4, { scenario: { ...gradualRamp(), connections } });
  expect(full.found.outcome).toBe('found');
  expect(Math.abs(full.found.lastGoodRate! / 800 - 1)).toBeLessThan(0.05);
});

it('sees errors that come with the load', async () => {
  const errorShare = (rate: number) => (rate > 300 ? 0.05 : 0);
  const { found } = await search(new QueueTargetEngine({ ...TARGET, errorShare }), 4);
  expect(found).toMatchObject({ outcome: 'found', signal: 'errors' });
  expect(Math.abs(found.lastGoodRate! / 300 - 1)).toBeLessThan(0.05);
});

it('takes a limit on latency and one on balance', async () => {
  const scenario = { ...gradualRamp(), breakingPoint: { balancePercent: 90, requiredRate: 100 } };
  const { found, report } = await search(new QueueTargetEngine({ ...TARGET, firstPodShare: 0.5 }), 4, { scenario });
  expect(found).toMatchObject({ outcome: 'below-range', signal: 'balance', lastGoodRate: null });
  expect(report.conclusion).toBe('failed');
  expect(report.reasons[0]).toMatch(/breaks at 50 requests\/s already.*uneven over the pods\. Required are 100/);
});

it('breaks at the first pod that is full when the balancer is uneven', async () => {
  const { found } = await search(new QueueTargetEngine({ ...TARGET, firstPodShare: 0.5 }), 4);
  expect(Math.abs(found.lastGoodRate! / 400 - 1)).toBeLessThan(0.1);
  for (const step of found.steps) expect(step.balance.scorePercent!).toBeLessThan(60);
});

it('gives a lower bound when the generator is the limit, and says so', async () => {
  const { found, report, pauses } = await search(new QueueTargetEngine({ ...TARGET, generatorLimit: 500 }), 4);
  // 50, 100, 200, 400 pass; 800 is tried three times, with a longer pause each time.
  expect(pauses.slice(0, 7)).toEqual([2000, 2000, 2000, 2000, 5000, 10_000, 15_000]);
  expect(found).toMatchObject({ outcome: 'lower-bound', firstBadRate: null, signal: 'generator' });
  expect(found.lastGoodRate!).toBeGreaterThan(500 / 1.06);
  expect(found.sentence).toMatch(/^It takes at least 4\d\d requests\/s.*the load generator was at its limit/);
  expect(report.conclusion).toBe('inconclusive');
});

it.each([
  [500, 'passed'],
  [900, 'failed'],
])('judges a required rate of %d', async (requiredRate, conclusion) => {
  const scenario = { ...gradualRamp(), breakingPoint: { requiredRate } };
  const { report } = await search(new QueueTargetEngine(TARGET), 4, { scenario });
  expect(report.conclusion).toBe(conclusion);
});

it('says when the range was too small', async () => {
  const { found, report } = await search(new QueueTargetEngine(TARGET), 4, { scenario: gradualRamp({ toRate: 300 }) });
  expect(found).toMatchObject({ outcome: 'beyond-range', lastGoodRate: 300, signal: null });
  expect(report.conclusion).toBe('passed');
});

it('keeps to the time that the profile has', async () => {
  let now = 0;
  const { found, notices } = await search(new QueueTargetEngine(TARGET), 4, {
    scenario: gradualRamp({ seconds: 60 }),
    now: () => now,
    onJudged: () => {
      now += 12_000;
    },
  });
  // Five steps of 10 s and their pauses fit into 60 s.
  expect(found.steps).toHaveLength(5);
  expect(found).toMatchObject({ outcome: 'unfinished', lastGoodRate: 800 });
  expect(notices.some((text) => text.includes('60 s of the profile'))).toBe(true);
});

it('stops between and within steps, and reports what it has', async () => {
  const between = await search(new QueueTargetEngine(TARGET), 4, {
    onJudged: (steps, execution) => steps === 3 && execution.stop(),
  });
  expect(between.report.run.state).toBe('stopped');
  expect(between.found).toMatchObject({ outcome: 'unfinished', lastGoodRate: 200 });
  const within = await search(new QueueTargetEngine(TARGET), 4, {
    onSample: (sample, execution) => sample.second === 25 && execution.stop(),
  });
  expect(within.report.run.state).toBe('stopped');
  expect(within.found.steps).toHaveLength(2);
});

it('ends as aborted, with the reason, also before the first step', async () => {
  const { report } = await search(new QueueTargetEngine(TARGET), 4, {
    onSample: (_, execution) => execution.abort('The safety lever was pulled.'),
  });
  expect(report).toMatchObject({ conclusion: 'failed', run: { state: 'aborted' } });
  expect(report.reasons).toContain('The safety lever was pulled.');

  const execution = executeBreakingPoint({
    clock: hastyClock(),
    run: runOf(gradualRamp()),
    engine: new QueueTargetEngine(TARGET),
    directory: directoryOf(4),
    allowedNetworks: [],
    listener: { sample: () => {}, phase: () => {}, event: () => {}, notice: () => {} },
  });
  execution.stop();
  const stopped = reportSchema.parse(await execution.ended);
  expect(stopped.run.state).toBe('stopped');
  expect(stopped.breakingPoint!.steps).toEqual([]);
});

it('is chosen by the scenario, which plays its profile otherwise', async () => {
  for (const searches of [true, false]) {
    const engine = new QueueTargetEngine(TARGET);
    const { breakingPoint: _, ...profile } = gradualRamp({ fromRate: 10, toRate: 20, seconds: 10 });
    const report = await executeScenario({
      run: runOf({ ...profile, ...(searches ? { breakingPoint: { stepSeconds: 5, cooldownSeconds: 0 } } : {}) }),
      engine,
      directory: directoryOf(4),
      allowedNetworks: [],
      clock: hastyClock(),
      listener: { sample: () => {}, phase: () => {}, event: () => {}, notice: () => {} },
    }).ended;
    expect(report.breakingPoint !== undefined).toBe(searches);
    expect(engine.plans).toHaveLength(searches ? 2 : 1);
  }
});

it('fails when the generator cannot start', async () => {
  const engine: LoadEngine = { start: () => Promise.reject(new Error('nothing listens on 127.0.0.1:1')) };
  const { report } = await search(engine, 4);
  expect(report).toMatchObject({ conclusion: 'failed', run: { state: 'failed' } });
  expect(report.reasons).toContain('nothing listens on 127.0.0.1:1');
});
