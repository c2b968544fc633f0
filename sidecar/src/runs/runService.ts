import type { PatchRun, RunQuery, StartRun } from '@evenkeel/contract/api';
import { Refusal } from '@evenkeel/contract/refusal';
import type { Report } from '@evenkeel/contract/report';
import { requestTargetProblem } from '@evenkeel/contract/requestTargetProblem';
import { isFinal, type Run } from '@evenkeel/contract/run';
import type { RunSummary } from '@evenkeel/contract/runSummary';
import type { Sample } from '@evenkeel/contract/sample';
import type { Scenario } from '@evenkeel/contract/scenario';
import type { Target } from '@evenkeel/contract/target';
import type { LoadEngine } from '@evenkeel/core/run/loadEngine';
import type { executeRun, RunExecution } from '@evenkeel/core/run/runExecution';
import type { RunFaults } from '@evenkeel/core/run/runFaults';
import type { KnownTarget, TargetCatalog } from '@evenkeel/core/targets/targetCatalog';
import { realClock } from '../clock/realClock.ts';
import { loopTurn } from '../pacing/loopTurn.ts';
import { HistoryWriter } from './historyWriter.ts';
import { LiveRun } from './liveRun.ts';
import { observedLoadEngine } from './observedLoadEngine.ts';
import type { RunObserver } from './ports/runObserver.ts';
import { type RequestKey, type RunStore, StoreFailure } from './ports/runStore.ts';

export interface Retention {
  /** Runs kept at most, beside baselines. */
  readonly runs: number;
  readonly days: number;
}

export interface RunServiceParts {
  readonly store: RunStore;
  readonly targets: TargetCatalog;
  readonly engine: LoadEngine;
  readonly execute: typeof executeRun;
  readonly observer: RunObserver;
  /** The scenario of an id, as it is for a target. Throws a refusal when there is none. */
  readonly scenario: (id: string, target: Target) => Scenario;
  /** Throws the refusal when nothing new may start now: the safety lever is engaged, the service is at its limit. */
  readonly admit: () => void;
  /** Throws the refusal of a scenario whose faults cannot be injected into the target as things are. */
  readonly checkFaults?: (targetId: string, scenario: Scenario) => void;
  /** What is known about a run before its load begins, each in a sentence. */
  readonly notices?: (run: Run) => readonly string[];
  /** Faults as a run sees them; without it no run knows of any. */
  readonly faults?: (run: Run) => RunFaults;
  readonly newId: () => string;
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number;
  readonly maxActive: number;
  readonly retention: Retention;
  /** Told what went wrong that nobody else hears of. */
  readonly complain: (message: string, error: unknown) => void;
}

interface ActiveRun {
  readonly live: LiveRun;
  readonly execution: RunExecution;
}

/** A run that ended stays at hand for late readers of its stream. */
const KEPT_ENDED_RUNS = 10;
const DAY_MS = 86_400_000;

/** The life of every run: start, stop, report, history. One run at a time on each target. */
export class RunService {
  readonly #parts: RunServiceParts;
  readonly #writer: HistoryWriter;
  readonly #active = new Map<string, ActiveRun>();
  readonly #ended = new Map<string, LiveRun>();
  /** Old runs are removed after the end of each run. */
  #pruned: Promise<void> = Promise.resolve();
  /** Why the runs of the last process are not marked yet. */
  #unrecovered: string | null = null;

  constructor(parts: RunServiceParts) {
    this.#parts = parts;
    this.#writer = new HistoryWriter(parts.store, parts.complain);
  }

  /**
   * To be called once, before anything is started: what was running when the last process died is marked as interrupted. When
   * that cannot be written now, it is tried again with `storeProblem`, and nothing starts before.
   */
  recover(): string[] {
    try {
      const ids = this.#parts.store.interruptUnfinished(
        this.#parts.now(),
        'The service ended while this run was going on; its samples up to then are kept.'
      );
      this.#unrecovered = null;
      this.#prune();
      return ids;
    } catch (error) {
      if (!(error instanceof StoreFailure)) throw error;
      if (this.#unrecovered === null) this.#parts.complain('the runs of the last process could not be marked', error);
      this.#unrecovered = error.message;
      return [];
    }
  }

  /** Why history cannot be written now; null when it can. Tries again what waits. */
  storeProblem(): string | null {
    if (this.#unrecovered !== null) this.recover();
    this.#writer.retry();
    return this.#unrecovered ?? this.#writer.failure;
  }

  active(): readonly LiveRun[] {
    return [...this.#active.values()].map(({ live }) => live);
  }

  /** The run that loads this target now. */
  activeOn(targetId: string): LiveRun | undefined {
    return this.active().find(({ run }) => run.target.id === targetId);
  }

  /**
   * Starts a run. The same key and request again give the run that the first one started, with `repeated`.
   * Throws a refusal: unknown target or scenario, a path that the target has no place for, target busy, lever engaged, too many runs, key used for something else.
   */
  start(request: StartRun, by: string, key?: RequestKey): { run: Run; repeated: boolean } {
    const { store, targets, admit, maxActive } = this.#parts;
    const earlier = key && store.findByKey(key.subject, key.key);
    if (earlier) return { run: this.#repeated(earlier, key), repeated: true };
    const known = targets.get(request.targetId);
    if (!known) {
      throw new Refusal(
        'target-refused',
        `The target "${request.targetId}" is not on the allow-list of this service; GET targets lists those that are.`,
        { errors: [{ field: 'body.targetId', message: 'is not a known target' }] }
      );
    }
    const scenario = request.scenario ?? this.#parts.scenario(request.scenarioId!, known.target);
    const problem = requestTargetProblem(known.target.url, scenario);
    if (problem) {
      throw new Refusal('invalid-request', `${problem.field}: ${problem.message}.`, {
        errors: [{ field: `body.scenario.${problem.field}`, message: problem.message }],
      });
    }
    const busy = this.activeOn(request.targetId);
    if (busy) {
      throw new Refusal(
        'target-busy',
        `The run ${busy.run.id} is active on ${known.target.name}; stop it or wait for its end.`,
        { runId: busy.run.id }
      );
    }
    admit();
    if (this.#unrecovered !== null) this.recover();
    if (this.#unrecovered !== null) throw new StoreFailure(this.#unrecovered);
    this.#parts.checkFaults?.(request.targetId, scenario);
    if (this.#active.size >= maxActive) {
      throw new Refusal(
        'overloaded',
        `${maxActive} runs are active, which is the limit of this service; wait for one to end.`,
        {
          retryAfterSeconds: 10,
        }
      );
    }
    return { run: this.#launch(known, scenario, request, by, key), repeated: false };
  }

  /** Stops sending, drains and reports. Harmless when the run is over; returns the run as it is now. */
  stop(id: string): Run {
    this.#active.get(id)?.execution.stop();
    return this.get(id);
  }

  /** Aborts every run at once. */
  stopAll(reason: string): string[] {
    const ids: string[] = [];
    for (const [id, { execution }] of this.#active) {
      ids.push(id);
      try {
        execution.abort(reason);
      } catch (error) {
        this.#parts.complain(`run ${id} could not be aborted`, error);
      }
    }
    return ids;
  }

  /** Stops every run in order, as `stop`, and waits for their reports; after `milliseconds` what is left is aborted. */
  async drain(milliseconds: number): Promise<void> {
    const everything = () => Promise.all([...this.#active.values()].map(({ execution }) => execution.ended));
    for (const { execution } of this.#active.values()) execution.stop();
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, milliseconds);
    });
    await Promise.race([everything(), limit]);
    clearTimeout(timer);
    this.stopAll('The service was shut down.');
    await everything();
    // The reports are saved in the promise callbacks registered before this one.
    await Promise.resolve();
    await this.#pruned;
    this.#writer.retry();
  }

  /** Throws a refusal when there is none. */
  get(id: string): Run {
    const run = this.live(id)?.run ?? this.#parts.store.get(id);
    if (!run) throw notFound(id);
    return run;
  }

  /** The run as its stream shows it: while it is active, and for a while after. */
  live(id: string): LiveRun | undefined {
    return this.#active.get(id)?.live ?? this.#ended.get(id);
  }

  /** One page of the history. Each run is read when its turn comes. */
  async list(query: RunQuery): Promise<{ runs: Iterable<RunSummary>; total: number }> {
    const { ids, total } = await this.#parts.store.find(query);
    return { runs: this.#summaries(ids), total };
  }

  summary(id: string): RunSummary {
    const summary = this.#parts.store.summary(id);
    if (!summary) throw notFound(id);
    return summary;
  }

  /** Changes labels, note or baseline. */
  describe(id: string, change: PatchRun): Run {
    const changed = this.#parts.store.describe(id, change);
    if (!changed) throw notFound(id);
    this.live(id)?.described(changed);
    if (change.baseline) {
      for (const other of [...this.active(), ...this.#ended.values()]) {
        if (other.run.id !== id && other.run.target.id === changed.target.id)
          other.described({ ...other.run, baseline: false });
      }
    }
    return this.get(id);
  }

  /** Throws a refusal while there is no report, or when the run was interrupted and never had one. */
  report(id: string): Report {
    const run = this.get(id);
    const report = this.live(id)?.report ?? this.#parts.store.report(id);
    if (report) return { ...report, run };
    throw new Refusal(
      'wrong-state',
      isFinal(run.state)
        ? `The run ${id} is ${run.state} and has no report; its samples are at runs/${id}/samples.`
        : `The run ${id} is ${run.state}; its report comes with its end.`,
      isFinal(run.state) ? {} : { retryAfterSeconds: 5 }
    );
  }

  /** The seconds of a run from second `from` on, in order. Each is read when its turn comes. Throws a refusal for an unknown run. */
  samples(id: string, from: number): Iterable<Sample> {
    this.get(id);
    return this.#samples(id, from);
  }

  /** The last second that is kept of a run; null when there is none. */
  lastSample(id: string): Sample | null {
    return this.#parts.store.lastSample(id) ?? null;
  }

  /** The marked baseline of the target that this run loaded, other than the run itself. */
  baselineFor(id: string): string {
    const baseline = this.#parts.store.baselineOf(this.get(id).target.id);
    if (baseline === undefined || baseline === id) {
      throw new Refusal(
        'wrong-state',
        'There is no other run marked as baseline of this target; mark one, or name a run with ?baseline=.'
      );
    }
    return baseline;
  }

  *#summaries(ids: readonly string[]): Generator<RunSummary> {
    for (const id of ids) {
      const summary = this.#parts.store.summary(id);
      if (summary) yield summary;
    }
  }

  *#samples(id: string, from: number): Generator<Sample> {
    for (;;) {
      const [sample] = this.#parts.store.samples(id, from, 1);
      if (sample === undefined) return;
      yield sample;
      from = sample.second + 1;
    }
  }

  #repeated(earlier: { runId: string; digest: string }, key: RequestKey): Run {
    if (earlier.digest !== key.digest) {
      throw new Refusal('key-reused', `The Idempotency-Key was used for the run ${earlier.runId} with another body.`, {
        errors: [{ field: 'header.idempotency-key', message: 'was used with another body' }],
        runId: earlier.runId,
      });
    }
    return this.get(earlier.runId);
  }

  #launch(known: KnownTarget, scenario: Scenario, request: StartRun, by: string, key: RequestKey | undefined): Run {
    const { store, now, newId, observer } = this.#parts;
    const run: Run = {
      id: newId(),
      state: 'pending',
      reason: null,
      scenario,
      target: known.target,
      createdAt: now(),
      startedAt: null,
      endedAt: null,
      startedBy: by,
      labels: request.labels ?? {},
      note: request.note ?? '',
      baseline: false,
    };
    // Before any load: a run that cannot be remembered is not started.
    store.create(run, key);
    const live = new LiveRun(run, now);
    observer.runStarted(run);
    const execution = this.#parts.execute({
      run,
      engine: observedLoadEngine(this.#parts.engine, (second) => observer.second(run, second)),
      directory: known.directory,
      allowedNetworks: known.allowedNetworks,
      faults: this.#parts.faults?.(run),
      notices: this.#parts.notices?.(run),
      clock: realClock(now),
      listener: {
        // Readers first: the disk may take its time.
        sample: (sample) => {
          live.sample(sample);
          observer.sample(run, sample);
          this.#writer.writeSample((to) => to.addSample(run.id, sample));
        },
        phase: (phase, second) => {
          live.phase(phase, second);
          const startedAt = live.run.startedAt ?? undefined;
          this.#writer.write((to) => to.update(run.id, { state: phase, startedAt }));
        },
        event: (event) => live.event(event),
        notice: (text) => live.notice(text),
      },
    });
    this.#active.set(run.id, { live, execution });
    execution.ended
      .then((report) => this.#finish(live, report))
      .catch((error) => this.#parts.complain(`the end of run ${run.id} was not handled`, error));
    return run;
  }

  #finish(live: LiveRun, report: Report): void {
    const { id } = live.run;
    const { state, reason, startedAt, endedAt } = report.run;
    this.#active.delete(id);
    this.#writer.write((to) => to.saveReport(id, report));
    this.#writer.write((to) =>
      to.update(id, { state, reason, startedAt: startedAt ?? undefined, endedAt: endedAt ?? undefined })
    );
    live.end(report);
    this.#ended.set(id, live);
    for (const old of this.#ended.keys()) {
      if (this.#ended.size <= KEPT_ENDED_RUNS) break;
      this.#ended.delete(old);
    }
    this.#parts.observer.runEnded(live.run, report);
    // Not in the turn of the loop in which the run ended, which has enough to do.
    this.#pruned = loopTurn().then(() => this.#prune());
  }

  #prune(): void {
    const { store, retention, now } = this.#parts;
    try {
      store.prune(retention.runs, now() - retention.days * DAY_MS);
    } catch (error) {
      if (!(error instanceof StoreFailure)) throw error;
      this.#parts.complain('old runs could not be removed', error);
    }
  }
}

const notFound = (id: string) => new Refusal('not-found', `There is no run "${id}".`);
