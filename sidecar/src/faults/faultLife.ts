import type { Fault, FaultEnding, PodFaultState } from '@evenkeel/contract/fault';
import type { FaultDriver, Injection, Inverse } from '@evenkeel/core/faults/faultDriver';
import { effectText, podsText } from '@evenkeel/core/faults/faultText';
import { FaultRecord, type RecordParts } from './faultRecord.ts';
import { messageOf, pause, withinPatience } from './patience.ts';
import type { JournalEntry } from './ports/faultJournal.ts';
import { SteadyStateGuard } from './steadyStateGuard.ts';

const APPLY_PATIENCE_MS = 5000;
const PROBE_PATIENCE_MS = 5000;
/** A revert has its own time, whatever is left of the fault's duration. */
const REVERT_BUDGET_MS = 8000;
const REVERT_PATIENCE_MS = 3000;
const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 2000;
/** A revert that failed is tried again for ever, at this pace. */
const LATER_RETRY_MS = 5000;

/** One fault from its injection to its end. It always ends in a revert, and a revert that failed is tried again. */
export class FaultLife {
  readonly record: FaultRecord;
  readonly guard: SteadyStateGuard;
  readonly #parts: RecordParts;
  readonly #inverses: readonly Inverse[];
  readonly #driver: FaultDriver | null;
  /** Injections whose driver has not answered yet: they may still take effect. */
  readonly #applying = new Map<string, Promise<void>>();
  /** Pods that the fault ended on before its time, by no revert. */
  readonly #lost = new Set<string>();
  #cancelTimer: () => void = () => {};
  /** Monotonic time by which the pods end it themselves. A fault of an earlier process has none: nothing of it is on its way. */
  #deadline = 0;
  /** On the monotonic clock. */
  readonly #knownSince: number;
  #ended: Promise<void> | null = null;
  #retrying = false;
  #stopped = false;

  /** `driver` is null when the place of the fault is not known any more. */
  constructor(parts: RecordParts, entry: JournalEntry, driver: FaultDriver | null) {
    this.#parts = parts;
    this.record = new FaultRecord(parts, entry.fault);
    this.guard = new SteadyStateGuard(entry.fault.guard);
    this.#inverses = entry.inverses;
    this.#driver = driver;
    this.#knownSince = parts.clock.monotonic();
  }

  get fault(): Fault {
    return this.record.fault;
  }

  get ending(): boolean {
    return this.#ended !== null;
  }

  /** Injects, looks whether it works, and arms the expiry. `deadline` is on the monotonic clock. */
  async inject(deadline: number): Promise<void> {
    const { clock } = this.#parts;
    this.#deadline = deadline;
    this.#cancelTimer = clock.after(deadline - clock.monotonic(), () => void this.end('expired', 'Its time was over.'));
    const names = podsText(this.fault.pods.map(({ pod }) => pod));
    this.record.step('injecting', `Injecting ${effectText(this.fault.effect)} into ${names}.`);
    await Promise.all(this.#inverses.map((inverse) => this.#apply(inverse)));
    if (this.ending) return;
    const failed = this.fault.pods.filter(({ state }) => state === 'inject-failed');
    if (failed.length > 0) {
      const why = failed.map(({ pod, note }) => `${pod}: ${note}`).join('; ');
      await this.end('inject-failed', `It could not be injected (${why}).`);
      return;
    }
    await Promise.all(this.#inverses.map((inverse) => this.#probe(inverse)));
    if (this.ending) return;
    const without = this.fault.pods.filter(({ pod, state }) => state === 'not-effective' || this.#lost.has(pod));
    if (without.length === this.fault.pods.length) {
      const why = without.map(({ pod, note }) => `${pod}: ${note}`).join('; ');
      await this.end('not-effective', `It was injected and has no effect (${why}).`);
      return;
    }
    const exceptions = without.length > 0 ? `; without effect on ${podsText(without.map(({ pod }) => pod))}` : '';
    this.record.step('active', `${effectText(this.fault.effect)} on ${names}${exceptions}.`, {
      activeAt: this.record.now(),
    });
  }

  /** Takes the fault back, whatever it is doing. The first reason counts; later calls wait for the same end. */
  end(ending: FaultEnding, reason: string): Promise<void> {
    this.#ended ??= this.#end(ending, reason);
    return this.#ended;
  }

  /** The fault is over on a pod though nobody took it back. When it is on none any more it ends. */
  async lost(pod: string, why: string): Promise<void> {
    if (this.ending) return;
    this.#lost.add(pod);
    this.record.pod(pod, 'reverted', why);
    this.record.save();
    if (this.#lost.size === this.fault.pods.length) await this.end('lost', `It is over before its time: ${why}.`);
  }

  /** Tries a revert that failed once more, now. */
  async retry(): Promise<void> {
    if (this.#retrying || this.#stopped || this.fault.state !== 'revert-failed') return;
    this.#retrying = true;
    this.#cancelTimer();
    const failed = this.#inverses.filter(
      ({ pod }) => this.fault.pods.find((entry) => entry.pod === pod)?.state !== 'reverted'
    );
    const done = await Promise.all(failed.map((inverse) => this.#revert(inverse)));
    this.#retrying = false;
    if (done.includes(false)) {
      this.record.save();
      this.#retryLater();
    } else {
      this.record.step('reverting', 'A further try to take it back succeeded.');
      this.#close();
    }
  }

  /** Ends the record of a fault whose place is gone, on the word of a person. */
  closeUnchecked(by: string): void {
    this.#cancelTimer();
    this.#stopped = true;
    this.record.step('reverting', `${by} closed it: its place is gone and its time is over, so it expired by itself.`);
    this.#close();
  }

  /** No more tries: the process is about to end. What is open stays open in the journal. */
  stop(): void {
    this.#stopped = true;
    this.#cancelTimer();
  }

  get placeGone(): boolean {
    return this.#driver === null;
  }

  /** Whether it has expired by itself for certain: by the clock, or because its whole duration has passed since it was last known. */
  get timeIsOver(): boolean {
    const { clock } = this.#parts;
    const { createdAt, expiresAt } = this.fault;
    return clock.now() >= expiresAt || clock.monotonic() - this.#knownSince >= expiresAt - createdAt;
  }

  async #apply(inverse: Inverse): Promise<void> {
    const { pod } = inverse;
    const ttlMs = this.#deadline - this.#parts.clock.monotonic();
    if (this.ending || ttlMs <= 0) return;
    const applied = (async () => this.#driver!.apply(this.#injection(pod), inverse, ttlMs))();
    const settled = applied.then(
      () => {},
      () => {}
    );
    this.#applying.set(pod, settled);
    void settled.then(() => this.#applying.delete(pod));
    try {
      await withinPatience(this.#parts.clock, APPLY_PATIENCE_MS, applied);
      this.#note(pod, 'injected');
    } catch (error) {
      this.#note(pod, 'inject-failed', messageOf(error));
    }
  }

  async #probe({ pod }: Inverse): Promise<void> {
    try {
      const probe = this.#driver!.probe(this.#injection(pod));
      const { effective, evidence } = await withinPatience(this.#parts.clock, PROBE_PATIENCE_MS, probe);
      this.#note(pod, effective === false ? 'not-effective' : 'active', evidence);
    } catch (error) {
      this.#note(pod, 'active', `its effect could not be looked at: ${messageOf(error)}`);
    }
  }

  /** What an injection came to on one pod, unless something has ended it since. */
  #note(pod: string, state: PodFaultState, note: string | null = null): void {
    if (!this.ending && !this.#lost.has(pod)) this.record.pod(pod, state, note);
  }

  async #end(ending: FaultEnding, reason: string): Promise<void> {
    this.#cancelTimer();
    const reverted = Promise.all(this.#inverses.map((inverse) => this.#revert(inverse)));
    // The way back first, of every fault that ends now: the journal may be on a disk that takes its time.
    await null;
    this.record.step('reverting', reason, { ending, reason });
    const done = await reverted;
    if (!done.includes(false)) {
      this.#close();
      return;
    }
    const failed = this.fault.pods.filter(({ state }) => state === 'revert-failed');
    const why = failed.map(({ pod, note }) => `${pod}: ${note}`).join('; ');
    this.record.step('revert-failed', `It could not be taken back (${why}). It is tried again until it is.`);
    this.#retryLater();
  }

  /** Whether the pod is certainly free of the fault. */
  async #revert(inverse: Inverse): Promise<boolean> {
    const { clock } = this.#parts;
    const until = clock.monotonic() + REVERT_BUDGET_MS;
    if (!(await this.#revertOnce(inverse, until))) return false;
    // An injection that is still on its way may take effect after the revert: wait for it, and take it back again.
    const applying = this.#applying.get(inverse.pod);
    if (applying === undefined) return true;
    await withinPatience(clock, Math.max(0, until - clock.monotonic()), applying).catch(() => {});
    if (this.#applying.has(inverse.pod) && clock.monotonic() < this.#deadline) {
      this.record.pod(inverse.pod, 'revert-failed', 'an injection is still on its way');
      return false;
    }
    return this.#revertOnce(inverse, until);
  }

  async #revertOnce(inverse: Inverse, until: number): Promise<boolean> {
    const { clock } = this.#parts;
    for (let delay = FIRST_RETRY_MS; ; delay = Math.min(LONGEST_RETRY_MS, 2 * delay)) {
      try {
        if (this.#driver === null) throw new Error(`${this.fault.targetName} is not known here any more`);
        const result = await withinPatience(clock, REVERT_PATIENCE_MS, this.#driver.revert(inverse));
        // That a pod was quicker to end what expired is how it should be.
        const surprise = result === 'was-over' && this.fault.ending !== 'expired' && !this.#lost.has(inverse.pod);
        this.record.pod(inverse.pod, 'reverted', surprise ? 'nothing of it was left' : null);
        return true;
      } catch (error) {
        if (this.#driver === null || this.#stopped || clock.monotonic() + delay > until) {
          this.record.pod(inverse.pod, 'revert-failed', messageOf(error));
          return false;
        }
      }
      await pause(clock, delay);
    }
  }

  #close(): void {
    const { ending, pods } = this.fault;
    const state = ending === 'not-effective' ? 'not-effective' : 'reverted';
    this.record.step(state, `Certainly over on ${podsText(pods.map(({ pod }) => pod))}.`, {
      endedAt: this.record.now(),
    });
  }

  #retryLater(): void {
    if (this.#stopped) return;
    this.#cancelTimer = this.#parts.clock.after(LATER_RETRY_MS, () => void this.retry());
  }

  #injection(pod: string): Injection {
    return { faultId: this.fault.id, pod, effect: this.fault.effect };
  }
}
