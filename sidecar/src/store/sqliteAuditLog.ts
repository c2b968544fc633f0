import type { AuditEntry } from '@evenkeel/contract/api';
import type { AuditLog } from '../safety/ports/auditLog.ts';
import type { Database } from './database.ts';

/** Rows kept; the oldest beyond it go, a few at a time. */
const MAX_ROWS = 100_000;

interface Row extends Omit<AuditEntry, 'verified' | 'requestId'> {
  verified: number;
  request_id: string;
}

/** The audit log in SQLite. A trigger refuses to change a row. */
export class SqliteAuditLog implements AuditLog {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  add(entry: Omit<AuditEntry, 'id'>): void {
    this.#db.attempt(() => {
      const { lastInsertRowid } = this.#db.states
        .prepare(
          `INSERT INTO audit (at, subject, role, verified, action, object, status, outcome, request_id)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`
        )
        .run(
          entry.at,
          entry.subject,
          entry.role,
          entry.verified ? 1 : 0,
          entry.action,
          entry.object,
          entry.status,
          entry.outcome,
          entry.requestId
        );
      const id = Number(lastInsertRowid);
      if (id % 1000 === 0) this.#db.states.prepare('DELETE FROM audit WHERE id <= ?').run(id - MAX_ROWS);
    });
  }

  list(limit: number, before = Number.MAX_SAFE_INTEGER): AuditEntry[] {
    return this.#db.attempt(() =>
      (
        this.#db.states
          .prepare('SELECT * FROM audit WHERE id < ? ORDER BY id DESC LIMIT ?')
          .all(before, limit) as unknown as Row[]
      ).map(({ request_id, verified, ...row }) => ({ ...row, verified: verified === 1, requestId: request_id }))
    );
  }
}
