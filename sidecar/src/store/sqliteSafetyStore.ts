import type { SafetyState } from '@evenkeel/contract/api';
import { RELEASED, type SafetyStore } from '../safety/ports/safetyStore.ts';
import type { Database } from './database.ts';

/** The safety lever in SQLite. */
export class SqliteSafetyStore implements SafetyStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  read(): SafetyState {
    return this.#db.attempt(() => {
      const row = this.#db.states.prepare('SELECT engaged, reason, by, at FROM safety').get() as
        | { engaged: number; reason: string | null; by: string | null; at: number | null }
        | undefined;
      return row ? { engaged: row.engaged === 1, reason: row.reason, by: row.by, at: row.at } : RELEASED;
    });
  }

  write(state: SafetyState): void {
    this.#db.attempt(() =>
      this.#db.states
        .prepare('INSERT OR REPLACE INTO safety (id, engaged, reason, by, at) VALUES (1, ?, ?, ?, ?)')
        .run(state.engaged ? 1 : 0, state.reason, state.by, state.at)
    );
  }
}
