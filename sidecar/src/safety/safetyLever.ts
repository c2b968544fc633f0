import type { SafetyState, StopAllResult } from '@evenkeel/contract/api';
import { Refusal } from '@evenkeel/contract/refusal';
import { StoreFailure } from '../runs/ports/runStore.ts';
import { RELEASED, type SafetyStore } from './ports/safetyStore.ts';
import type { Stoppable } from './ports/stoppable.ts';

/**
 * The emergency stop: anybody may pull it, only an Admin releases it. While it is engaged nothing new starts, also after a
 * restart. Pulling it ends things first and remembers second, so a full disk cannot keep load running.
 */
export class SafetyLever {
  readonly #store: SafetyStore;
  readonly #now: () => number;
  readonly #runs: Stoppable[] = [];
  readonly #faults: Stoppable[] = [];
  #state: SafetyState = RELEASED;
  /** Why it is not known yet whether an earlier process left it pulled; null when it is. */
  #unread: string | null = 'not read yet';
  /** Pulled, and not on the disk yet. */
  #unsaved = false;

  constructor(store: SafetyStore, now: () => number) {
    this.#store = store;
    this.#now = now;
    this.#read();
  }

  /** Load that `stopAll` ends. */
  stopsRuns(stoppable: Stoppable): void {
    this.#runs.push(stoppable);
  }

  /** Faults that `stopAll` reverts. */
  revertsFaults(stoppable: Stoppable): void {
    this.#faults.push(stoppable);
  }

  get state(): SafetyState {
    return this.#state;
  }

  /** Throws the refusal with which anything new is answered while the lever is engaged. */
  refuseIfEngaged(): void {
    this.#read();
    if (this.#unread !== null) throw new Refusal('not-ready', this.#unread, { retryAfterSeconds: 10 });
    const { engaged, by, reason } = this.#state;
    if (!engaged) return;
    const why = reason ? ` ("${reason}")` : '';
    throw new Refusal(
      'safety-engaged',
      `${by} stopped everything${why}; nothing new starts until an Admin releases the safety lever.`
    );
  }

  /** Ends all load and every fault and refuses new ones. When that cannot be remembered now, `problem` says so and tries again. */
  stopAll(by: string, reason: string): StopAllResult {
    const text = reason || `stopped by ${by}`;
    this.#state = { engaged: true, reason: text, by, at: this.#now() };
    this.#unread = null;
    const revertedFaults = this.#faults.flatMap((faults) => faults.stopAll(text));
    const stoppedRuns = this.#runs.flatMap((runs) => runs.stopAll(text));
    this.#unsaved = true;
    this.problem();
    return { safety: this.#state, stoppedRuns, revertedFaults };
  }

  /** Lets new things start again. Nothing that was stopped comes back. */
  release(by: string, reason: string): SafetyState {
    const state: SafetyState = { engaged: false, reason: reason || null, by, at: this.#now() };
    this.#store.write(state);
    this.#state = state;
    this.#unread = null;
    this.#unsaved = false;
    return state;
  }

  /** Why the lever's state is not known, or would be forgotten by a restart; null when neither. Tries again to read or remember it. */
  problem(): string | null {
    this.#read();
    if (!this.#unsaved) return this.#unread;
    try {
      this.#store.write(this.#state);
      this.#unsaved = false;
      return null;
    } catch (error) {
      if (!(error instanceof StoreFailure)) throw error;
      return `The safety lever is pulled and that is not on the disk, so a restart would release it: ${error.message}`;
    }
  }

  #read(): void {
    if (this.#unread === null) return;
    try {
      this.#state = this.#store.read();
      this.#unread = null;
    } catch (error) {
      if (!(error instanceof StoreFailure)) throw error;
      this.#unread = `Whether the safety lever is pulled cannot be read, so nothing starts: ${error.message}`;
    }
  }
}
