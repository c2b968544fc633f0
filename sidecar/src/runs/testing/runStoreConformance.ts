import { runQuerySchema } from '@evenkeel/contract/api';
import type { Report } from '@evenkeel/contract/report';
import type { Run } from '@evenkeel/contract/run';
import type { Sample } from '@evenkeel/contract/sample';
import { scenarioSchema } from '@evenkeel/contract/scenario';
import { executeRun } from '@evenkeel/core/run/runExecution';
import { FakeLoadEngine } from '@evenkeel/core/run/testing/fakeLoadEngine';
import { standingClock } from '@evenkeel/core/run/testing/testClock';
import type { RunStore } from '../ports/runStore.ts';

const scenario = scenarioSchema.parse({
  name: 'Steady',
  load: { model: 'rate', stages: [{ from: 10, to: 10, durationSeconds: 10 }] },
});

export function exampleRun(change: Partial<Run> = {}): Run {
  return {
    id: 'run-1',
    state: 'pending',
    reason: null,
    scenario,
    target: {
      id: 'shop',
      name: 'The shop',
      kind: 'url',
      url: 'http://shop.test/',
      attribution: { header: 'x-pod' },
      balancer: 'nginx',
    },
    createdAt: 1000,
    startedAt: null,
    endedAt: null,
    startedBy: 'ada',
    labels: {},
    note: '',
    baseline: false,
    ...change,
  };
}

/** A run that was really executed, over a load that is counted and not sent. */
export async function exampleReport(run: Run): Promise<{ report: Report; samples: Sample[] }> {
  const engine = new FakeLoadEngine();
  const samples: Sample[] = [];
  const pods = ['a', 'b'].map((pod) => ({
    pod,
    address: null,
    ready: true,
    weight: 1,
    cpuCores: null,
    memoryBytes: null,
    activeConnections: null,
    restarts: 0,
  }));
  const execution = executeRun({
    run,
    engine,
    directory: { list: () => pods, complete: true },
    allowedNetworks: [],
    listener: { sample: (sample) => samples.push(sample), phase: () => {}, event: () => {}, notice: () => {} },
    clock: standingClock(() => 2000),
  });
  // The engine is started, and listened to, in the next turns of the loop.
  await new Promise((resolve) => setImmediate(resolve));
  engine.handles[0]!.play(20);
  return { report: await execution.ended, samples };
}

const query = (text: Record<string, string> = {}) => runQuerySchema.parse(text);

/** What every store of runs has to do. Call it within a `describe`. */
export function runStoreConformance(open: () => RunStore): void {
  let store: RunStore;
  beforeEach(() => {
    store = open();
  });
  const ids = async (text: Record<string, string> = {}) => (await store.find(query(text))).ids;

  it('gives back a run as it was created and changed', () => {
    const run = exampleRun({ labels: { team: 'web' }, note: 'why', reason: 'because' });
    store.create(run);
    expect(store.get('run-1')).toEqual(run);
    store.update('run-1', { state: 'warming', startedAt: 1500 });
    store.update('run-1', { state: 'failed', reason: 'it broke', endedAt: 1600 });
    expect(store.get('run-1')).toEqual({ ...run, state: 'failed', reason: 'it broke', startedAt: 1500, endedAt: 1600 });
    expect(store.get('run-2')).toBeUndefined();
    expect(store.summary('run-2')).toBeUndefined();
    store.update('run-2', { state: 'failed' });
  });

  it('refuses a second run of the same id', () => {
    store.create(exampleRun());
    expect(() => store.create(exampleRun())).toThrow();
  });

  it('finds the run that a request started, by subject and key', () => {
    store.create(exampleRun(), { subject: 'ada', key: 'k', digest: 'd' });
    store.create(exampleRun({ id: 'run-2' }));
    expect(store.findByKey('ada', 'k')).toEqual({ runId: 'run-1', digest: 'd' });
    expect(store.findByKey('bob', 'k')).toBeUndefined();
    expect(store.findByKey('ada', 'other')).toBeUndefined();
  });

  it('keeps samples in order and pages them', async () => {
    const { samples } = await exampleReport(exampleRun());
    store.create(exampleRun());
    for (const sample of [...samples].reverse()) store.addSample('run-1', sample);
    store.addSample('run-1', samples[0]!);
    expect(store.samples('run-1', 0, 100)).toEqual(samples);
    expect(store.samples('run-1', 3, 2)).toEqual(samples.slice(3, 5));
    expect(store.samples('run-2', 0, 100)).toEqual([]);
    expect(store.lastSample('run-1')).toEqual(samples.at(-1));
    expect(store.lastSample('run-2')).toBeUndefined();
  });

  it('keeps the report, with the run as it is described now', async () => {
    const run = exampleRun();
    const { report } = await exampleReport(run);
    store.create(run);
    expect(store.report('run-1')).toBeUndefined();
    expect(store.summary('run-1')!.result).toBeNull();
    store.saveReport('run-1', report);
    store.update('run-1', { state: 'finished', startedAt: 2000, endedAt: 2000 });
    store.describe('run-1', { note: 'later' });
    expect(store.report('run-1')).toEqual({ ...report, run: { ...report.run, note: 'later' } });
    expect(store.summary('run-1')!.result).toEqual({
      conclusion: report.conclusion,
      verdict: report.balance.verdict,
      scorePercent: report.balance.scorePercent,
      lowPercent: report.balance.lowPercent,
      highPercent: report.balance.highPercent,
      completed: report.totals.completed,
      achievedRate: report.achievedRate,
      errorRatePercent: report.errorRatePercent,
      p50Ms: report.response.p50,
      p95Ms: report.response.p95,
      p99Ms: report.response.p99,
      pods: 2,
    });
  });

  it('has one baseline for each target', () => {
    for (const id of ['run-1', 'run-2']) store.create(exampleRun({ id }));
    store.create(exampleRun({ id: 'run-3', target: { ...exampleRun().target, id: 'other' } }));
    expect(store.baselineOf('shop')).toBeUndefined();
    store.describe('run-1', { baseline: true });
    store.describe('run-3', { baseline: true });
    expect(store.describe('run-2', { baseline: true })!.baseline).toBe(true);
    expect([store.baselineOf('shop'), store.baselineOf('other')]).toEqual(['run-2', 'run-3']);
    expect(store.get('run-1')!.baseline).toBe(false);
    store.describe('run-2', { baseline: false });
    expect(store.baselineOf('shop')).toBeUndefined();
    expect(store.describe('run-9', { note: 'x' })).toBeUndefined();
  });

  describe('with a history', () => {
    beforeEach(() => {
      const target = exampleRun().target;
      store.create(exampleRun({ id: 'a', createdAt: 1, state: 'finished', labels: { team: 'web', 'a.b': 'c' } }));
      store.create(exampleRun({ id: 'b', createdAt: 2, state: 'failed', note: '100% of it_all', startedBy: 'bob' }));
      store.create(
        exampleRun({ id: 'c', createdAt: 3, state: 'finished', target: { ...target, id: 'other', name: 'OTHER\\one' } })
      );
      store.create(
        exampleRun({
          id: 'd',
          createdAt: 4,
          state: 'measuring',
          scenario: { ...scenario, name: 'Peak', kind: 'spike' },
        })
      );
    });

    it.each([
      [{}, ['d', 'c', 'b', 'a']],
      [{ sort: 'createdAt' }, ['a', 'b', 'c', 'd']],
      [{ state: 'finished' }, ['c', 'a']],
      [{ state: 'finished,failed' }, ['c', 'b', 'a']],
      [{ targetId: 'other' }, ['c']],
      [{ scenarioName: 'Peak' }, ['d']],
      [{ kind: 'spike' }, ['d']],
      [{ startedBy: 'bob' }, ['b']],
      [{ label: 'team:web' }, ['a']],
      [{ label: 'team:we' }, []],
      [{ label: 'a.b:c' }, ['a']],
      [{ baseline: 'true' }, []],
      [{ baseline: 'false', state: 'failed' }, ['b']],
      [{ from: '2', to: '4' }, ['c', 'b']],
      [{ text: '100%' }, ['b']],
      [{ text: '_' }, ['b']],
      [{ text: 'other\\' }, ['c']],
      [{ text: 'peak' }, ['d']],
      [{ text: "'; DROP TABLE runs" }, []],
      [{ limit: '2' }, ['d', 'c']],
      [{ limit: '2', offset: '3' }, ['a']],
      [{ offset: '10' }, []],
    ] as [Record<string, string>, string[]][])('finds %j', async (text, expected) => {
      expect(await ids(text)).toEqual(expected);
    });

    it('says how many there are in all, whatever the page', async () => {
      expect((await store.find(query({ limit: '1', state: 'finished' }))).total).toBe(2);
    });

    it('sorts by figures, runs without one last either way', async () => {
      const { report } = await exampleReport(exampleRun());
      store.saveReport('a', { ...report, achievedRate: 5 });
      store.saveReport('b', { ...report, achievedRate: 7 });
      expect(await ids({ sort: 'rate' })).toEqual(['a', 'b', 'd', 'c']);
      expect(await ids({ sort: '-rate' })).toEqual(['b', 'a', 'd', 'c']);
    });

    it('marks what was not over as interrupted, once', () => {
      expect(store.interruptUnfinished(99, 'the process died')).toEqual(['d']);
      expect(store.get('d')).toMatchObject({ state: 'interrupted', reason: 'the process died', endedAt: 99 });
      expect(store.interruptUnfinished(100, 'again')).toEqual([]);
      expect(store.get('a')!.state).toBe('finished');
    });

    it('lets no interrupted run end before what is known of it, though the clock was set back since', async () => {
      const { samples } = await exampleReport(exampleRun());
      store.create(exampleRun({ id: 'new', createdAt: 50_000 }));
      store.create(exampleRun({ id: 'begun', createdAt: 50_000 }));
      store.update('begun', { state: 'measuring', startedAt: 51_000 });
      for (const sample of samples.slice(0, 3)) store.addSample('begun', sample);
      store.interruptUnfinished(99, 'the process died');
      expect(store.get('new')!.endedAt).toBe(50_000);
      expect(store.get('begun')!.endedAt).toBe(51_000 + 1000 * (samples[2]!.second + 1));
    });

    it('keeps the runs that were created last, whatever the clock said then', async () => {
      store.create(exampleRun({ id: 'after', createdAt: 1, state: 'finished' }));
      store.prune(1, 0);
      expect(await ids()).toContain('after');
      expect(await ids()).not.toContain('c');
    });

    it('removes the oldest beyond the number kept, and the too old, but no baseline and nothing that goes on', async () => {
      const { report, samples } = await exampleReport(exampleRun());
      store.saveReport('b', report);
      store.addSample('b', samples[0]!);
      store.describe('a', { baseline: true });
      expect(store.prune(2, 0)).toBe(1);
      expect(await ids()).toEqual(['d', 'c', 'a']);
      expect([store.report('b'), store.samples('b', 0, 9)]).toEqual([undefined, []]);
      expect(store.prune(100, 1000)).toBe(1);
      expect(await ids()).toEqual(['d', 'a']);
    });
  });
}
