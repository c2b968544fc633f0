import type { SafetyState, StopAllResult } from '@evenkeel/contract/api';
import { Refusal } from '@evenkeel/contract/refusal';
import { StoreFailure } from '../runs/ports/runStore.ts';
import type { SafetyStore } from './ports/safetyStore.ts';
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
  #state: SafetyState;
  /** Pulled, and not on the disk yet. */
  #unsaved = false;

  constructor(store: SafetyStore, now: () => number) {
    this.#store = store;
    this.#now = now;
    this.#state = store.read();
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
    this.#unsaved = false;
    return state;
  }

  /** Why a restart would forget that the lever was pulled; null when it would not. Tries again to remember it. */
  problem(): string | null {
    if (!this.#unsaved) return null;
    try {
      this.#store.write(this.#state);
      this.#unsaved = false;
      return null;
    } catch (error) {
      if (!(error instanceof StoreFailure)) throw error;
      return `The safety lever is pulled and that is not on the disk, so a restart would release it: ${error.message}`;
    }
  }
}
