import type { Fault, FaultStep } from '@evenkeel/contract/fault';

/** Somebody who follows all faults: metrics, the marks of a run. Called after the step was written down. Must not throw. */
export interface FaultObserver {
  step(fault: Fault, step: FaultStep): void;
}
