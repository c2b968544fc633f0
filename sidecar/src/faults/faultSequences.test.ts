import type { Fault } from '@evenkeel/contract/fault';
import { isFaultOver } from '@evenkeel/contract/fault';
import { Refusal } from '@evenkeel/contract/refusal';
import type { FaultDriver } from '@evenkeel/core/faults/faultDriver';
import fc from 'fast-check';
import { MemoryAuditLog } from '../safety/ports/auditLog.ts';
import { FaultService } from './faultService.ts';
import type { FaultJournal } from './ports/faultJournal.ts';
import { fixedPlaces } from './ports/faultPlaces.ts';
import { FakeFaultClock, settle } from './testing/fakeFaultClock.ts';
import { type CallFate, FakeFaultDriver, FakeFaultPlace } from './testing/fakeFaultPlace.ts';
import { MemoryFaultJournal } from './testing/memoryFaultJournal.ts';

/**
 * Random sequences of inject, revert, expire, crash and restart against pods that outlive the service, with driver calls that
 * are slow, fail, or do their work although they fail, and with crashes in the middle of anything.
 */
const SEQUENCES = 10_000;
const PODS = 4;

type Action =
  | { readonly do: 'inject'; readonly pods: number; readonly forSeconds: number; readonly seed: number }
  | { readonly do: 'revert'; readonly which: number }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'stop-all' }
  | { readonly do: 'bad-second' }
  | { readonly do: 'pod-restart'; readonly which: number }
  | { readonly do: 'shutdown' }
  /** Dies now, or after so many more writes and driver calls. */
  | { readonly do: 'crash'; readonly after: number }
  | { readonly do: 'restart' };

const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('inject' as const),
      pods: fc.integer({ min: 1, max: 2 }),
      forSeconds: fc.integer({ min: 1, max: 30 }),
      seed: fc.nat(1000),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('revert' as const), which: fc.nat(5) }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 12_000 }) }) },
  { weight: 1, arbitrary: fc.constant({ do: 'stop-all' as const }) },
  { weight: 1, arbitrary: fc.constant({ do: 'bad-second' as const }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('pod-restart' as const), which: fc.nat(PODS - 1) }) },
  { weight: 1, arbitrary: fc.constant({ do: 'shutdown' as const }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('crash' as const), after: fc.nat(16) }) },
  { weight: 3, arbitrary: fc.constant({ do: 'restart' as const }) }
);

const fate: fc.Arbitrary<CallFate> = fc.oneof(
  { weight: 6, arbitrary: fc.constant({ delayMs: 0, fails: false, landsAnyway: false }) },
  {
    weight: 3,
    arbitrary: fc.record({
      delayMs: fc.integer({ min: 1, max: 9000 }),
      fails: fc.boolean(),
      landsAnyway: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ delayMs: fc.constant(0), fails: fc.constant(true), landsAnyway: fc.boolean() }) }
);

/** One process of the service: after its death nothing of it writes, calls, or fires any more. */
class Process {
  readonly service: FaultService;
  readonly #clock;
  #budget = Number.POSITIVE_INFINITY;
  dead = false;
  ready = false;

  constructor(world: World) {
    this.#clock = world.clock.process();
    const target = { targetId: 'demo', targetName: 'Demo', directory: world.place };
    this.service = new FaultService({
      places: fixedPlaces([{ ...target, driver: this.#driver(world.driver) }]),
      journal: this.#journal(world.journal),
      clock: this.#clock,
      audit: new MemoryAuditLog(),
      observer: { step: () => {} },
      complain: () => {},
      guardrails: { maxPodsPercent: 75, minHealthyPods: 1, cooldownMs: 500 },
      newId: () => world.newId(),
      newSeed: () => 1,
      admit: () => {},
      activeRun: () => null,
    });
  }

  kill(after: number): void {
    this.#budget = Math.min(this.#budget, after);
    if (after === 0) this.#die();
  }

  #die(): void {
    this.dead = true;
    this.#clock.kill();
  }

  /** Counts one write or call; false when the process died before it. */
  #lives(): boolean {
    if (!this.dead && --this.#budget < 0) this.#die();
    return !this.dead;
  }

  #journal(journal: FaultJournal): FaultJournal {
    const alive = <T>(work: () => T): T => {
      if (!this.#lives()) throw new Error('the process is dead');
      return work();
    };
    return {
      plan: (entry) => alive(() => journal.plan(entry)),
      update: (fault) => alive(() => journal.update(fault)),
      open: () => alive(() => journal.open()),
      get: (id) => journal.get(id),
      find: (query) => journal.find(query),
      prune: (keep) => journal.prune(keep),
    };
  }

  /** A call that was made goes on in the place, whether or not the caller lives to hear of it. */
  #driver(driver: FaultDriver): FaultDriver {
    const call = <T>(work: () => Promise<T>): Promise<T> => {
      const never = new Promise<T>(() => {});
      if (!this.#lives()) return never;
      return work().then(
        (value) => (this.dead ? never : value),
        (error) => {
          if (this.dead) return never;
          throw error;
        }
      );
    };
    return {
      name: driver.name,
      unsupported: (effect) => driver.unsupported(effect),
      labels: (pod) => driver.labels(pod),
      inverse: (injection) => call(() => driver.inverse(injection)),
      apply: (injection, inverse, ttlMs) => call(() => driver.apply(injection, inverse, ttlMs)),
      probe: (injection) => call(() => driver.probe(injection)),
      revert: (inverse) => call(() => driver.revert(inverse)),
      onLost: (listener) => driver.onLost((inverse, why) => this.dead || listener(inverse, why)),
      leftovers: () => call(() => driver.leftovers()),
    };
  }
}

class World {
  readonly clock = new FakeFaultClock();
  readonly place = new FakeFaultPlace(this.clock, PODS);
  readonly driver = new FakeFaultDriver(this.place, this.clock);
  readonly journal = new MemoryFaultJournal();
  /** When each fault must be over, on the monotonic clock: set when it was asked for. */
  readonly deadlines = new Map<string, number>();
  #ids = 0;
  #process: Process | null = null;
  readonly #fates: readonly CallFate[];
  #calls = 0;

  constructor(fates: readonly CallFate[]) {
    this.#fates = fates;
    this.driver.fate = () => this.#fates[this.#calls++ % this.#fates.length]!;
  }

  newId(): string {
    return `f${++this.#ids}`;
  }

  async act(action: Action): Promise<void> {
    const live = this.#process?.dead === false ? this.#process : null;
    switch (action.do) {
      case 'restart':
        if (live === null) await this.start();
        break;
      case 'wait':
        await this.pass(action.ms);
        break;
      case 'crash':
        live?.kill(action.after);
        break;
      case 'inject':
        if (live?.ready) await this.#inject(live, action);
        break;
      case 'revert': {
        const open = live?.service.open() ?? [];
        const fault = open[action.which % Math.max(1, open.length)];
        if (fault) void live!.service.revert(fault.id, 'ada').catch(() => {});
        break;
      }
      case 'stop-all':
        live?.service.stopAll('fire');
        break;
      case 'bad-second':
        live?.service.observe('demo', { errorRatePercent: 99, p99Ms: 1, balancePercent: null });
        break;
      case 'pod-restart':
        this.place.restart(this.place.names[action.which]!);
        break;
      case 'shutdown':
        if (live?.ready) void live.service.shutdown().catch(() => {});
        break;
    }
    await settle();
    this.check();
  }

  async start(): Promise<void> {
    const process = new Process(this);
    this.#process = process;
    void process.service.reconcile().then(
      () => {
        process.ready = true;
      },
      () => {}
    );
    await settle();
  }

  crash(): void {
    this.#process?.kill(0);
  }

  /** Lets time pass in small pieces, with a look at the invariant after each. */
  async pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 1500) {
      await this.clock.advance(Math.min(1500, left));
      this.check();
    }
  }

  async #inject(process: Process, { pods, forSeconds, seed }: Action & { do: 'inject' }): Promise<void> {
    const before = this.#ids;
    const deadline = this.clock.monotonic() + forSeconds * 1000;
    const fault = { type: 'latency', severity: 'low', scope: { count: pods }, forSeconds, seed } as const;
    const started = process.service.start({ targetId: 'demo', fault }, 'ada');
    started.catch((error) => {
      if (!(error instanceof Refusal) && !process.dead) throw error;
    });
    if (this.#ids > before) this.deadlines.set(`f${this.#ids}`, deadline);
    await settle();
  }

  /** No fault outlives its expiry, and nothing is in effect that was not written down first. */
  check(): void {
    for (const [pod, { faultId }] of this.place.landed) {
      if (this.clock.monotonic() > this.deadlines.get(faultId)!)
        throw new Error(`${faultId} outlives its expiry on ${pod}`);
      if (this.journal.get(faultId) === undefined) throw new Error(`${faultId} was applied before it was written down`);
    }
    for (const { fault } of this.journal.open()) this.#checkRecord(fault);
    for (const { faultId } of this.place.landed.values()) {
      // After a crash a call of the dead process may still land: the search for leftovers finds it, or its expiry.
      const { state, ending } = this.journal.get(faultId)!;
      if (isFaultOver(state) && ending !== 'interrupted') throw new Error(`${faultId} is ${state} and still in effect`);
    }
  }

  #checkRecord(fault: Fault): void {
    if ((fault.endedAt !== null) !== isFaultOver(fault.state))
      throw new Error(`${fault.id} is ${fault.state} and ended`);
  }

  /** What must hold at the very end, with a service that is up and a driver that works again. */
  checkEnd(): void {
    if (this.place.landed.size > 0) throw new Error('something is left in effect');
    const open = this.journal
      .find({ is: 'open', limit: 200, offset: 0 })
      .ids.map((id) => `${id} ${this.journal.get(id)!.state}`);
    if (open.length > 0) throw new Error(`still open: ${open.join(', ')}`);
    for (const [key, applied] of this.place.applied) {
      const { reverted, expired, lost } = this.place;
      const ended = (reverted.get(key) ?? 0) + (expired.get(key) ?? 0) + (lost.get(key) ?? 0);
      if (ended !== applied) throw new Error(`${key} was applied ${applied} times and ended ${ended} times`);
    }
  }
}

it(`no fault outlives its expiry, and every inverse runs once or is harmless, over ${SEQUENCES} random sequences`, async () => {
  let injected = 0;
  let crashes = 0;
  let expiredAlone = 0;
  let lost = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(action, { minLength: 5, maxLength: 20 }),
      fc.array(fate, { minLength: 1, maxLength: 12 }),
      async (actions, fates) => {
        const world = new World(fates);
        await world.start();
        for (const step of actions) await world.act(step);
        crashes += actions.filter((step) => step.do === 'crash').length;
        // Without a restart: by the last expiry everything is over, with nobody to take it back.
        world.crash();
        await world.pass(60_000);
        if (world.place.landed.size > 0) throw new Error('something outlived its expiry without the service');
        // With one: the journal is put right within ten seconds.
        world.driver.fate = () => ({ delayMs: 0, fails: false, landsAnyway: false });
        await world.start();
        await world.pass(10_000);
        world.checkEnd();
        injected += world.place.applied.size;
        expiredAlone += world.place.expired.size;
        lost += world.place.lost.size;
      }
    ),
    { numRuns: SEQUENCES, seed: 6, endOnFailure: false }
  );
  // The sequences are worth something only if they do what they are about.
  expect(injected).toBeGreaterThan(SEQUENCES);
  expect(crashes).toBeGreaterThan(SEQUENCES / 2);
  expect(expiredAlone).toBeGreaterThan(SEQUENCES / 20);
  expect(lost).toBeGreaterThan(SEQUENCES / 100);
});
