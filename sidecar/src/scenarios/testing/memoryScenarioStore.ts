import type { SavedScenario, ScenarioStore } from '../ports/scenarioStore.ts';

/** Keeps saved scenarios until the process ends. */
export class MemoryScenarioStore implements ScenarioStore {
  readonly #entries = new Map<string, SavedScenario>();

  ids(): string[] {
    const key = ({ id, scenario }: SavedScenario) => `${scenario.name}\0${id}`;
    return [...this.#entries.values()].sort((a, b) => (key(a) < key(b) ? -1 : 1)).map(({ id }) => id);
  }

  size(): { count: number; bytes: number } {
    const bytes = [...this.#entries.values()].map(({ scenario }) => Buffer.byteLength(JSON.stringify(scenario)));
    return { count: bytes.length, bytes: bytes.reduce((sum, each) => sum + each, 0) };
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
