import type { SavedScenario, ScenarioStore } from '../scenarios/ports/scenarioStore.ts';
import type { Database } from './database.ts';

interface Row {
  id: string;
  scenario: string;
  updated_at: number;
  updated_by: string;
}

const entryOf = (row: Row): SavedScenario => ({
  id: row.id,
  builtIn: false,
  scenario: JSON.parse(row.scenario) as SavedScenario['scenario'],
  updatedAt: row.updated_at,
  updatedBy: row.updated_by,
});

/** Saved scenarios in SQLite. */
export class SqliteScenarioStore implements ScenarioStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  ids(): string[] {
    return this.#db.attempt(() =>
      this.#db.states
        .prepare('SELECT id FROM scenarios ORDER BY name, id')
        .all()
        .map((row) => row.id as string)
    );
  }

  size(): { count: number; bytes: number } {
    return this.#db.attempt(
      () =>
        this.#db.states
          .prepare('SELECT count(*) AS count, coalesce(sum(octet_length(scenario)), 0) AS bytes FROM scenarios')
          .get() as { count: number; bytes: number }
    );
  }

  get(id: string): SavedScenario | undefined {
    return this.#db.attempt(() => {
      const row = this.#db.states
        .prepare('SELECT id, scenario, updated_at, updated_by FROM scenarios WHERE id = ?')
        .get(id);
      return row && entryOf(row as unknown as Row);
    });
  }

  put(entry: SavedScenario): void {
    this.#db.attempt(() =>
      this.#db.states
        .prepare('INSERT OR REPLACE INTO scenarios (id, name, scenario, updated_at, updated_by) VALUES (?, ?, ?, ?, ?)')
        .run(entry.id, entry.scenario.name, JSON.stringify(entry.scenario), entry.updatedAt, entry.updatedBy)
    );
  }

  delete(id: string): boolean {
    return this.#db.attempt(() => this.#db.states.prepare('DELETE FROM scenarios WHERE id = ?').run(id).changes > 0);
  }
}
