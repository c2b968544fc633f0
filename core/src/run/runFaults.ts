import type { Fault } from '@evenkeel/contract/fault';

/** Something that happened to a fault while a run was going on. */
export interface FaultMark {
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
  /** `fault-active`, `fault-reverted`, `fault-refused`, … */
  readonly kind: string;
  readonly text: string;
  /** The fault as it is now; null when it was refused. */
  readonly fault: Fault | null;
}

/** Faults as one run sees them. */
export interface RunFaults {
  /** Faults on the run's target that are not over yet. */
  open(): readonly Fault[];
  /** Calls `listener` for everything that happens to faults on the run's target. Returns how to stop that. */
  follow(listener: (mark: FaultMark) => void): () => void;
  /** The load is over: ends the faults of the run's plan and resolves when each was taken back, or that was tried. */
  endPlanned(): Promise<void>;
}
