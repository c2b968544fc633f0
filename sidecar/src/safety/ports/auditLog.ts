import type { AuditEntry } from '@evenkeel/contract/api';

/** Who did what, and what came of it. Entries are never changed. May throw `StoreFailure`. */
export interface AuditLog {
  add(entry: Omit<AuditEntry, 'id'>): void;
  /** The newest first; only those with an id below `before`. */
  list(limit: number, before?: number): AuditEntry[];
}

/** Keeps the log in memory, for tests and for a service without a file. */
export class MemoryAuditLog implements AuditLog {
  readonly #entries: AuditEntry[] = [];

  add(entry: Omit<AuditEntry, 'id'>): void {
    this.#entries.push({ id: this.#entries.length + 1, ...entry });
  }

  list(limit: number, before = Number.POSITIVE_INFINITY): AuditEntry[] {
    return this.#entries
      .filter((entry) => entry.id < before)
      .slice(-limit)
      .reverse();
  }
}
