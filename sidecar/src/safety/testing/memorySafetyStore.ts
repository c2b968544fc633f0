import type { SafetyState } from '@evenkeel/contract/api';
import { RELEASED, type SafetyStore } from '../ports/safetyStore.ts';

/** Forgets the lever's state with the process. */
export class MemorySafetyStore implements SafetyStore {
  #state: SafetyState = RELEASED;

  read(): SafetyState {
    return this.#state;
  }

  write(state: SafetyState): void {
    this.#state = state;
  }
}
