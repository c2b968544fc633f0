import { type Fault, type FaultState, type FaultStep, isFaultOver, type PodFaultState } from '@evenkeel/contract/fault';
import { effectText, podsText } from '@evenkeel/core/faults/faultText';
import type { AuditLog } from '../safety/ports/auditLog.ts';
import { mayFollow } from './faultMachine.ts';
import type { FaultClock } from './ports/faultClock.ts';
import type { FaultJournal } from './ports/faultJournal.ts';
import type { FaultObserver } from './ports/faultObserver.ts';

export interface RecordParts {
  readonly journal: FaultJournal;
  readonly clock: FaultClock;
  readonly audit: AuditLog;
  readonly observer: FaultObserver;
  /** Told what went wrong that nobody else hears of. */
  readonly complain: (message: string, error: unknown) => void;
}

/**
 * The record of one fault. Every step is written to the journal, then to the audit log, then told to observers. A step that
 * cannot be written does not stop a revert: it is kept and written later, and what is open in the journal is treated as
 * applied meanwhile.
 */
export class FaultRecord {
  readonly #parts: RecordParts;
  #fault: Fault;
  #saved = true;

  constructor(parts: RecordParts, fault: Fault) {
    this.#parts = parts;
    this.#fault = fault;
  }

  get fault(): Fault {
    return this.#fault;
  }

  get over(): boolean {
    return isFaultOver(this.#fault.state);
  }

  /** Whether the journal has the last word. */
  get saved(): boolean {
    return this.#saved;
  }

  /** Milliseconds since the Unix epoch, and never before the last step: an earlier process may have had another clock. */
  now(): number {
    return Math.max(this.#parts.clock.now(), this.#fault.steps.at(-1)?.at ?? 0);
  }

  /** Goes to another state. */
  step(state: FaultState, text: string, change: Partial<Fault> = {}): void {
    if (!mayFollow(this.#fault.state, state)) {
      throw new Error(`fault ${this.#fault.id}: ${state} must not follow ${this.#fault.state}`);
    }
    const step: FaultStep = { at: this.now(), state, text };
    this.#fault = { ...this.#fault, ...change, state, steps: [...this.#fault.steps, step] };
    this.save();
    this.#audit(step);
    this.#parts.observer.step(this.#fault, step);
  }

  /** Notes what became of one pod; written with the next step. */
  pod(pod: string, state: PodFaultState, note: string | null = null): void {
    const pods = this.#fault.pods.map((entry) =>
      entry.pod === pod ? { pod, state, note: note ?? entry.note } : entry
    );
    this.#fault = { ...this.#fault, pods };
  }

  /** Writes what is not written yet. */
  save(): void {
    try {
      this.#parts.journal.update(this.#fault);
      this.#saved = true;
    } catch (error) {
      if (this.#saved) this.#parts.complain(`the journal did not take a step of fault ${this.#fault.id}`, error);
      this.#saved = false;
    }
  }

  #audit(step: FaultStep): void {
    const { id, effect, pods, targetName } = this.#fault;
    try {
      this.#parts.audit.add({
        at: step.at,
        subject: 'evenkeel',
        role: null,
        verified: true,
        action: `fault ${step.state}`,
        object: `${effectText(effect)} on ${podsText(pods.map(({ pod }) => pod))} of ${targetName} (fault ${id})`,
        status: step.state === 'revert-failed' ? 500 : 200,
        outcome: step.text,
        requestId: id,
      });
    } catch (error) {
      this.#parts.complain(`the audit log did not take a step of fault ${id}`, error);
    }
  }
}
