import { type Fault, type FaultPreview, type FaultQuery, isFaultOver, type StartFault } from '@evenkeel/contract/fault';
import type { FaultOrder, PlannedFault } from '@evenkeel/contract/faultPlan';
import { Refusal } from '@evenkeel/contract/refusal';
import type { Inverse } from '@evenkeel/core/faults/faultDriver';
import { effectText, podsText } from '@evenkeel/core/faults/faultText';
import type { Stoppable } from '../safety/ports/stoppable.ts';
import { FaultLife } from './faultLife.ts';
import type { RecordParts } from './faultRecord.ts';
import { surveyFault } from './faultSurvey.ts';
import type { GuardrailSettings } from './guardrails.ts';
import { openEntries } from './journalReading.ts';
import { LeftoverSearch } from './leftoverSearch.ts';
import { newFault } from './newFault.ts';
import { messageOf } from './patience.ts';
import { planConflicts } from './planConflicts.ts';
import { PodRest } from './podRest.ts';
import type { FaultPlace, FaultPlaces } from './ports/faultPlaces.ts';
import type { SteadySecond } from './steadyStateGuard.ts';

export interface FaultServiceParts extends RecordParts {
  readonly places: FaultPlaces;
  readonly guardrails: GuardrailSettings;
  readonly newId: () => string;
  /** A fresh seed, 0 to 2^32 - 1, for a fault that was asked for without one. */
  readonly newSeed: () => number;
  /** Throws the refusal when nothing new may start now: the safety lever is engaged, the service is not ready. */
  readonly admit: () => void;
  /** Id of the run that loads the target now; null when there is none. */
  readonly activeRun: (targetId: string) => string | null;
}

/** Faults that are over and are kept for the history. */
const KEPT_FAULTS = 5000;
const WATCH_EVERY_MS = 1000;

/** The life of every fault: preview, inject, watch, revert, and putting things right after a crash. */
export class FaultService implements Stoppable {
  readonly #parts: FaultServiceParts;
  readonly #lives = new Map<string, FaultLife>();
  /** Pods of faults that are being written down: taken, though no fault is on record yet. */
  readonly #taken = new Map<string, { readonly targetId: string; readonly pods: readonly string[] }>();
  readonly #rest: PodRest;
  readonly #leftovers: LeftoverSearch;
  #problem: string | null = 'The fault journal was not reconciled yet.';
  #stops = 0;
  #closed = false;
  #cancelWatch: () => void = () => {};
  #leavePlaces: (() => void)[] = [];

  constructor(parts: FaultServiceParts) {
    this.#parts = parts;
    this.#rest = new PodRest(() => parts.clock.monotonic());
    this.#leftovers = new LeftoverSearch(parts, (id) => this.#lives.has(id) || this.#taken.has(id));
  }

  /** Why the service must not say that it is ready, each in a sentence. */
  problems(): string[] {
    return this.#problem === null ? [] : [this.#problem];
  }

  /**
   * To be called once before anything else: takes back whatever the journal or the places still know of, and resolves when
   * each has been tried. A journal that cannot be read is asked again, and is a problem of the service until it can.
   */
  async reconcile(): Promise<void> {
    // A restarted pod takes its fault along; what is over must not be called active.
    this.#leavePlaces = this.#parts.places.list().map(({ driver }) => driver.onLost((...what) => this.#lost(...what)));
    const problem = (sentence: string) => {
      this.#problem = sentence;
    };
    // Without the journal nothing that is found in a place is known, and so all of it is taken back.
    const search = () => this.#leftovers.search();
    const open = await openEntries(this.#parts, problem, search, () => this.#closed);
    const ends = open.map(async (entry) => {
      const { fault } = entry;
      const place = this.#parts.places.get(fault.targetId);
      const life = new FaultLife(this.#parts, entry, place?.driver ?? null);
      this.#lives.set(fault.id, life);
      await life.end(
        'interrupted',
        `The service ended while it was ${fault.state}; it is taken back on the next start.`
      );
    });
    await Promise.all(ends);
    await this.#leftovers.search();
    this.#sweep();
    if (this.#lives.size > 0) this.#watch();
    this.#problem = null;
    this.#leftovers.repeat();
  }

  /** What a fault would do now. Throws a refusal for a target that faults are not allowed on. */
  preview({ targetId, fault }: StartFault): FaultPreview {
    return this.#survey(this.#place(targetId), fault, fault.seed ?? this.#parts.newSeed());
  }

  /** Throws the refusal of a plan that could not be carried out as things are: to be asked before a run is started. */
  checkPlan(targetId: string, plan: readonly PlannedFault[]): void {
    if (plan.length === 0) return;
    const place = this.#place(targetId);
    const impossible = plan.flatMap(({ atSecond, ...order }, index) =>
      this.#survey(place, order, order.seed ?? 0).refusals.map((message) => ({ index, message }))
    );
    const refusals = [...impossible, ...planConflicts(plan, this.#parts.guardrails.cooldownMs)].map(
      ({ index, message }) => ({ field: `scenario.faults.${index}`, message })
    );
    if (refusals.length === 0) return;
    throw new Refusal('fault-refused', refusals.map(({ message }) => message).join(' '), { errors: refusals });
  }

  /**
   * Injects a fault: resolves when it is in the journal and being injected. Throws a refusal with every reason why not;
   * nothing was written or touched then. `plannedIn` is the run whose plan this is part of.
   */
  async start({ targetId, fault: order }: StartFault, by: string, plannedIn: string | null = null): Promise<Fault> {
    const { clock, journal, newId, newSeed, admit, activeRun } = this.#parts;
    this.#admit(admit);
    const place = this.#place(targetId);
    const survey = this.#survey(place, order, order.seed ?? newSeed());
    if (!survey.allowed) {
      throw new Refusal('fault-refused', survey.refusals.join(' '), {
        errors: survey.refusals.map((message) => ({ field: 'body.fault', message })),
      });
    }
    const id = newId();
    const createdAt = clock.now();
    const deadline = clock.monotonic() + order.forSeconds * 1000;
    const stops = this.#stops;
    this.#taken.set(id, { targetId, pods: survey.pods });
    try {
      const inverses = await this.#inverses(place, id, survey);
      if (this.#stops !== stops) throw new Refusal('wrong-state', 'Everything was stopped before the fault began.');
      this.#admit(admit);
      const fault = newFault(place, survey, {
        id,
        runId: plannedIn ?? activeRun(targetId),
        planned: plannedIn !== null,
        severity: order.severity ?? null,
        startedBy: by,
        createdAt,
      });
      journal.plan({ fault, inverses });
      const life = new FaultLife(this.#parts, { fault, inverses }, place.driver);
      this.#lives.set(id, life);
      this.#watch();
      const injected = life.inject(deadline);
      injected.catch((error) => {
        this.#parts.complain(`the injection of fault ${id} failed`, error);
        void life.end('inject-failed', messageOf(error));
      });
      return life.fault;
    } finally {
      this.#taken.delete(id);
    }
  }

  /** Faults that are not over. */
  open(): readonly Fault[] {
    return [...this.#lives.values()].map(({ fault }) => fault).filter(({ endedAt }) => endedAt === null);
  }

  /** Throws a refusal when there is none. */
  get(id: string): Fault {
    const fault = this.#lives.get(id)?.fault ?? this.#parts.journal.get(id);
    if (fault === undefined) throw new Refusal('not-found', `There is no fault "${id}".`);
    return fault;
  }

  /** One page of the history, the newest first. Each fault is read when its turn comes. */
  list(query: FaultQuery): { faults: Iterable<Fault>; total: number } {
    const page = this.#parts.journal.find(query);
    // The journal may be behind while it cannot be written.
    const ids = page.ids.filter((id) => {
      const live = this.#lives.get(id);
      return query.is === undefined || live === undefined || (query.is === 'over') === isFaultOver(live.fault.state);
    });
    return { faults: this.#read(ids), total: page.total - (page.ids.length - ids.length) };
  }

  /** Takes a fault back and resolves when that was tried. One that is over stays as it is. */
  async revert(id: string, by: string): Promise<Fault> {
    const life = this.#lives.get(id);
    if (life === undefined) return this.get(id);
    if (life.fault.state !== 'revert-failed') await life.end('reverted', `Reverted by ${by}.`);
    else if (life.placeGone && life.timeIsOver) life.closeUnchecked(by);
    else await life.retry();
    this.#sweep();
    return this.get(id);
  }

  /** The safety lever: takes back everything at once. */
  stopAll(reason: string): string[] {
    this.#stops++;
    const lives = [...this.#lives.values()].filter(({ record }) => !record.over);
    for (const life of lives) {
      if (life.fault.state === 'revert-failed') void life.retry();
      else this.#end(life, 'safety-stop', `The safety lever was pulled: ${reason}`);
    }
    return lives.map(({ fault }) => fault.id);
  }

  /** One second of the run that loads a target, for the steady-state guards. */
  observe(targetId: string, second: SteadySecond): void {
    const at = this.#parts.clock.monotonic();
    for (const life of this.#lives.values()) {
      if (life.fault.targetId !== targetId || life.ending) continue;
      const breach = life.guard.observe(second, at);
      if (breach !== null) this.#end(life, 'guard', `The steady state was left: ${breach}.`);
    }
  }

  /** The run of a target ended: faults of its plan end with it, and the guards of others rest. */
  runEnded(targetId: string, runId: string): void {
    for (const life of this.#lives.values()) if (life.fault.targetId === targetId) life.guard.rest();
    this.endOfRun(runId).catch((error) => this.#parts.complain(`the faults of run ${runId} did not end`, error));
  }

  /** Ends the faults of a run's plan and resolves when each was taken back, or that was tried. */
  async endOfRun(runId: string): Promise<void> {
    const planned = [...this.#lives.values()].filter(({ fault }) => fault.planned && fault.runId === runId);
    await Promise.all(planned.map((life) => life.end('run-ended', 'The run ended.')));
  }

  /** Takes everything back; nothing new is injected any more. Resolves when each revert was tried. */
  async shutdown(): Promise<void> {
    this.#closed = true;
    this.#stops++;
    this.#leftovers.stop();
    for (const leave of this.#leavePlaces.splice(0)) leave();
    await Promise.all([...this.#lives.values()].map((life) => life.end('shutdown', 'The service was shut down.')));
    for (const life of this.#lives.values()) life.stop();
    this.#sweep();
    this.#cancelWatch();
  }

  *#read(ids: readonly string[]): Generator<Fault> {
    for (const id of ids) {
      const fault = this.#lives.get(id)?.fault ?? this.#parts.journal.get(id);
      if (fault !== undefined) yield fault;
    }
  }

  #admit(admit: () => void): void {
    if (this.#closed) throw new Refusal('not-ready', 'The service is shutting down.');
    if (this.#problem !== null) throw new Refusal('not-ready', this.#problem, { retryAfterSeconds: 2 });
    admit();
  }

  #place(targetId: string): FaultPlace {
    const place = this.#parts.places.get(targetId);
    if (place !== undefined) return place;
    const allowed = this.#parts.places.list().map((each) => each.targetId);
    throw new Refusal(
      'target-refused',
      `Faults are not allowed on the target "${targetId}"; ${allowed.length === 0 ? 'no target allows them here' : `they are on ${allowed.join(', ')}`}.`,
      { errors: [{ field: 'body.targetId', message: 'is no target that faults may be injected into' }] }
    );
  }

  #survey(place: FaultPlace, order: FaultOrder, seed: number): FaultPreview {
    this.#sweep();
    return surveyFault(
      place,
      order,
      seed,
      {
        faultOf: (targetId, pod) => this.#faultOf(targetId, pod),
        sinceFaultMs: (targetId, pod) => this.#rest.sinceMs(targetId, pod),
      },
      this.#parts.guardrails
    );
  }

  #faultOf(targetId: string, pod: string): string | null {
    for (const [id, taken] of this.#taken) if (taken.targetId === targetId && taken.pods.includes(pod)) return id;
    for (const { fault, record } of this.#lives.values()) {
      if (!record.over && fault.targetId === targetId && fault.pods.some((entry) => entry.pod === pod)) return fault.id;
    }
    return null;
  }

  async #inverses(place: FaultPlace, faultId: string, { pods, effect }: FaultPreview): Promise<Inverse[]> {
    try {
      return await Promise.all(pods.map((pod) => place.driver.inverse({ faultId, pod, effect })));
    } catch (error) {
      throw new Refusal(
        'fault-refused',
        `How to take ${effectText(effect)} back from ${podsText(pods)} cannot be told (${messageOf(error)}), so it is not injected.`
      );
    }
  }

  #end(life: FaultLife, ...why: Parameters<FaultLife['end']>): void {
    life.end(...why).catch((error) => this.#parts.complain(`the revert of fault ${life.fault.id} failed`, error));
  }

  #lost({ faultId, pod }: Inverse, why: string): void {
    const lost = this.#lives.get(faultId)?.lost(pod, why);
    lost?.catch((error) => this.#parts.complain(`the end of fault ${faultId} failed`, error));
  }

  /** Each second while there is a fault: guards that went blind, records that are not written, faults that are over. */
  #watch(): void {
    this.#cancelWatch();
    this.#cancelWatch = this.#parts.clock.after(WATCH_EVERY_MS, () => {
      const at = this.#parts.clock.monotonic();
      for (const life of this.#lives.values()) {
        if (!life.record.saved) life.record.save();
        if (life.ending) continue;
        const blind = life.guard.check(at);
        if (blind !== null) this.#end(life, 'guard', `The steady state was left: ${blind}.`);
      }
      this.#sweep();
      if (this.#lives.size > 0) this.#watch();
    });
  }

  /** Lets go of faults that are over and written down. */
  #sweep(): void {
    for (const [id, { fault, record }] of this.#lives) {
      if (!record.over || !record.saved) continue;
      this.#lives.delete(id);
      const agoMs = Math.max(0, this.#parts.clock.now() - fault.endedAt!);
      for (const { pod } of fault.pods) this.#rest.ended(fault.targetId, pod, agoMs);
      try {
        this.#parts.journal.prune(KEPT_FAULTS);
      } catch (error) {
        this.#parts.complain('old faults could not be removed', error);
      }
    }
    if (this.#lives.size > 0 && !this.#closed) return;
    this.#cancelWatch();
  }
}
