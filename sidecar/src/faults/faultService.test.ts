import type { Fault, FaultState } from '@evenkeel/contract/fault';
import type { FaultOrder } from '@evenkeel/contract/faultPlan';
import { Refusal } from '@evenkeel/contract/refusal';
import { MemoryAuditLog } from '../safety/ports/auditLog.ts';
import { FaultService } from './faultService.ts';
import { STANDARD_GUARDRAILS } from './guardrails.ts';
import { fixedPlaces } from './ports/faultPlaces.ts';
import { FakeFaultClock, settle } from './testing/fakeFaultClock.ts';
import { FakeFaultDriver, FakeFaultPlace, SMOOTH } from './testing/fakeFaultPlace.ts';
import { MemoryFaultJournal } from './testing/memoryFaultJournal.ts';

const LATENCY: FaultOrder = { type: 'latency', severity: 'medium', scope: { pod: 'pod-1' }, forSeconds: 20, seed: 1 };
const STEADY = { errorRatePercent: 0, p99Ms: 10, balancePercent: 99 };

function world(pods = 4) {
  const clock = new FakeFaultClock();
  const place = new FakeFaultPlace(clock, pods);
  const driver = new FakeFaultDriver(place, clock);
  const journal = new MemoryFaultJournal();
  const audit = new MemoryAuditLog();
  const steps: string[] = [];
  const complaints: string[] = [];
  let ids = 0;
  const state = { engaged: false };
  const serve = (places = fixedPlaces([{ targetId: 'demo', targetName: 'Demo', directory: place, driver }])) =>
    new FaultService({
      places,
      journal,
      clock,
      audit,
      observer: { step: (fault, step) => steps.push(`${fault.id} ${step.state}`) },
      complain: (message) => complaints.push(message),
      guardrails: STANDARD_GUARDRAILS,
      newId: () => `f${++ids}`,
      newSeed: () => 42,
      admit: () => {
        if (state.engaged) throw new Refusal('safety-engaged', 'The lever is engaged.');
      },
      activeRun: () => null,
    });
  const service = serve();
  return { clock, place, driver, journal, audit, steps, complaints, state, serve, service };
}

async function ready(pods?: number) {
  const parts = world(pods);
  await parts.service.reconcile();
  const start = (fault: FaultOrder = LATENCY) => parts.service.start({ targetId: 'demo', fault }, 'ada');
  const stateOf = (id = 'f1'): FaultState => parts.service.get(id).state;
  return { ...parts, start, stateOf };
}

const refused = async (attempt: Promise<unknown>) => {
  const error = await attempt.then(
    () => null,
    (thrown) => thrown
  );
  expect(error).toBeInstanceOf(Refusal);
  return error as Refusal;
};

describe('the life of a fault', () => {
  it('is planned, injected, proven, and taken back when its time is over', async () => {
    const { clock, place, service, start, steps, journal } = await ready();
    const fault = await start();
    expect(fault).toMatchObject({ state: 'injecting', seed: 1, effect: { delayMs: 250 }, startedBy: 'ada' });
    await settle();
    expect(service.get('f1').state).toBe('active');
    expect(place.landed.get('pod-1')?.faultId).toBe('f1');
    await clock.advance(19_999);
    expect(place.landed.size).toBe(1);
    await clock.advance(1);
    expect(place.landed.size).toBe(0);
    const over = journal.get('f1')!;
    expect(over).toMatchObject({ state: 'reverted', ending: 'expired', pods: [{ pod: 'pod-1', state: 'reverted' }] });
    expect(over.endedAt).toBe(over.createdAt + 20_000);
    expect(steps).toEqual(['f1 injecting', 'f1 active', 'f1 reverting', 'f1 reverted']);
    expect(over.steps.map(({ state }) => state)).toEqual(['planned', 'injecting', 'active', 'reverting', 'reverted']);
  });

  it('writes the way back down before anything is applied', async () => {
    const { driver, journal, start } = await ready();
    let open: number | null = null;
    driver.fate = (call) => {
      if (call === 'apply') open = journal.open().filter(({ inverses }) => inverses.length === 1).length;
      return SMOOTH;
    };
    await start();
    await settle();
    expect(open).toBe(1);
  });

  it('counts its time from the order, however long the injection takes', async () => {
    const { clock, driver, place, start, stateOf } = await ready();
    driver.fate = (call) => ({ ...SMOOTH, delayMs: call === 'apply' ? 4000 : 0 });
    await start();
    await clock.advance(19_999);
    expect(stateOf()).toBe('active');
    await clock.advance(1);
    expect([stateOf(), place.landed.size]).toEqual(['reverted', 0]);
  });

  it('is taken back by a person at once, and a second time without harm', async () => {
    const { service, place, start } = await ready();
    await start();
    await settle();
    expect(await service.revert('f1', 'grace')).toMatchObject({ state: 'reverted', ending: 'reverted' });
    expect(await service.revert('f1', 'grace')).toMatchObject({ reason: 'Reverted by grace.' });
    expect(place.reverted.get('f1/pod-1')).toBe(1);
    expect((await refused(service.revert('f9', 'grace'))).problem).toBe('not-found');
  });

  it('says honestly that it has no effect, and is taken back', async () => {
    const { driver, place, start, service } = await ready();
    driver.probed = { effective: false, evidence: 'a request took 3 ms' };
    await start();
    await settle();
    expect(service.get('f1')).toMatchObject({ state: 'not-effective', ending: 'not-effective' });
    expect(service.get('f1').reason).toContain('a request took 3 ms');
    expect(place.landed.size).toBe(0);
  });

  it('takes back the other pods when one cannot be injected', async () => {
    const { clock, driver, place, start, service } = await ready();
    driver.fate = (call, pod) => ({ ...SMOOTH, fails: call === 'apply' && pod === 'pod-3' });
    await start({ type: 'partition', scope: { label: 'zone=a' }, forSeconds: 30 });
    await clock.advance(10);
    expect(service.get('f1')).toMatchObject({ state: 'reverted', ending: 'inject-failed' });
    expect(service.get('f1').reason).toContain('pod-3: the apply went wrong');
    expect(place.applied.get('f1/pod-1')).toBe(1);
    expect(place.landed.size).toBe(0);
  });

  it('takes an injection back again that lands after the revert', async () => {
    const { clock, driver, place, service, start, stateOf } = await ready();
    driver.fate = (call) => ({ ...SMOOTH, delayMs: call === 'apply' ? 3000 : 0 });
    await start();
    await clock.advance(100);
    const reverted = service.revert('f1', 'grace');
    await clock.advance(3000);
    await reverted;
    expect(place.applied.get('f1/pod-1')).toBe(1);
    expect([stateOf(), place.landed.size]).toEqual(['reverted', 0]);
  });

  it('goes on trying when it cannot be taken back, says so, and succeeds in the end', async () => {
    const { clock, driver, place, start, stateOf, audit, service } = await ready();
    driver.fate = (call) => ({ ...SMOOTH, fails: call === 'revert' });
    await start();
    await settle();
    const reverted = service.revert('f1', 'grace');
    await clock.advance(9000);
    await reverted;
    expect(stateOf()).toBe('revert-failed');
    expect(audit.list(1)[0]).toMatchObject({ action: 'fault revert-failed', status: 500 });
    await clock.advance(60_000);
    expect([stateOf(), place.landed.size]).toEqual(['revert-failed', 0]);
    driver.fate = () => SMOOTH;
    await clock.advance(5000);
    expect(stateOf()).toBe('reverted');
  });
});

describe('what ends a fault early', () => {
  it('the steady-state guard, on the second bad second in a row', async () => {
    const { service, start, place } = await ready();
    await start();
    await settle();
    service.observe('demo', { ...STEADY, errorRatePercent: 51 });
    service.observe('demo', STEADY);
    service.observe('demo', { ...STEADY, errorRatePercent: 51 });
    expect(place.landed.size).toBe(1);
    service.observe('other', { ...STEADY, errorRatePercent: 90 });
    service.observe('demo', { ...STEADY, errorRatePercent: 52 });
    await settle();
    expect(place.landed.size).toBe(0);
    expect(service.get('f1')).toMatchObject({ ending: 'guard', state: 'reverted' });
    expect(service.get('f1').reason).toContain('the error rate was 52.0 %, above the limit of 50 %');
  });

  it.each([
    [{ p99Ms: 400, errorRatePercent: null, balancePercent: null }, { ...STEADY, p99Ms: 401 }, 'p99 was 401 ms'],
    [{ p99Ms: null, errorRatePercent: null, balancePercent: 90 }, { ...STEADY, balancePercent: 80 }, 'balance score'],
  ])('each limit of the guard: %j', async (guard, second, why) => {
    const { service, start } = await ready();
    await start({ ...LATENCY, guard });
    await settle();
    service.observe('demo', second);
    service.observe('demo', second);
    await settle();
    expect(service.get('f1').reason).toContain(why);
  });

  it('a run that goes silent, within four seconds; not one that ended', async () => {
    const { clock, service, start, stateOf } = await ready();
    await start();
    await start({ ...LATENCY, scope: { pod: 'pod-2' } });
    await settle();
    service.observe('demo', STEADY);
    service.runEnded('demo', 'some-run');
    await clock.advance(5000);
    expect(stateOf()).toBe('active');
    service.observe('demo', STEADY);
    await clock.advance(4000);
    expect([stateOf('f1'), stateOf('f2')]).toEqual(['reverted', 'reverted']);
    expect(service.get('f1').reason).toContain('nothing was heard of the run');
  });

  it('a restart of its pod, which took it along; of two pods, when the second is restarted as well', async () => {
    const { service, start, place, steps, audit } = await ready();
    await start({ ...LATENCY, scope: { label: 'zone=a' } });
    await settle();
    place.restart('pod-1');
    await settle();
    expect(service.get('f1')).toMatchObject({
      state: 'active',
      pods: [
        { pod: 'pod-1', state: 'reverted', note: 'pod-1 was restarted' },
        { pod: 'pod-3', state: 'active' },
      ],
    });
    place.restart('pod-3');
    await settle();
    expect(service.get('f1')).toMatchObject({ state: 'reverted', ending: 'lost' });
    expect(service.get('f1').pods.map(({ note }) => note)).toEqual(['pod-1 was restarted', 'pod-3 was restarted']);
    expect(steps).toEqual(['f1 injecting', 'f1 active', 'f1 reverting', 'f1 reverted']);
    expect(audit.list(2)[1]!.outcome).toBe('It is over before its time: pod-3 was restarted.');
  });

  it('a restart of its pod while it is being looked at', async () => {
    const { clock, driver, service, start, place } = await ready();
    driver.fate = (call) => ({ ...SMOOTH, delayMs: call === 'probe' ? 1000 : 0 });
    await start();
    await clock.advance(500);
    place.restart('pod-1');
    await clock.advance(1000);
    expect(service.get('f1')).toMatchObject({ state: 'reverted', ending: 'lost', activeAt: null });
  });

  it('the end of the run whose plan it is part of', async () => {
    const { service, place, start, stateOf } = await ready();
    await service.start({ targetId: 'demo', fault: LATENCY }, 'ada', 'run-1');
    await start({ ...LATENCY, scope: { pod: 'pod-2' } });
    await settle();
    service.runEnded('demo', 'run-2');
    expect(stateOf()).toBe('active');
    service.runEnded('demo', 'run-1');
    await settle();
    expect(service.get('f1')).toMatchObject({ ending: 'run-ended', runId: 'run-1', planned: true });
    expect([...place.landed.keys()]).toEqual(['pod-2']);
  });

  it('orders every way back before it writes anything, as the disk may take its time', async () => {
    const { service, start, driver, journal, audit } = await ready(8);
    await start();
    await start({ ...LATENCY, scope: { pod: 'pod-2' } });
    await settle();
    const order: string[] = [];
    const revert = driver.revert.bind(driver);
    driver.revert = (inverse) => {
      order.push('way back');
      return revert(inverse);
    };
    const update = journal.update.bind(journal);
    journal.update = (fault) => {
      order.push('written');
      update(fault);
    };
    const add = audit.add.bind(audit);
    audit.add = (entry) => {
      order.push('written');
      add(entry);
    };
    service.stopAll('fire');
    await settle();
    expect(order.slice(0, 3)).toEqual(['way back', 'way back', 'written']);
    expect(service.open()).toEqual([]);
  });

  it('the safety lever: all of them, also one that is being injected, and one that is only being written down', async () => {
    const { clock, driver, service, place, start } = await ready(8);
    await start();
    await settle();
    driver.fate = (call) => ({ ...SMOOTH, delayMs: call === 'apply' ? 2000 : 0 });
    await start({ ...LATENCY, scope: { pod: 'pod-2' } });
    driver.fate = (call) => ({ ...SMOOTH, delayMs: call === 'inverse' ? 2000 : 0 });
    const third = start({ ...LATENCY, scope: { pod: 'pod-3' } });
    await settle();
    expect(service.stopAll('fire')).toEqual(['f1', 'f2']);
    await settle();
    expect(place.landed.size).toBe(0);
    const refusal = refused(third);
    await clock.advance(2500);
    expect((await refusal).message).toContain('Everything was stopped');
    expect(place.landed.size).toBe(0);
    expect(service.list({ limit: 50, offset: 0 }).total).toBe(2);
    expect(service.get('f1')).toMatchObject({ ending: 'safety-stop', state: 'reverted' });
  });

  it('the shutdown of the service, after which nothing is injected', async () => {
    const { service, place, start, stateOf } = await ready();
    await start();
    await settle();
    await service.shutdown();
    expect([stateOf(), place.landed.size]).toEqual(['reverted', 0]);
    expect((await refused(start())).problem).toBe('not-ready');
  });
});

describe('refusals leave nothing behind', () => {
  it.each<[string, Partial<FaultOrder>, string]>([
    [
      'an unknown pod',
      { scope: { pod: 'pod-9' } },
      'There is no pod "pod-9"; the pods are pod-1, pod-2, pod-3, pod-4.',
    ],
    ['all pods', { scope: { percent: 100 } }, '4 of 4 pods would be under faults (100 %); at most 50 % are allowed.'],
    ['too many pods', { scope: { count: 3 } }, '3 of 4 pods would be under faults (75 %)'],
    ['more pods than there are', { scope: { count: 5 } }, '5 pods are asked for; only 4 are healthy'],
    ['a label that no pod has', { scope: { label: 'zone=c' } }, 'No pod has the label zone=c.'],
  ])('%s', async (_, change, why) => {
    const { service, start, journal, place } = await ready();
    const order = { ...LATENCY, ...change } as FaultOrder;
    const refusal = await refused(start(order));
    expect(refusal.problem).toBe('fault-refused');
    expect(refusal.message).toContain(why);
    const preview = service.preview({ targetId: 'demo', fault: order });
    expect(preview.allowed).toBe(false);
    expect(preview.refusals.join(' ')).toContain(why);
    expect([journal.open().length, place.landed.size]).toEqual([0, 0]);
  });

  it('overlapping faults, also two orders in the same moment', async () => {
    const { start, place } = await ready();
    const [first, second] = await Promise.allSettled([start(), start()]);
    expect([first.status, second.status]).toEqual(['fulfilled', 'rejected']);
    await settle();
    expect((await refused(start())).message).toContain('pod-1 is under the fault f1 already; one fault per pod');
    await start({ ...LATENCY, scope: { pod: 'pod-2' } });
    await settle();
    expect((await refused(start({ ...LATENCY, scope: { count: 1 } }))).message).toContain('3 of 4 pods');
    expect(place.landed.size).toBe(2);
  });

  it('a pod that rests between two faults, or is not ready', async () => {
    const { clock, service, start, place } = await ready();
    await start();
    await settle();
    await service.revert('f1', 'ada');
    await clock.advance(2000);
    expect((await refused(start())).message).toBe('pod-1 came out of a fault 2 s ago; wait 3 s more.');
    await clock.advance(3000);
    await start();
    place.notReady.add('pod-2');
    expect((await refused(start({ ...LATENCY, scope: { pod: 'pod-2' } }))).message).toContain('pod-2 is not ready');
  });

  it('the last healthy pod', async () => {
    const { start, place } = await ready(2);
    place.notReady.add('pod-2');
    expect((await refused(start())).message).toBe('0 healthy pods would remain; at least 1 must.');
  });

  it('an effect that the driver cannot make, or cannot take back', async () => {
    const { driver, start, journal } = await ready();
    driver.refuses = 'This cluster has no network policies.';
    expect((await refused(start())).message).toBe('This cluster has no network policies.');
    driver.refuses = null;
    driver.fate = (call) => ({ ...SMOOTH, fails: call === 'inverse' });
    expect((await refused(start())).message).toContain('so it is not injected');
    expect(journal.open()).toEqual([]);
    driver.fate = () => SMOOTH;
    await start();
  });

  it('a target that faults are not allowed on, the safety lever, and a service that is not ready', async () => {
    const { service, start, state, serve } = await ready();
    const elsewhere = service.start({ targetId: 'prod', fault: LATENCY }, 'ada');
    expect((await refused(elsewhere)).message).toContain(
      'Faults are not allowed on the target "prod"; they are on demo'
    );
    state.engaged = true;
    expect((await refused(start())).problem).toBe('safety-engaged');
    const unready = serve();
    expect(unready.problems()).toHaveLength(1);
    expect((await refused(unready.start({ targetId: 'demo', fault: LATENCY }, 'ada'))).problem).toBe('not-ready');
  });

  it('a plan of which one fault is impossible, before the run', async () => {
    const { service } = await ready();
    const fits = { ...LATENCY, atSecond: 5 };
    expect(() => service.checkPlan('demo', [fits])).not.toThrow();
    expect(() => service.checkPlan('demo', [fits, { ...fits, scope: { percent: 100 } }])).toThrow('4 of 4 pods');
    expect(() => service.checkPlan('demo', [fits, { ...fits, atSecond: 6 }])).toThrow('rests from it (until 30 s)');
    expect(() => service.checkPlan('prod', [fits])).toThrow('not allowed on the target');
    expect(() => service.checkPlan('prod', [])).not.toThrow();
  });
});

it('the preview names the very pods that are hit then', async () => {
  const { service, place } = await ready(10);
  const order: FaultOrder = { type: 'pod-failure', severity: 'medium', forSeconds: 30 };
  const preview = service.preview({ targetId: 'demo', fault: order });
  expect(preview).toMatchObject({ allowed: true, seed: 42, healthyPods: 10, remainingPods: 8, capacityPercent: 20 });
  expect(preview.stops).toHaveLength(4);
  expect(place.landed.size).toBe(0);
  await service.start({ targetId: 'demo', fault: { ...order, seed: preview.seed } }, 'ada');
  await settle();
  expect([...place.landed.keys()].sort()).toEqual(preview.pods);
});

describe('the next start', () => {
  const states: FaultState[] = ['planned', 'injecting', 'active', 'reverting', 'revert-failed'];
  it.each(states)('takes back what the journal calls %s, before it is ready', async (state) => {
    const { clock, place, journal, serve, steps } = world();
    const before = serve();
    await before.reconcile();
    await before.start({ targetId: 'demo', fault: LATENCY }, 'ada');
    await settle();
    journal.update({ ...(journal.get('f1') as Fault), state, endedAt: null });
    steps.length = 0;
    const after = serve();
    const done = after.reconcile();
    expect(after.problems()).toHaveLength(1);
    await done;
    expect(after.problems()).toEqual([]);
    expect(place.landed.size).toBe(0);
    expect(journal.get('f1')).toMatchObject({ state: 'reverted', ending: 'interrupted' });
    expect(steps).toEqual(['f1 reverting', 'f1 reverted']);
    await clock.advance(1);
  });

  it('takes back what no journal knows of, and says so in the audit log', async () => {
    const { clock, place, service, audit } = world();
    place.land('pod-2', { faultId: 'lost', effect: { type: 'latency', delayMs: 50, jitterMs: 0 }, deadline: 1e9 });
    await service.reconcile();
    expect(place.landed.size).toBe(0);
    expect(audit.list(1)[0]).toMatchObject({ action: 'fault leftover reverted', object: 'pod-2 of Demo (fault lost)' });
    place.land('pod-3', { faultId: 'later', effect: { type: 'latency', delayMs: 50, jitterMs: 0 }, deadline: 1e9 });
    await clock.advance(15_000);
    expect(place.landed.size).toBe(0);
  });

  it('asks a journal again that cannot be read, and is not ready before', async () => {
    const { clock, place, journal, serve } = world();
    const before = serve();
    await before.reconcile();
    await before.start({ targetId: 'demo', fault: LATENCY }, 'ada');
    await settle();
    const open = journal.open.bind(journal);
    journal.open = () => {
      throw new Error('the disk is gone');
    };
    const after = serve();
    const done = after.reconcile();
    await clock.advance(1500);
    expect(after.problems()).toEqual([
      expect.stringContaining('cannot be read, so faults may be left in effect: the disk'),
    ]);
    // What the place itself knows of is taken back without the journal.
    expect(place.landed.size).toBe(0);
    journal.open = open;
    await clock.advance(1000);
    await done;
    expect(after.problems()).toEqual([]);
    expect(place.landed.size).toBe(0);
  });

  it('writes down later what it took back while the journal could not be written', async () => {
    const { clock, journal, serve } = world();
    const before = serve();
    await before.reconcile();
    await before.start({ targetId: 'demo', fault: LATENCY }, 'ada');
    await settle();
    const update = journal.update.bind(journal);
    journal.update = () => {
      throw new Error('the disk is full');
    };
    const after = serve();
    await after.reconcile();
    expect(journal.get('f1')!.state).toBe('active');
    journal.update = update;
    await clock.advance(1000);
    expect(journal.get('f1')).toMatchObject({ state: 'reverted', ending: 'interrupted' });
  });

  it('is ready although a leftover cannot be taken back or the place does not answer, and tries the others', async () => {
    const { clock, driver, place, service, complaints } = world();
    const deadline = 1e9;
    for (const pod of ['pod-1', 'pod-2'])
      place.land(pod, { faultId: `lost-${pod}`, effect: { type: 'latency', delayMs: 50, jitterMs: 0 }, deadline });
    driver.fate = (call, pod) => ({ ...SMOOTH, delayMs: call === 'revert' && pod === 'pod-1' ? 1e8 : 0 });
    const done = service.reconcile();
    await clock.advance(8000);
    await done;
    expect(service.problems()).toEqual([]);
    expect([...place.landed.keys()]).toEqual(['pod-1']);
    expect(complaints).toEqual(['a leftover of the fault lost-pod-1 on pod-1 could not be taken back']);
    driver.fate = () => SMOOTH;
    await clock.advance(15_000);
    expect(place.landed.size).toBe(0);
  });

  it('keeps a fault whose place is gone in sight, until a person closes it after its time', async () => {
    const { clock, serve, journal } = world();
    const before = serve();
    await before.reconcile();
    await before.start({ targetId: 'demo', fault: LATENCY }, 'ada');
    await settle();
    const after = serve(fixedPlaces([]));
    await after.reconcile();
    expect(after.get('f1')).toMatchObject({ state: 'revert-failed' });
    expect(after.get('f1').pods[0]!.note).toContain('Demo is not known here any more');
    expect(await after.revert('f1', 'grace')).toMatchObject({ state: 'revert-failed' });
    await clock.advance(20_000);
    expect(await after.revert('f1', 'grace')).toMatchObject({ state: 'reverted' });
    expect(journal.get('f1')!.steps.at(-2)!.text).toContain('grace closed it');
  });
});

it('a journal that cannot be written stops an injection and never a revert', async () => {
  const { clock, journal, place, service, start, stateOf, complaints } = await ready();
  const plan = journal.plan.bind(journal);
  journal.plan = () => {
    throw new Error('the disk is full');
  };
  await expect(start()).rejects.toThrow('the disk is full');
  expect(place.landed.size).toBe(0);
  journal.plan = plan;
  await start();
  await settle();
  const update = journal.update.bind(journal);
  journal.update = () => {
    throw new Error('the disk is full');
  };
  await service.revert('f2', 'ada');
  expect(place.landed.size).toBe(0);
  expect(complaints).toEqual(['the journal did not take a step of fault f2']);
  expect(journal.get('f2')!.state).toBe('active');
  expect(stateOf('f2')).toBe('reverted');
  const open = service.list({ is: 'open', limit: 50, offset: 0 });
  expect([[...open.faults], open.total]).toEqual([[], 0]);
  journal.update = update;
  await clock.advance(1000);
  expect(journal.get('f2')!.state).toBe('reverted');
});
