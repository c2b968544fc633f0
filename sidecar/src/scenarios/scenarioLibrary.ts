import type { StoredScenario } from '@evenkeel/contract/api';
import { Refusal } from '@evenkeel/contract/refusal';
import type { Scenario } from '@evenkeel/contract/scenario';
import type { SavedScenario, ScenarioStore } from './ports/scenarioStore.ts';

/** More would be no library any more, and every list would carry it. */
export const MAX_SAVED_SCENARIOS = 500;
/** Of all saved ones together: a list carries them all. */
export const MAX_SAVED_BYTES = 8 * 1024 * 1024;

const MAX_NAME = 100;
const COPY = ' (copy)';

/** A scenario that ships with Evenkeel. */
export interface BuiltInScenario {
  readonly id: string;
  readonly scenario: Scenario;
}

/** The scenarios that can be run by name: the built-in ones and those that people saved. */
export class ScenarioLibrary {
  readonly #builtIn: ReadonlyMap<string, StoredScenario>;
  readonly #store: ScenarioStore;
  readonly #now: () => number;
  readonly #newSuffix: () => string;

  /** `newSuffix` makes ids unique: a few characters of the id alphabet. */
  constructor(builtIn: readonly BuiltInScenario[], store: ScenarioStore, now: () => number, newSuffix: () => string) {
    this.#builtIn = new Map(
      builtIn.map(({ id, scenario }) => [id, { id, builtIn: true, scenario, updatedAt: null, updatedBy: null }])
    );
    this.#store = store;
    this.#now = now;
    this.#newSuffix = newSuffix;
  }

  /** The built-in ones first. Each saved one is read when its turn comes. */
  *list(): Generator<StoredScenario> {
    yield* this.#builtIn.values();
    for (const id of this.#store.ids()) {
      const saved = this.#store.get(id);
      if (saved) yield saved;
    }
  }

  /** Throws a refusal when there is none. */
  get(id: string): StoredScenario {
    const found = this.#builtIn.get(id) ?? this.#store.get(id);
    if (!found) throw new Refusal('not-found', `There is no scenario "${id}".`);
    return found;
  }

  /** Saves under a new id, made from the name. */
  add(scenario: Scenario, by: string): StoredScenario {
    const slug = scenario.name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '')
      .slice(0, 40);
    return this.#save(`${slug || 'scenario'}-${this.#newSuffix()}`, scenario, by);
  }

  /** Creates or replaces a saved one. */
  put(id: string, scenario: Scenario, by: string): { entry: StoredScenario; created: boolean } {
    this.#refuseBuiltIn(id);
    const created = this.#store.get(id) === undefined;
    return { entry: this.#save(id, scenario, by), created };
  }

  /** Saves a copy of any scenario, also a built-in one, under a new id. */
  duplicate(id: string, name: string | undefined, by: string): StoredScenario {
    const { scenario } = this.get(id);
    return this.add({ ...scenario, name: name ?? `${scenario.name.slice(0, MAX_NAME - COPY.length)}${COPY}` }, by);
  }

  delete(id: string): void {
    this.#refuseBuiltIn(id);
    if (!this.#store.delete(id)) throw new Refusal('not-found', `There is no scenario "${id}".`);
  }

  #save(id: string, scenario: Scenario, by: string): StoredScenario {
    const before = this.#store.get(id);
    const { count, bytes } = this.#store.size();
    if (before === undefined && count >= MAX_SAVED_SCENARIOS) {
      throw new Refusal(
        'wrong-state',
        `${MAX_SAVED_SCENARIOS} scenarios are saved, which is the limit; delete one first.`
      );
    }
    if (bytes - lengthOf(before?.scenario) + lengthOf(scenario) > MAX_SAVED_BYTES) {
      throw new Refusal(
        'wrong-state',
        `The saved scenarios would take more than ${MAX_SAVED_BYTES / 2 ** 20} MB together, which is the limit; delete one first.`
      );
    }
    const entry: SavedScenario = { id, builtIn: false, scenario, updatedAt: this.#now(), updatedBy: by };
    this.#store.put(entry);
    return entry;
  }

  #refuseBuiltIn(id: string): void {
    if (this.#builtIn.has(id)) {
      throw new Refusal('read-only', `The scenario "${id}" is built in; save a copy under another id.`);
    }
  }
}

const lengthOf = (scenario: Scenario | undefined): number =>
  scenario === undefined ? 0 : Buffer.byteLength(JSON.stringify(scenario));
