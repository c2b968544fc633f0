import { performance } from 'node:perf_hooks';
import { Worker } from 'node:worker_threads';
import type { Phase } from '@evenkeel/contract/sample';
import type { LoadEnd, LoadHandle, LoadPlan, LoadSecond, SeenExample } from '@evenkeel/core/run/loadEngine';
import { SpreadSums } from './connectionSpread.ts';
import { endingKind, type SeenEnding } from './endings.ts';
import { generatorHealth } from './generatorHealth.ts';
import { type PhasePlan, phaseOf } from './phases.ts';
import { MergedSecond } from './secondCodec.ts';
import type { FromWorker, ToWorker, WorkerSetup } from './workerMessages.ts';

/** Time between the decision to begin and the first request, so that all workers begin together. */
const LEAD_MS = 20;

interface Member {
  readonly worker: Worker;
  readonly names: string[];
  ended: boolean;
  /** Seconds before this one have arrived. */
  reportedUntil: number;
}

/** A running load: owns the workers, merges what they count second by second, and tells the phases. */
export class LoadRun implements LoadHandle {
  readonly ended: Promise<LoadEnd>;
  readonly #members: Member[] = [];
  readonly #phases: PhasePlan;
  /** Of the target, `IP:port`. */
  readonly #addresses: readonly string[];
  /** Told with the next second. */
  #seen: SeenExample[] = [];
  readonly #secondListeners: ((second: LoadSecond) => void)[] = [];
  readonly #phaseListeners: ((phase: Phase, second: number) => void)[] = [];
  readonly #pending = new Map<number, MergedSecond>();
  readonly #spread = new SpreadSums();
  readonly #podIndex = new Map<string, number>();
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #now: () => number;
  #settle: (end: LoadEnd) => void = () => {};
  #failure: string | null = null;
  #beginAt = 0;
  /** The same by the clock that other parts of the service go by. */
  #beginOnWall = 0;
  #nextSecond = 0;
  #stoppedAt = Number.POSITIVE_INFINITY;
  #draining = false;
  #cpu = process.cpuUsage();
  #cpuAt = 0;

  private constructor(phases: PhasePlan, addresses: readonly string[], now: () => number) {
    this.#phases = phases;
    this.#addresses = addresses;
    this.#now = now;
    this.ended = new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  /** Starts one worker per setup and begins the load when all are ready. Rejects when a worker cannot start. */
  static async begin(
    setups: readonly WorkerSetup[],
    phases: PhasePlan,
    addresses: readonly string[],
    now: () => number
  ): Promise<LoadRun> {
    const run = new LoadRun(phases, addresses, now);
    try {
      await Promise.all(setups.map((setup) => run.#startWorker(setup)));
    } catch (error) {
      await Promise.all(run.#members.map(({ worker }) => worker.terminate()));
      throw error;
    }
    run.#begin();
    return run;
  }

  onSecond(listener: (second: LoadSecond) => void): void {
    this.#secondListeners.push(listener);
  }

  onPhase(listener: (phase: Phase, second: number) => void): void {
    this.#phaseListeners.push(listener);
  }

  acceptPods(pods: LoadPlan['pods']): void {
    this.#tellAll({ kind: 'accept', pods });
  }

  // Workers first: whoever hears of the phase may write it to a disk that takes its time.
  stop(): void {
    this.#tellAll({ kind: 'stop' });
    this.#cutShort();
  }

  abort(): void {
    this.#tellAll({ kind: 'abort' });
    this.#cutShort();
  }

  #cutShort(): void {
    const elapsed = Math.max(0, (performance.timeOrigin + performance.now() - this.#beginAt) / 1000);
    this.#stoppedAt = Math.min(this.#stoppedAt, elapsed);
    this.#enterDraining(Math.floor(elapsed));
  }

  async #startWorker(setup: WorkerSetup): Promise<void> {
    const worker = new Worker(new URL('./loadWorker.ts', import.meta.url), { workerData: setup });
    const member: Member = { worker, names: [], ended: false, reportedUntil: 0 };
    this.#members.push(member);
    await new Promise<void>((resolve, reject) => {
      worker.on('message', (message: FromWorker) => {
        if (message.kind === 'ready') resolve();
        else this.#onMessage(member, message);
      });
      worker.on('error', (error: Error) => {
        this.#fail(`worker ${setup.worker} of the load generator failed: ${error.message}`);
        reject(error);
      });
      worker.on('exit', () => {
        if (!member.ended) this.#fail(`worker ${setup.worker} of the load generator ended unexpectedly`);
        this.#onEnd(member);
        reject(new Error('the worker ended'));
      });
    });
  }

  #begin(): void {
    this.#beginAt = performance.timeOrigin + performance.now() + LEAD_MS;
    this.#beginOnWall = this.#now() + LEAD_MS;
    this.#cpu = process.cpuUsage();
    this.#cpuAt = performance.now() + LEAD_MS;
    this.#tellAll({ kind: 'begin', at: this.#beginAt });
    const first = phaseOf(0, this.#phases);
    this.#at(0, () => this.#enter(first, 0));
    if (first === 'warming')
      this.#at(this.#phases.measuringFrom, () => this.#enter('measuring', this.#phases.measuringFrom));
    this.#at(this.#phases.sendingSeconds, () => this.#enterDraining(Math.floor(this.#phases.sendingSeconds)));
  }

  #at(second: number, then: () => void): void {
    const delay = this.#beginAt + second * 1000 - (performance.timeOrigin + performance.now());
    this.#timers.push(setTimeout(then, delay));
  }

  #enter(phase: Phase, second: number): void {
    if (this.#draining) return;
    this.#draining = phase === 'draining';
    for (const listener of this.#phaseListeners) listener(phase, second);
  }

  #enterDraining(second: number): void {
    this.#enter('draining', second);
  }

  #tellAll(message: ToWorker): void {
    for (const { worker, ended } of this.#members) if (!ended) worker.postMessage(message);
  }

  #onMessage(member: Member, message: Exclude<FromWorker, { kind: 'ready' }>): void {
    member.names.push(...message.newPods);
    if (message.kind === 'end') {
      this.#spread.add(message.spread, (pod) => this.#indexOf(member.names[pod]!));
      this.#onEnd(member);
      return;
    }
    const merged = this.#pending.get(message.second) ?? new MergedSecond();
    this.#pending.set(message.second, merged);
    merged.add(message.data, member.names, message.faults);
    for (const seen of message.seen) this.#seen.push(this.#example(seen));
    member.reportedUntil = message.second + 1;
    this.#emitComplete();
  }

  #example({ ending, text, address, pod }: SeenEnding): SeenExample {
    return { ...endingKind(ending), example: { text, address: this.#addresses[address] ?? null, pod } };
  }

  #indexOf(name: string): number {
    const index = this.#podIndex.get(name) ?? this.#podIndex.size;
    this.#podIndex.set(name, index);
    return index;
  }

  #emitComplete(): void {
    const complete = Math.min(...this.#members.map((m) => (m.ended ? Number.POSITIVE_INFINITY : m.reportedUntil)));
    while (this.#nextSecond < complete) {
      const merged = this.#pending.get(this.#nextSecond);
      if (merged === undefined && this.#pending.size === 0) return;
      this.#pending.delete(this.#nextSecond);
      this.#emit(this.#nextSecond++, merged ?? new MergedSecond());
    }
  }

  #emit(second: number, merged: MergedSecond): void {
    const now = performance.now();
    const used = process.cpuUsage(this.#cpu);
    const elapsed = Math.max(1, now - this.#cpuAt);
    const cpuCores = (used.user + used.system) / 1000 / elapsed;
    this.#cpu = process.cpuUsage();
    this.#cpuAt = now;
    const counted: LoadSecond = {
      second,
      at: this.#beginOnWall + second * 1000,
      phase: phaseOf(second, this.#phases, this.#stoppedAt),
      ...merged.counts,
      completed: merged.completed,
      inFlight: merged.inFlight,
      users: merged.users,
      outcomes: merged.outcomes,
      endings: merged.endings.list(),
      seen: this.#seen.splice(0),
      addresses: this.#addresses.map((address, i) => ({
        address,
        answered: merged.addresses[2 * i] ?? 0,
        unanswered: merged.addresses[2 * i + 1] ?? 0,
      })),
      response: merged.response,
      service: merged.service,
      lateness: merged.lateness,
      cutOff: merged.cutOff,
      pods: merged.pods,
      generator: generatorHealth(merged, cpuCores),
    };
    for (const listener of this.#secondListeners) listener(counted);
  }

  #fail(reason: string): void {
    this.#failure ??= reason;
    this.abort();
  }

  #onEnd(member: Member): void {
    if (member.ended) return;
    member.ended = true;
    this.#emitComplete();
    if (this.#members.every((m) => m.ended)) void this.#finish();
  }

  async #finish(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    // On a busy machine the workers may be done before our own timer has had its turn.
    this.#enterDraining(Math.floor(this.#phases.sendingSeconds));
    await Promise.all(this.#members.map(({ worker }) => worker.terminate()));
    this.#settle({ spread: this.#spread.summary(), failure: this.#failure });
  }
}
