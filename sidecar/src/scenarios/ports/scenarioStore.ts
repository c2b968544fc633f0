import type { StoredScenario } from '@evenkeel/contract/api';

/** A scenario that people saved. */
export type SavedScenario = StoredScenario & { readonly builtIn: false };

/** Where saved scenarios are kept. Calls are synchronous: what was returned is on the disk. May throw `StoreFailure`. */
export interface ScenarioStore {
  /** In the order of their names. */
  ids(): string[];
  /** How many there are, and how many bytes they take. */
  size(): { readonly count: number; readonly bytes: number };
  get(id: string): SavedScenario | undefined;
  /** Creates or replaces. */
  put(entry: SavedScenario): void;
  /** False when there was none. */
  delete(id: string): boolean;
}
