import type { StartRun } from '@evenkeel/contract/api';
import { Refusal } from '@evenkeel/contract/refusal';
import { scenarioSchema } from '@evenkeel/contract/scenario';
import { executeRun } from '@evenkeel/core/run/runExecution';
import { FakeLoadEngine } from '@evenkeel/core/run/testing/fakeLoadEngine';
import { fixedCatalog } from '@evenkeel/core/targets/targetCatalog';
import type { RunObserver } from './ports/runObserver.ts';
import { type RunStore, StoreFailure } from './ports/runStore.ts';
import { RunService, type RunServiceParts } from './runService.ts';
import { MemoryRunStore } from './testing/memoryRunStore.ts';
import { exampleRun } from './testing/runStoreConformance.ts';

const scenario = scenarioSchema.parse({
  name: 'Steady',
  load: { model: 'rate', stages: [{ from: 10, to: 10, durationSeconds: 10 }] },
});
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
const target = (id: string) => ({
  target: { ...exampleRun().target, id },
  directory: { list: () => pods, complete: true },
  allowedNetworks: ['127.0.0.0/8'],
});

/** A store whose disk can be full. */
class FailingStore extends MemoryRunStore {
  full = false;

  #check(): void {
    if (this.full) throw new StoreFailure('the disk is full');
  }
  override create(...args: Parameters<RunStore['create']>): void {
    this.#check();
    super.create(...args);
  }
  override update(...args: Parameters<RunStore['update']>): void {
    this.#check();
    super.update(...args);
  }
  override addSample(...args: Parameters<RunStore['addSample']>): void {
    this.#check();
    super.addSample(...args);
  }
  override saveReport(...args: Parameters<RunStore['saveReport']>): void {
    this.#check();
    super.saveReport(...args);
  }
  override interruptUnfinished(...args: Parameters<RunStore['interruptUnfinished']>): string[] {
    this.#check();
    return super.interruptUnfinished(...args);
  }
  override prune(...args: Parameters<RunStore['prune']>): number {
    this.#check();
    return super.prune(...args);
  }
}

function service(change: Partial<RunServiceParts> = {}) {
  const engine = new FakeLoadEngine();
  const store = new FailingStore();
  const seen: string[] = [];
  const observer: RunObserver = {
    runStarted: (run) => seen.push(`start ${run.id}`),
    second: (_run, { second }) => seen.push(`second ${second}`),
    sample: (_run, { second }) => seen.push(`sample ${second}`),
    runEnded: (run) => seen.push(`end ${run.id} ${run.state}`),
  };
  let made = 0;
  const runs = new RunService({
    store,
    targets: fixedCatalog([target('shop'), target('basket'), target('till')]),
    engine,
    execute: executeRun,
    observer,
    scenario: (id) => {
      if (id !== 'steady') throw new Refusal('not-found', `There is no scenario "${id}".`);
      return scenario;
    },
    admit: () => {},
    newId: () => `run-${++made}`,
    now: () => 5000,
    maxActive: 2,
    retention: { runs: 3, days: 1 },
    complain: (message) => seen.push(message),
    ...change,
  });
  return { runs, engine, store, seen };
}

const request = (targetId = 'shop'): StartRun => ({ targetId, scenarioId: 'steady' });
const turn = () => new Promise((resolve) => setImmediate(resolve));
const refusal = (work: () => unknown): Refusal => {
  try {
    work();
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  throw new Error('was not refused');
};

it('plays a run from pending to finished, remembers every step and tells every observer', async () => {
  const { runs, engine, store, seen } = service();
  const { run } = runs.start({ ...request(), labels: { team: 'web' }, note: 'why' }, 'ada');
  expect(run).toMatchObject({ id: 'run-1', state: 'pending', startedBy: 'ada', labels: { team: 'web' }, note: 'why' });
  expect(store.get('run-1')!.state).toBe('pending');
  await turn();
  const [handle] = engine.handles;
  expect(handle!.plan).toMatchObject({ runId: 'run-1', allowedNetworks: ['127.0.0.0/8'], acceptUnknownPods: false });
  handle!.play(1);
  expect(store.get('run-1')!.state).toBe('warming');
  handle!.play(3);
  expect([store.get('run-1')!.state, runs.get('run-1').state]).toEqual(['measuring', 'measuring']);
  handle!.play(10);
  await turn();
  expect(store.get('run-1')).toMatchObject({ state: 'finished', startedAt: 5000, endedAt: 5000 });
  expect(runs.report('run-1')).toMatchObject({ conclusion: 'passed', run: { note: 'why' } });
  expect([...runs.samples('run-1', 0)].length).toBe(11);
  expect([...runs.samples('run-1', 3)].map(({ second }) => second)).toEqual([3, 4, 5, 6, 7, 8, 9, 10]);
  expect(seen.slice(0, 3)).toEqual(['start run-1', 'second 0', 'sample 0']);
  expect(seen.at(-1)).toBe('end run-1 finished');
  expect(runs.active()).toEqual([]);
});

it('runs one at a time on each target, and names the one that is in the way', async () => {
  const { runs } = service();
  runs.start(request(), 'ada');
  const busy = refusal(() => runs.start(request(), 'bob'));
  expect([busy.problem, busy.status, busy.extras.runId]).toEqual(['target-busy', 409, 'run-1']);
  runs.start(request('basket'), 'bob');
  expect(refusal(() => runs.start(request('till'), 'bob')).problem).toBe('overloaded');
  await runs.drain(0);
  runs.start(request(), 'bob');
  await runs.drain(0);
});

it('refuses what is not on the allow-list, what does not exist, and what may not start now; nothing is remembered', () => {
  const { runs, store } = service({
    admit: () => {
      throw new Refusal('safety-engaged', 'no');
    },
  });
  expect(refusal(() => runs.start(request('metadata'), 'ada')).problem).toBe('target-refused');
  expect(refusal(() => runs.start({ targetId: 'shop', scenarioId: 'x' }, 'ada')).problem).toBe('not-found');
  expect(refusal(() => runs.start(request(), 'ada')).problem).toBe('safety-engaged');
  for (const ask of [() => runs.get('x'), () => runs.report('x'), () => runs.stop('x'), () => runs.samples('x', 0)]) {
    expect(refusal(ask).problem).toBe('not-found');
  }
  expect(store.get('run-1')).toBeUndefined();
});

it('starts one run for the same key, whatever became of it, and refuses the key for something else', async () => {
  const { runs, engine } = service();
  const key = { subject: 'ada', key: 'k', digest: 'd' };
  expect(runs.start(request(), 'ada', key)).toMatchObject({ repeated: false, run: { id: 'run-1' } });
  expect(runs.start(request(), 'ada', key)).toMatchObject({ repeated: true, run: { id: 'run-1' } });
  await runs.drain(0);
  expect(runs.start(request(), 'ada', key)).toMatchObject({ repeated: true, run: { id: 'run-1', state: 'stopped' } });
  expect(refusal(() => runs.start(request(), 'ada', { ...key, digest: 'e' })).problem).toBe('key-reused');
  expect(engine.handles.length).toBe(1);
  runs.start(request(), 'bob', { ...key, subject: 'bob' });
  await turn();
  expect(engine.handles.length).toBe(2);
  await runs.drain(0);
});

it('stops in order: the rest drains, the report says stopped; stopping again changes nothing', async () => {
  const { runs, engine } = service();
  runs.start(request(), 'ada');
  await turn();
  engine.handles[0]!.play(4);
  expect(runs.stop('run-1').state).toBe('measuring');
  engine.handles[0]!.play(1);
  await turn();
  expect(runs.report('run-1').run.state).toBe('stopped');
  expect(runs.stop('run-1').state).toBe('stopped');
  expect(refusal(() => runs.report('run-9')).problem).toBe('not-found');
});

it('has no report before the end, and says when to ask again', async () => {
  const { runs } = service();
  runs.start(request(), 'ada');
  const early = refusal(() => runs.report('run-1'));
  expect([early.problem, early.extras.retryAfterSeconds]).toEqual(['wrong-state', 5]);
  await runs.drain(0);
});

it('aborts everything at once, and gives the reason in every report', async () => {
  const { runs, engine } = service();
  runs.start(request('shop'), 'ada');
  runs.start(request('basket'), 'ada');
  await turn();
  for (const handle of engine.handles) handle.play(3);
  expect(runs.stopAll('fire')).toEqual(['run-1', 'run-2']);
  await turn();
  for (const id of ['run-1', 'run-2']) expect(runs.get(id)).toMatchObject({ state: 'aborted', reason: 'fire' });
});

it('a load that cannot start is a run that failed, with the reason', async () => {
  const { runs } = service({ engine: new FakeLoadEngine({ refuse: 'The target does not answer.' }) });
  runs.start(request(), 'ada');
  await turn();
  expect(runs.get('run-1')).toMatchObject({ state: 'failed', reason: 'The target does not answer.' });
});

it('marks what the last process left as interrupted, before anything starts', () => {
  const { runs, store } = service();
  store.create(exampleRun({ id: 'old', state: 'measuring' }));
  expect(runs.recover()).toEqual(['old']);
  expect(runs.get('old').state).toBe('interrupted');
  expect(refusal(() => runs.report('old')).message).toMatch(/is interrupted and has no report; its samples/);
});

it('removes what is too old also when it starts', () => {
  const { runs, store } = service({ retention: { runs: 1000, days: 1 }, now: () => 10 * 86_400_000 });
  store.create(exampleRun({ id: 'old', state: 'finished', createdAt: 1 }));
  store.create(exampleRun({ id: 'new', state: 'finished', createdAt: 9.5 * 86_400_000 }));
  runs.recover();
  expect([store.get('old'), store.get('new')?.id]).toEqual([undefined, 'new']);
});

it('waits for runs to drain when the service is shut down, and aborts what does not end in time', async () => {
  const { runs, engine } = service();
  runs.start(request(), 'ada');
  runs.start(request('basket'), 'ada');
  await turn();
  for (const handle of engine.handles) handle.play(3);
  const drained = runs.drain(50);
  engine.handles[0]!.play(1);
  await drained;
  expect([runs.get('run-1').state, runs.get('run-2').state]).toEqual(['stopped', 'stopped']);
  expect(runs.report('run-2').run.state).toBe('stopped');
});

it('keeps as many runs as it was told to', async () => {
  const { runs, store } = service({ now: () => 5000 });
  for (let i = 0; i < 5; i++) {
    runs.start(request(), 'ada');
    await runs.drain(0);
  }
  expect(['run-1', 'run-2', 'run-3', 'run-4', 'run-5'].filter((id) => store.get(id))).toEqual([
    'run-3',
    'run-4',
    'run-5',
  ]);
});

it('gives the one baseline of the target to compare with', async () => {
  const { runs } = service();
  for (let i = 0; i < 2; i++) {
    runs.start(request(), 'ada');
    await runs.drain(0);
  }
  expect(refusal(() => runs.baselineFor('run-2')).message).toMatch(/no other run marked as baseline/);
  runs.describe('run-1', { baseline: true });
  expect(runs.baselineFor('run-2')).toBe('run-1');
  expect(refusal(() => runs.baselineFor('run-1')).problem).toBe('wrong-state');
  runs.describe('run-2', { baseline: true });
  expect([runs.get('run-1').baseline, runs.live('run-1')!.run.baseline]).toEqual([false, false]);
});

it('gives up a write that can never succeed, tells of it, and writes what comes after', async () => {
  const complaints: unknown[] = [];
  const { runs, store, engine } = service({ complain: (message) => complaints.push(message) });
  const { run } = runs.start(request(), 'ada');
  await turn();
  const addSample = store.addSample.bind(store);
  let broken = 1;
  store.addSample = (...args) => {
    if (broken-- > 0) throw new TypeError('a mistake of ours');
    addSample(...args);
  };
  engine.handles[0]!.play(4);
  expect(complaints).toEqual(['a part of the history could not be written']);
  expect(store.samples(run.id, 0, 99).map(({ second }) => second)).toEqual([1, 2, 3]);
});

describe('when the disk is full', () => {
  it('marks what the last process left when there is room, and starts nothing before', () => {
    const { runs, store } = service();
    store.create(exampleRun({ id: 'old', state: 'measuring' }));
    store.full = true;
    expect(runs.recover()).toEqual([]);
    expect(runs.storeProblem()).toBe('the disk is full');
    expect(() => runs.start(request(), 'ada')).toThrow(StoreFailure);
    store.full = false;
    const { run } = runs.start(request(), 'ada');
    expect(runs.storeProblem()).toBeNull();
    expect([store.get('old')!.state, store.get(run.id)!.state]).toEqual(['interrupted', 'pending']);
  });

  it('starts nothing, and sends no request', async () => {
    const { runs, store, engine } = service();
    store.full = true;
    expect(() => runs.start(request(), 'ada')).toThrow(StoreFailure);
    await turn();
    expect([engine.handles.length, runs.active().length]).toEqual([0, 0]);
  });

  it('what is running ends as it should, is shown, and is written when there is room again', async () => {
    const { runs, store, engine } = service();
    runs.start(request(), 'ada');
    await turn();
    engine.handles[0]!.play(3);
    store.full = true;
    engine.handles[0]!.play(20);
    await turn();
    expect(runs.storeProblem()).toBe('the disk is full');
    expect(runs.get('run-1').state).toBe('finished');
    expect(runs.report('run-1').conclusion).toBe('passed');
    expect([store.get('run-1')!.state, store.samples('run-1', 0, 99).length]).toEqual(['measuring', 3]);
    store.full = false;
    expect(runs.storeProblem()).toBeNull();
    expect([store.get('run-1')!.state, store.samples('run-1', 0, 99).length]).toEqual(['finished', 11]);
    expect(store.report('run-1')!.conclusion).toBe('passed');
  });
});

it('refuses a path of the scenario beside a query of the target, naming the field, and starts nothing', () => {
  const search = target('search');
  const asked = { ...search, target: { ...search.target, url: 'http://shop.test/find?q=1' } };
  const { runs, seen } = service({ targets: fixedCatalog([asked]) });
  const withPath = { ...scenario, request: { ...scenario.request, path: '/a' } };
  const refused = refusal(() => runs.start({ targetId: 'search', scenario: withPath }, 'ada'));
  expect(refused.problem).toBe('invalid-request');
  expect(refused.message).toMatch(/^request\.path: the target has a query, and the request a path of its own/);
  expect(refused.extras.errors).toEqual([{ field: 'body.scenario.request.path', message: expect.any(String) }]);
  const mix = [1, 2].map((weight) => ({ weight, request: weight === 2 ? withPath.request : scenario.request }));
  expect(refusal(() => runs.start({ targetId: 'search', scenario: { ...scenario, mix } }, 'ada')).message).toMatch(
    /^mix\.1\.request\.path: /
  );
  expect(seen).toEqual([]);
  expect(runs.start({ targetId: 'search', scenario }, 'ada').run.target.url).toBe('http://shop.test/find?q=1');
});
