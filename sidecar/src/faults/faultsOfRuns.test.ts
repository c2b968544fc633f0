import type { Fault } from '@evenkeel/contract/fault';
import type { PlannedFault } from '@evenkeel/contract/faultPlan';
import { type Run, runSchema } from '@evenkeel/contract/run';
import type { Sample } from '@evenkeel/contract/sample';
import type { LoadSecond } from '@evenkeel/core/run/loadEngine';
import type { FaultMark } from '@evenkeel/core/run/runFaults';
import { MemoryAuditLog } from '../safety/ports/auditLog.ts';
import { FaultService } from './faultService.ts';
import { FaultsOfRuns } from './faultsOfRuns.ts';
import { STANDARD_GUARDRAILS } from './guardrails.ts';
import { fixedPlaces } from './ports/faultPlaces.ts';
import { FakeFaultClock, settle } from './testing/fakeFaultClock.ts';
import { FakeFaultDriver, FakeFaultPlace } from './testing/fakeFaultPlace.ts';
import { MemoryFaultJournal } from './testing/memoryFaultJournal.ts';

const LATENCY: PlannedFault = {
  type: 'latency',
  severity: 'low',
  scope: { pod: 'pod-1' },
  atSecond: 5,
  forSeconds: 10,
};

function runWith(faults: readonly PlannedFault[], id = 'run-1'): Run {
  return runSchema.parse({
    id,
    state: 'pending',
    reason: null,
    scenario: {
      name: 'Plan',
      load: { model: 'rate', stages: [{ from: 10, to: 10, durationSeconds: 60 }] },
      faults,
    },
    target: {
      id: 'demo',
      name: 'Demo',
      kind: 'embedded',
      url: 'http://127.0.0.1:9000/',
      attribution: { header: 'x-pod' },
      balancer: 'none',
    },
    createdAt: 0,
    startedAt: null,
    endedAt: null,
    startedBy: 'ada',
    labels: {},
    note: '',
    baseline: false,
  });
}

async function world() {
  const clock = new FakeFaultClock();
  const place = new FakeFaultPlace(clock, 4);
  const driver = new FakeFaultDriver(place, clock);
  const complaints: string[] = [];
  const complain = (message: string) => void complaints.push(message);
  const runs = new FaultsOfRuns(clock, complain);
  let ids = 0;
  const service = new FaultService({
    places: fixedPlaces([{ targetId: 'demo', targetName: 'Demo', directory: place, driver }]),
    journal: new MemoryFaultJournal(),
    clock,
    audit: new MemoryAuditLog(),
    observer: runs,
    complain,
    guardrails: STANDARD_GUARDRAILS,
    newId: () => `f${++ids}`,
    newSeed: () => 1,
    admit: () => {},
    activeRun: () => 'run-1',
  });
  runs.attach(service);
  await service.reconcile();
  const marks: FaultMark[] = [];
  const begin = (run: Run) => {
    runs.runStarted(run);
    return runs.forRun(run).follow((mark) => void marks.push(mark));
  };
  return { clock, place, service, runs, complaints, marks, begin };
}

const secondAt = (second: number, at: number) => ({ second, at }) as LoadSecond;

it('injects what a scenario plans at its second, in the name of who started the run, and marks each step', async () => {
  const { clock, place, service, marks, begin } = await world();
  begin(runWith([LATENCY, { ...LATENCY, scope: { pod: 'pod-2' }, atSecond: 8 }]));
  await clock.advance(4999);
  expect(place.landed.size).toBe(0);
  await clock.advance(1);
  expect([...place.landed.keys()]).toEqual(['pod-1']);
  await clock.advance(3000);
  expect([...place.landed.keys()]).toEqual(['pod-1', 'pod-2']);
  expect(service.get('f1')).toMatchObject({ planned: true, runId: 'run-1', startedBy: 'ada' });
  await clock.advance(7000);
  const first = marks.filter(({ fault }) => fault?.id === 'f1');
  expect(first.map(({ kind }) => kind)).toEqual([
    'fault-injecting',
    'fault-active',
    'fault-reverting',
    'fault-reverted',
  ]);
  expect(first[1]!.text).toBe('50 ms latency on pod-1.');
  expect(first[2]!.text).toBe('50 ms latency: Its time was over.');
});

it("moves the plan to the engine's time axis when the load begins later than the run", async () => {
  const { clock, place, runs, begin } = await world();
  const run = runWith([LATENCY]);
  begin(run);
  await clock.advance(1500);
  runs.second(run, secondAt(0, clock.now() - 1000));
  runs.second(run, secondAt(1, clock.now() + 5000));
  await clock.advance(3999);
  expect(place.landed.size).toBe(0);
  await clock.advance(1);
  expect(place.landed.size).toBe(1);
});

it('ends the plan with the load: what is active, and what did not begin', async () => {
  const { clock, place, service, runs, begin } = await world();
  const run = runWith([LATENCY, { ...LATENCY, scope: { pod: 'pod-2' }, atSecond: 30 }]);
  begin(run);
  await clock.advance(6000);
  const { atSecond: _, ...order } = LATENCY;
  await service.start({ targetId: 'demo', fault: { ...order, scope: { pod: 'pod-3' } } }, 'grace');
  await settle();
  const feed = runs.forRun(run);
  expect(feed.open().map(({ id }) => id)).toEqual(['f1', 'f2']);
  await feed.endPlanned();
  expect(service.get('f1')).toMatchObject({ state: 'reverted', ending: 'run-ended' });
  expect([...place.landed.keys()]).toEqual(['pod-3']);
  runs.runEnded(run);
  await clock.advance(3000);
  expect([...place.landed.keys()]).toEqual(['pod-3']);
  await clock.advance(30_000);
  expect(place.landed.size).toBe(0);
});

it('says in the run what was planned and could not be injected', async () => {
  const { clock, place, marks, complaints, begin } = await world();
  begin(runWith([LATENCY]));
  place.notReady.add('pod-1');
  await clock.advance(5000);
  expect(marks).toMatchObject([{ kind: 'fault-refused', fault: null }]);
  expect(marks[0]!.text).toContain('50 ms latency was planned and not injected: pod-1 is not ready');
  expect(complaints).toHaveLength(1);
});

it('feeds the guards with what the run measures', async () => {
  const { clock, service, runs, begin } = await world();
  const run = runWith([LATENCY]);
  begin(run);
  await clock.advance(5000);
  const sample = (ok: number, p99: number) =>
    ({
      completed: 100,
      outcomes: { ok },
      response: { p99 },
      balance: { scorePercent: 99 },
      phase: 'measuring',
    }) as Sample;
  runs.sample(run, sample(40, 10));
  runs.sample(run, sample(45, 10));
  await settle();
  const fault: Fault = service.get('f1');
  expect(fault).toMatchObject({ ending: 'guard', state: 'reverted' });
  expect(fault.reason).toContain('the error rate was 55.0 %');
});

it('a run hears nothing of another target, nor after it left', async () => {
  const { clock, runs, marks, begin } = await world();
  const other = runWith([], 'run-2');
  const elsewhere: FaultMark[] = [];
  runs.forRun({ ...other, target: { ...other.target, id: 'shop' } }).follow((mark) => void elsewhere.push(mark));
  const leave = begin(runWith([LATENCY]));
  await clock.advance(5000);
  expect(marks).toHaveLength(2);
  leave();
  await clock.advance(20_000);
  expect(marks).toHaveLength(2);
  expect(elsewhere).toEqual([]);
});
