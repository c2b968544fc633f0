import { type Fault, type FaultQuery, isFaultOver } from '@evenkeel/contract/fault';
import type { Inverse } from '@evenkeel/core/faults/faultDriver';
import type { FaultJournal, JournalEntry } from '../faults/ports/faultJournal.ts';
import type { Database } from './database.ts';

interface Row {
  fault: string;
  inverses: string;
}

const entryOf = (row: unknown): JournalEntry => {
  const { fault, inverses } = row as Row;
  return { fault: JSON.parse(fault) as Fault, inverses: JSON.parse(inverses) as Inverse[] };
};

const faultOf = (row: unknown): Fault => JSON.parse((row as Row).fault) as Fault;

/** The fault journal in SQLite, through the connection that waits for the disk: what was written is there after a loss of power. */
export class SqliteFaultJournal implements FaultJournal {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  plan({ fault, inverses }: JournalEntry): void {
    this.#db.attempt(() =>
      this.#db.states
        .prepare(
          `INSERT INTO faults (id, target_id, run_id, type, over, created_at, fault, inverses)
           VALUES (?, ?, ?, ?, 0, ?, ?, ?)`
        )
        .run(
          fault.id,
          fault.targetId,
          fault.runId,
          fault.effect.type,
          fault.createdAt,
          JSON.stringify(fault),
          JSON.stringify(inverses)
        )
    );
  }

  update(fault: Fault): void {
    this.#db.attempt(() =>
      this.#db.states
        .prepare('UPDATE faults SET over = ?, fault = ? WHERE id = ?')
        .run(isFaultOver(fault.state) ? 1 : 0, JSON.stringify(fault), fault.id)
    );
  }

  open(): JournalEntry[] {
    return this.#db.attempt(() =>
      this.#db.states
        .prepare('SELECT fault, inverses FROM faults WHERE over = 0 ORDER BY created_at')
        .all()
        .map(entryOf)
    );
  }

  get(id: string): Fault | undefined {
    return this.#db.attempt(() => {
      const row = this.#db.states.prepare('SELECT fault FROM faults WHERE id = ?').get(id);
      return row && faultOf(row);
    });
  }

  find({ targetId, runId, type, is, limit, offset }: FaultQuery): { ids: string[]; total: number } {
    const conditions: [string, string | number | undefined][] = [
      ['target_id = ?', targetId],
      ['run_id = ?', runId],
      ['type = ?', type],
      ['over = ?', is === undefined ? undefined : is === 'over' ? 1 : 0],
    ];
    const used = conditions.filter((condition): condition is [string, string | number] => condition[1] !== undefined);
    const where = used.length === 0 ? '' : `WHERE ${used.map(([sql]) => sql).join(' AND ')}`;
    const values = used.map(([, value]) => value);
    return this.#db.attempt(() => {
      const { total } = this.#db.states.prepare(`SELECT count(*) AS total FROM faults ${where}`).get(...values) as {
        total: number;
      };
      const rows = this.#db.states
        .prepare(`SELECT id FROM faults ${where} ORDER BY created_at DESC, id DESC LIMIT ? OFFSET ?`)
        .all(...values, limit, offset);
      return { ids: rows.map(({ id }) => id as string), total };
    });
  }

  prune(keep: number): void {
    this.#db.attempt(() =>
      this.#db.states
        .prepare(
          `DELETE FROM faults WHERE over = 1 AND id NOT IN
             (SELECT id FROM faults WHERE over = 1 ORDER BY rowid DESC LIMIT ?)`
        )
        .run(keep)
    );
  }
}
