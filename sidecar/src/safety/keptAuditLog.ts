import type { AuditEntry } from '@evenkeel/contract/api';
import { StoreFailure } from '../runs/ports/runStore.ts';
import type { AuditLog } from './ports/auditLog.ts';

/** Entries that wait for the disk at most; past it new ones are only complained of. */
const MAX_WAITING = 10_000;

type NewEntry = Omit<AuditEntry, 'id'>;

/**
 * An audit log that loses nothing while its store fails: entries wait in memory, in order, and are tried again. Each that waits is
 * complained of as well, so the log of the process has it should that end meanwhile.
 */
export class KeptAuditLog implements AuditLog {
  readonly #log: AuditLog;
  readonly #complain: (entry: NewEntry, error: StoreFailure) => void;
  readonly #waiting: NewEntry[] = [];

  constructor(log: AuditLog, complain: (entry: NewEntry, error: StoreFailure) => void) {
    this.#log = log;
    this.#complain = complain;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** Never throws `StoreFailure`. */
  add(entry: NewEntry): void {
    const failure = this.retry() ?? this.#try(entry);
    if (failure === null) return;
    if (this.#waiting.length < MAX_WAITING) this.#waiting.push(entry);
    this.#complain(entry, failure);
  }

  list(limit: number, before?: number): AuditEntry[] {
    this.retry();
    return this.#log.list(limit, before);
  }

  /** Writes what waits. Returns why that failed; null when nothing waits any more. */
  retry(): StoreFailure | null {
    while (this.#waiting.length > 0) {
      const failure = this.#try(this.#waiting[0]!);
      if (failure !== null) return failure;
      this.#waiting.shift();
    }
    return null;
  }

  #try(entry: NewEntry): StoreFailure | null {
    try {
      this.#log.add(entry);
      return null;
    } catch (error) {
      if (error instanceof StoreFailure) return error;
      throw error;
    }
  }
}
