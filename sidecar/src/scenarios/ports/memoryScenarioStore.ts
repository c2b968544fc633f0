import type { SavedScenario, ScenarioStore } from './scenarioStore.ts';

/** Keeps saved scenarios until the process ends. */
export class MemoryScenarioStore implements ScenarioStore {
  readonly #entries = new Map<string, SavedScenario>();

  list(): SavedScenario[] {
    const key = ({ id, scenario }: SavedScenario) => `${scenario.name}\0${id}`;
    return [...this.#entries.values()].sort((a, b) => (key(a) < key(b) ? -1 : 1));
  }

  get(id: string): SavedScenario | undefined {
    return this.#entries.get(id);
  }

  put(entry: SavedScenario): void {
    this.#entries.set(entry.id, entry);
  }

  delete(id: string): boolean {
    return this.#entries.delete(id);
  }
}
