import type { Fault, FaultQuery } from '@evenkeel/contract/fault';
import type { Inverse } from '@evenkeel/core/faults/faultDriver';

/** A fault with everything that is needed to take it back. */
export interface JournalEntry {
  readonly fault: Fault;
  /** One for each pod. */
  readonly inverses: readonly Inverse[];
}

/** Where faults outlive the process. What a method wrote is on the disk when it returns. All may throw `StoreFailure`. */
export interface FaultJournal {
  /** Writes a new fault and its inverses, before anything is applied. */
  plan(entry: JournalEntry): void;
  /** Replaces the record of a planned fault. The inverses stay as they are. */
  update(fault: Fault): void;
  /** Everything that is not over: it may be applied, whatever its state says. */
  open(): JournalEntry[];
  get(id: string): Fault | undefined;
  /** The ids of one page, the newest first, and how many the filter finds in all. */
  find(query: FaultQuery): { ids: string[]; total: number };
  /** Removes faults that are over, the oldest first, until `keep` are left. */
  prune(keep: number): void;
}
