import { reportSchema } from '@evenkeel/contract/report';
import type { Run } from '@evenkeel/contract/run';
import { type Sample, sampleSchema } from '@evenkeel/contract/sample';
import { type ScenarioInput, scenarioSchema } from '@evenkeel/contract/scenario';
import type { PodStatus } from '@evenkeel/contract/target';
import type { PodDirectory } from '../targets/podDirectory.ts';
import { executeRun, type RunEvent } from './runExecution.ts';
import { ScriptedLoadEngine, type ScriptedSecond } from './testing/scriptedLoadEngine.ts';
import { standingClock } from './testing/testClock.ts';

const POD_NAMES = ['pod-1', 'pod-2', 'pod-3', 'pod-4'];

function status(pod: string, change: Partial<PodStatus> = {}): PodStatus {
  return {
    pod,
    address: null,
    ready: true,
    weight: 1,
    cpuCores: null,
    memoryBytes: null,
    activeConnections: null,
    restarts: 0,
    ...change,
  };
}

function run(scenario: Partial<ScenarioInput> = {}, targetPercent?: number): Run {
  return {
    id: 'run-1',
    state: 'pending',
    reason: null,
    scenario: scenarioSchema.parse({
      name: 'test',
      load: { model: 'rate', stages: [{ from: 400, to: 400, durationSeconds: 20 }] },
      ...scenario,
    }),
    target: {
      id: 't',
      name: 't',
      kind: 'url',
      url: 'http://127.0.0.1:1/',
      attribution: { header: 'x' },
      balancer: 'test',
      targetPercent,
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

const evenly = (requests: number, ms = 1): ScriptedSecond['pods'] =>
  Object.fromEntries(POD_NAMES.map((pod) => [pod, { requests, ms }]));

async function execute(
  engine: ScriptedLoadEngine,
  options: {
    run?: Run;
    directory?: PodDirectory;
    notices?: readonly string[];
    onSample?: (sample: Sample, execution: { stop(): void; abort(r: string): void }) => void;
  } = {}
) {
  const samples: Sample[] = [];
  const events: RunEvent[] = [];
  const notices: string[] = [];
  const execution = executeRun({
    clock: standingClock(Date.now),
    run: options.run ?? run(),
    engine,
    directory: options.directory ?? { list: () => POD_NAMES.map((pod) => status(pod)), complete: true },
    allowedNetworks: ['127.0.0.0/8'],
    notices: options.notices,
    listener: {
      sample: (sample) => {
        samples.push(sampleSchema.parse(sample));
        options.onSample?.(sample, execution);
      },
      phase: () => {},
      event: (event) => events.push(event),
      notice: (text) => notices.push(text),
    },
  });
  const report = reportSchema.parse(await execution.ended);
  return { report, samples, events, notices };
}

const repeat = (times: number, second: ScriptedSecond): ScriptedSecond[] => Array.from({ length: times }, () => second);

describe('executeRun', () => {
  test.each([
    // A score of 93, known to less than one percent.
    [70, undefined, 95, 'imbalanced'],
    [70, 90, 90, 'balanced'],
    [70, 80, 80, 'balanced'],
    // And one of 85.
    [150, 90, 90, 'imbalanced'],
    [150, 80, 80, 'balanced'],
  ])(
    'pods that are %d of 1,000 off, on a target of %p: %d is asked, %s',
    async (off, targetPercent, asked, verdict) => {
      const pods = Object.fromEntries(
        POD_NAMES.map((pod, i) => [pod, { requests: i % 2 === 0 ? 1000 + off : 1000 - off, ms: 1 }])
      );
      const { report, samples } = await execute(new ScriptedLoadEngine(repeat(20, { pods })), {
        run: run({}, targetPercent),
      });
      expect(report.balance).toMatchObject({ verdict, targetPercent: asked });
      expect(samples.at(-1)!.balance).toMatchObject({ verdict, targetPercent: asked });
    }
  );

  test('an even load passes, with warm-up left out and the drain counted', async () => {
    const engine = new ScriptedLoadEngine([
      ...repeat(2, { phase: 'warming', pods: { 'pod-1': { requests: 400, ms: 500 } } }),
      ...repeat(10, { pods: evenly(100) }),
      { phase: 'draining', pods: evenly(1, 900) },
    ]);
    const { report, samples } = await execute(engine);
    expect(report.conclusion).toBe('passed');
    expect(report.balance.verdict).toBe('balanced');
    expect(report.run.state).toBe('finished');
    expect(report.seconds).toEqual({ warming: 2, measured: 10, draining: 1, strained: 0, saturated: 0 });
    expect(report.totals).toMatchObject({ completed: 4004, warmupCompleted: 800 });
    expect(report.pods.map((pod) => pod.requests)).toEqual([1001, 1001, 1001, 1001]);
    expect(report.response.max).toBeCloseTo(900);
    expect(samples).toHaveLength(13);
    expect(report.timeline).toHaveLength(13);
  });

  test('a run of nothing but refusals says so first, and vouches for nothing', async () => {
    const outcomes = { 'http-4xx': 400 } as const;
    const pods = Object.fromEntries(POD_NAMES.map((pod) => [pod, { requests: 100, errors: 100 }]));
    const endings = [{ status: 401, failure: null, outcome: 'http-4xx' as const, count: 400 }];
    const example = { text: 'HTTP/1.1 401 No', address: '127.0.0.1:1', pod: 'pod-1' };
    const { report, samples } = await execute(
      new ScriptedLoadEngine([
        { phase: 'warming', outcomes, endings, seen: [{ status: 401, failure: null, example }] },
        ...repeat(10, { pods, endings }),
      ])
    );
    expect(report.balance.verdict).toBe('balanced');
    expect(report.headlines[0]).toMatch(/^All 4,000 answers were 401 Unauthorized/);
    expect(report.conclusion).toBe('inconclusive');
    expect(report.reasons).toEqual([report.headlines[0]]);
    // The warm-up counts for nothing, but its example is as good as any.
    expect(report.endings).toEqual([{ ...endings[0], count: 4000, example }]);
    expect(samples[1]!.endings).toEqual({ 401: 400 });
  });

  test('requests that hang until the end break a threshold that they alone break', async () => {
    const thresholds = [
      { metric: 'p99', op: '<', value: 500 },
      { metric: 'max', op: '<', value: 500, overSeconds: 5 },
      { metric: 'p50', op: '<', value: 500 },
    ] as const;
    const base = run();
    const { report } = await execute(
      new ScriptedLoadEngine([
        ...repeat(10, { pods: evenly(6) }),
        { phase: 'draining', cutOffMs: Array.from({ length: 29 }, (_, i) => 5000 + i) },
      ]),
      { run: { ...base, scenario: { ...base.scenario, thresholds: [...thresholds] } } }
    );
    expect(report.totals.cancelled).toBe(29);
    expect(report.thresholds.map(({ passed }) => passed)).toEqual([false, false, true]);
    expect(report.thresholds[0]!.observed).toBeGreaterThan(4900);
    expect(report.conclusion).toBe('failed');
    expect(report.headlines[0]).toMatch(/^29 requests still had no answer/);
  });

  test('what was known beforehand is told at the beginning, and stands in the report', async () => {
    const { report, notices } = await execute(new ScriptedLoadEngine(repeat(10, { pods: evenly(100) })), {
      notices: ['A proxy is set.'],
    });
    expect(notices[0]).toBe('A proxy is set.');
    expect(report.notices).toContain('A proxy is set.');
  });

  test('an uneven load fails with the sentence of the balance', async () => {
    const pods = { ...evenly(100), 'pod-4': { requests: 300 } };
    const { report } = await execute(new ScriptedLoadEngine(repeat(10, { pods })));
    expect(report.conclusion).toBe('failed');
    expect(report.reasons).toEqual([report.balance.sentence]);
    expect(report.balance.sentence).toContain('pod-4');
  });

  test('too few requests are inconclusive, not failed', async () => {
    const { report } = await execute(
      new ScriptedLoadEngine(repeat(2, { pods: { ...evenly(10), 'pod-1': { requests: 14 } } }))
    );
    expect(report.balance.verdict).toBe('needs-more-data');
    expect(report.conclusion).toBe('inconclusive');
  });

  test('a pod that never answers is counted with zero requests', async () => {
    const pods = { 'pod-1': { requests: 100 }, 'pod-2': { requests: 100 }, 'pod-3': { requests: 100 } };
    const { report } = await execute(new ScriptedLoadEngine(repeat(10, { pods })));
    expect(report.balance).toMatchObject({ verdict: 'imbalanced', cause: 'starved-pod', pods: 4 });
    expect(report.pods.find((pod) => pod.pod === 'pod-4')?.requests).toBe(0);
  });

  test('without a directory, pods are those that answered, and the report says what that hides', async () => {
    const { report, notices } = await execute(new ScriptedLoadEngine(repeat(10, { pods: evenly(100) })), {
      directory: { list: () => [], complete: false },
    });
    expect(report.balance).toMatchObject({ verdict: 'balanced', pods: 4 });
    expect(notices.join()).toContain('a pod that never answered is not known');
  });

  test('a pod that hangs does not make the others look balanced', async () => {
    const pods = { 'pod-1': { requests: 100 }, 'pod-2': { requests: 100 }, 'pod-3': { requests: 100 } };
    for (const outcome of ['timeout', 'reset', 'other'] as const) {
      const { report } = await execute(new ScriptedLoadEngine(repeat(10, { pods, outcomes: { [outcome]: 100 } })), {
        directory: { list: () => [], complete: false },
      });
      expect(report.balance).toMatchObject({ verdict: 'not-applicable', cause: 'unanswered', scorePercent: null });
      expect(report.conclusion).toBe('inconclusive');
    }
    const cutOff = await execute(
      new ScriptedLoadEngine([...repeat(10, { pods }), { phase: 'draining', cancelled: 100 }]),
      { directory: { list: () => [], complete: false } }
    );
    expect(cutOff.report.balance).toMatchObject({ verdict: 'not-applicable', cause: 'unanswered' });
    // What could not even connect was no decision of the balancer.
    const refused = await execute(new ScriptedLoadEngine(repeat(10, { pods, outcomes: { connect: 100 } })), {
      directory: { list: () => [], complete: false },
    });
    expect(refused.report.balance).toMatchObject({ verdict: 'balanced', pods: 3 });
  });

  test('answers that name no pod: the report says which headers were looked for', async () => {
    const { report, notices } = await execute(new ScriptedLoadEngine(repeat(3, { unattributed: 100 })));
    expect(report.balance.cause).toBe('unattributed');
    expect(report.conclusion).toBe('inconclusive');
    expect(notices.join()).toContain('300 answers named no pod that is known. Looked for: x. --attribute');
  });

  test('seconds of a saturated generator are left out of the score', async () => {
    const saturated = { state: 'saturated' as const, reasons: ['event loop busy'] };
    const skewed = { 'pod-1': { requests: 400 } };
    const { report, notices } = await execute(
      new ScriptedLoadEngine([...repeat(9, { pods: evenly(100) }), { pods: skewed, health: saturated }])
    );
    expect(report.balance).toMatchObject({ verdict: 'balanced', requests: 3600 });
    expect(report.seconds.saturated).toBe(1);
    expect(notices.join()).toContain('event loop busy');
  });

  test('a generator that was saturated too often makes the run inconclusive', async () => {
    const saturated = { state: 'saturated' as const, reasons: ['event loop busy'] };
    const { report } = await execute(
      new ScriptedLoadEngine([
        ...repeat(4, { pods: evenly(100) }),
        ...repeat(6, { pods: evenly(100), health: saturated }),
      ])
    );
    expect(report.balance).toMatchObject({ verdict: 'not-applicable', cause: 'generator-saturated' });
    expect(report.conclusion).toBe('inconclusive');
  });

  test('thresholds are judged over measured and drained answers', async () => {
    const thresholds = [
      { metric: 'p99' as const, op: '<' as const, value: 50 },
      { metric: 'errorRate' as const, op: '<' as const, value: 1 },
    ];
    const pods = { ...evenly(100), 'pod-1': { requests: 100, errors: 10 } };
    const { report } = await execute(new ScriptedLoadEngine(repeat(10, { pods })), { run: run({ thresholds }) });
    expect(report.thresholds.map((t) => t.passed)).toEqual([true, false]);
    expect(report.thresholds[1]!.observed).toBeCloseTo(2.5);
    expect(report.conclusion).toBe('failed');
    expect(report.reasons.at(-1)).toBe('Threshold errorRate < 1 % was missed: 2.5 % was measured.');
  });

  test('a run that fails many requests and judges none says so', async () => {
    const failing = { ...evenly(100), 'pod-1': { requests: 100, errors: 10 } };
    const said = async (thresholds: ScenarioInput['thresholds'], pods = failing) =>
      (await execute(new ScriptedLoadEngine(repeat(10, { pods })), { run: run({ thresholds }) })).notices.join();
    expect(await said([])).toMatch(/^The verdict is about the balance alone.*--error-rate/);
    expect(await said([{ metric: 'errorRate', op: '<', value: 5 }])).toBe('');
    expect(await said([], evenly(100) as typeof failing)).toBe('');
  });

  test('what was in flight when a run was cut off did not wait for the drain', async () => {
    const seconds = [{ pods: evenly(100) }, { pods: evenly(100), cancelled: 7 }];
    const cutOff = await execute(new ScriptedLoadEngine(seconds), {
      onSample: ({ second }, execution) => {
        if (second !== 1) return;
        execution.stop();
        execution.abort('Interrupted twice.');
      },
    });
    expect(cutOff.notices.join()).toContain('7 requests were still in flight when the run was cut off');
    const drained = await execute(new ScriptedLoadEngine(seconds));
    expect(drained.notices.join()).toContain('7 requests were still in flight when the drain of 5 s ended');
  });

  test('an aborting threshold stops the load and says why', async () => {
    const thresholds = [{ metric: 'p95' as const, op: '<' as const, value: 50, overSeconds: 2, abort: true }];
    const engine = new ScriptedLoadEngine([
      ...repeat(5, { pods: evenly(100) }),
      ...repeat(50, { pods: evenly(100, 80) }),
    ]);
    const { report, samples } = await execute(engine, { run: run({ thresholds }) });
    expect(engine.aborts).toBe(1);
    expect(samples.length).toBeLessThan(10);
    expect(report.run.state).toBe('aborted');
    expect(report.run.reason).toContain('p95');
    expect(report.thresholds[0]!.breachedAtSecond).not.toBeNull();
  });

  test('a threshold on the balance sees its own window', async () => {
    const thresholds = [{ metric: 'balance' as const, op: '>=' as const, value: 95, overSeconds: 3 }];
    const skewed = { ...evenly(100), 'pod-4': { requests: 300 } };
    const engine = new ScriptedLoadEngine([...repeat(5, { pods: evenly(100) }), ...repeat(5, { pods: skewed })]);
    const { report } = await execute(engine, { run: run({ thresholds }) });
    expect(report.thresholds[0]).toMatchObject({ passed: false, breachedAtSecond: 5 });
  });

  test('a pod that restarts or leaves is a mark on the time axis, and its requests stay', async () => {
    let second = 0;
    const directory: PodDirectory = {
      complete: true,
      list: () =>
        second < 5
          ? POD_NAMES.map((pod) => status(pod))
          : [status('pod-1'), status('pod-2', { restarts: 1 }), status('pod-3', { ready: false })],
    };
    const { report, events } = await execute(new ScriptedLoadEngine(repeat(10, { pods: evenly(100) })), {
      directory,
      onSample: () => second++,
    });
    expect(events.filter((event) => event.kind !== 'phase')).toEqual([
      { second: 5, kind: 'pod-restarted', text: 'pod-2 restarted' },
      { second: 5, kind: 'pod-not-ready', text: 'pod-3 stopped being ready' },
      { second: 5, kind: 'pod-removed', text: 'pod-4 left' },
    ]);
    expect(report.pods).toHaveLength(4);
    expect(report.pods[3]).toMatchObject({ pod: 'pod-4', requests: 1000, readyAtEnd: false });
    expect(report.balance.perPod[3]!.leaked).toBe(500);
  });

  test('new pods are told to the engine', async () => {
    let second = 0;
    const directory: PodDirectory = {
      complete: true,
      list: () => (second < 2 ? POD_NAMES : [...POD_NAMES, 'pod-5']).map((pod) => status(pod)),
    };
    const engine = new ScriptedLoadEngine(repeat(4, { pods: evenly(100) }));
    await execute(engine, { directory, onSample: () => second++ });
    expect(engine.plans[0]!.pods.map(({ pod }) => pod)).toEqual(POD_NAMES);
    expect(engine.accepted).toContain('pod-5');
  });

  test('stop drains and reports what there is', async () => {
    const engine = new ScriptedLoadEngine(repeat(50, { pods: evenly(100) }));
    const { report } = await execute(engine, {
      onSample: (sample, execution) => sample.second === 3 && execution.stop(),
    });
    expect(engine.stops).toBe(1);
    expect(report.balance.verdict).toBe('balanced');
    const reason = 'The run was stopped after 4 of 20 s: the rest was not tested.';
    expect(report.run).toMatchObject({ state: 'stopped', reason });
    expect(report).toMatchObject({ conclusion: 'inconclusive', reasons: [reason] });
  });

  test('stop changes nothing when everything was sent and only answers are waited for', async () => {
    const engine = new ScriptedLoadEngine([
      ...repeat(20, { pods: evenly(100) }),
      { phase: 'draining', pods: evenly(1) },
      { phase: 'draining', pods: evenly(1) },
    ]);
    const { report } = await execute(engine, {
      onSample: (sample, execution) => sample.phase === 'draining' && execution.stop(),
    });
    expect(report.run).toMatchObject({ state: 'finished', reason: null });
    expect(report.conclusion).toBe('passed');
  });

  test('a load that cannot start is a failed run with the reason, and nothing is thrown', async () => {
    const { report } = await execute(
      new ScriptedLoadEngine([], { refuse: 'http://127.0.0.1:1/ refuses connections.' })
    );
    expect(report.run).toMatchObject({
      state: 'failed',
      reason: 'http://127.0.0.1:1/ refuses connections.',
      startedAt: null,
    });
    expect(report.conclusion).toBe('failed');
  });

  test('a generator that dies is a failed run with the figures so far', async () => {
    const engine = new ScriptedLoadEngine(repeat(5, { pods: evenly(100) }), { failure: 'worker 1 exited' });
    const { report } = await execute(engine);
    expect(report.run.state).toBe('failed');
    expect(report.run.reason).toContain('worker 1 exited');
    expect(report.totals.completed).toBe(2000);
  });

  test('dropped and cancelled requests are said, not hidden', async () => {
    const { notices } = await execute(
      new ScriptedLoadEngine([...repeat(5, { pods: evenly(100), dropped: 20 }), { phase: 'draining', cancelled: 7 }])
    );
    expect(notices.join('\n')).toMatch(/100 requests were not sent because all 100 connections were busy/);
    expect(notices.join('\n')).toMatch(/7 requests were still in flight/);
  });
});
