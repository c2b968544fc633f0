import type { StoredScenario } from '@evenkeel/contract/api';

/** A scenario that people saved. */
export type SavedScenario = StoredScenario & { readonly builtIn: false };

/** Where saved scenarios are kept. Calls are synchronous: what was returned is on the disk. May throw `StoreFailure`. */
export interface ScenarioStore {
  /** In the order of their names. */
  list(): SavedScenario[];
  get(id: string): SavedScenario | undefined;
  /** Creates or replaces. */
  put(entry: SavedScenario): void;
  /** False when there was none. */
  delete(id: string): boolean;
}
