import type { SafetyState } from '@evenkeel/contract/api';

/** Where the state of the safety lever outlives a restart. May throw `StoreFailure`. */
export interface SafetyStore {
  read(): SafetyState;
  write(state: SafetyState): void;
}

export const RELEASED: SafetyState = { engaged: false, reason: null, by: null, at: null };
