import { type Fault, type FaultStep, isFaultOver } from '@evenkeel/contract/fault';
import type { FaultObserver } from '../faults/ports/faultObserver.ts';
import { type Exposition, labelText } from './exposition.ts';

/** Everything exported about faults. What was ever exported goes back to 0 and stays, so that an end is seen, not a gap. */
export class FaultSeries implements FaultObserver {
  readonly #onWall: (at: number) => number;
  readonly #open = new Map<string, Fault>();
  /** Reverts that failed, by labels; every set of labels that was ever seen has an entry. */
  readonly #failures = new Map<string, number>();

  /** `onWall` turns a time of a fault into that of the machine's clock, which Prometheus compares it with. */
  constructor(onWall: (at: number) => number = (at) => at) {
    this.#onWall = onWall;
  }

  step(fault: Fault, step: FaultStep): void {
    if (isFaultOver(fault.state)) this.#open.delete(fault.id);
    else this.#open.set(fault.id, fault);
    const labels = labelsOf(fault);
    const failures = this.#failures.get(labels) ?? 0;
    this.#failures.set(labels, failures + (step.state === 'revert-failed' ? 1 : 0));
  }

  write(out: Exposition): void {
    const open = [...this.#open.values()];
    const expiries = new Map<string, number>();
    for (const fault of open) {
      const labels = labelsOf(fault);
      expiries.set(labels, Math.min(fault.expiresAt, expiries.get(labels) ?? fault.expiresAt));
    }
    out.family(
      'evenkeel_fault_active',
      'gauge',
      '1 while such a fault is injected or may be: from before the first pod is touched until the last one is certainly free.'
    );
    for (const labels of this.#failures.keys()) {
      out.series('evenkeel_fault_active', labels, expiries.has(labels) ? 1 : 0);
    }
    out.family(
      'evenkeel_fault_expires_timestamp_seconds',
      'gauge',
      'When the first of these faults must be over, as Unix time. One that is active and past it was not taken back.'
    );
    for (const [labels, expiresAt] of expiries) {
      out.series('evenkeel_fault_expires_timestamp_seconds', labels, this.#onWall(expiresAt) / 1000);
    }
    out.family(
      'evenkeel_fault_revert_failures_total',
      'counter',
      'Faults that could not be taken back within their time. They are tried again until they are.'
    );
    for (const [labels, failures] of this.#failures)
      out.counter('evenkeel_fault_revert_failures_total', labels, failures);
  }
}

const labelsOf = ({ targetId, effect, severity }: Fault): string =>
  labelText({ target: targetId, type: effect.type, severity: severity ?? 'custom' });
