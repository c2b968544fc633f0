import { type Fault, type FaultQuery, isFaultOver } from '@evenkeel/contract/fault';
import type { FaultJournal, JournalEntry } from '../ports/faultJournal.ts';

/** Forgets with the process: for tests, and for a command whose pods die with it. */
export class MemoryFaultJournal implements FaultJournal {
  readonly #entries = new Map<string, JournalEntry>();

  plan(entry: JournalEntry): void {
    if (this.#entries.has(entry.fault.id)) throw new Error(`there is already a fault ${entry.fault.id}`);
    this.#entries.set(entry.fault.id, structuredClone(entry));
  }

  update(fault: Fault): void {
    const entry = this.#entries.get(fault.id);
    if (entry === undefined) throw new Error(`there is no fault ${fault.id}`);
    this.#entries.set(fault.id, { ...entry, fault: structuredClone(fault) });
  }

  open(): JournalEntry[] {
    return [...this.#entries.values()].filter(({ fault }) => !isFaultOver(fault.state));
  }

  get(id: string): Fault | undefined {
    return this.#entries.get(id)?.fault;
  }

  find(query: FaultQuery): { ids: string[]; total: number } {
    const found = [...this.#entries.values()].map(({ fault }) => fault).filter((fault) => matches(fault, query));
    found.sort((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1));
    return { ids: found.slice(query.offset, query.offset + query.limit).map(({ id }) => id), total: found.length };
  }

  prune(keep: number): void {
    const over = [...this.#entries.values()].map(({ fault }) => fault).filter((fault) => isFaultOver(fault.state));
    over.sort((a, b) => b.createdAt - a.createdAt);
    for (const fault of over.slice(keep)) this.#entries.delete(fault.id);
  }
}

function matches(fault: Fault, { targetId, runId, type, is }: FaultQuery): boolean {
  return (
    (targetId === undefined || fault.targetId === targetId) &&
    (runId === undefined || fault.runId === runId) &&
    (type === undefined || fault.effect.type === type) &&
    (is === undefined || isFaultOver(fault.state) === (is === 'over'))
  );
}
