import type { Report } from '@evenkeel/contract/report';
import type { Run } from '@evenkeel/contract/run';
import type { Sample } from '@evenkeel/contract/sample';
import type { LoadSecond } from '@evenkeel/core/run/loadEngine';

/** Something that follows all runs, as telemetry does. It must not keep or change what it is given, nor throw. */
export interface RunObserver {
  runStarted(run: Run): void;
  /** Raw counts of one second, before anybody else sees them. */
  second(run: Run, second: LoadSecond): void;
  sample(run: Run, sample: Sample): void;
  runEnded(run: Run, report: Report | null): void;
}

export const noObserver: RunObserver = {
  runStarted: () => {},
  second: () => {},
  sample: () => {},
  runEnded: () => {},
};

/** One observer that tells each of these, in order. */
export function observedByAll(observers: readonly RunObserver[]): RunObserver {
  return {
    runStarted: (run) => observers.forEach((observer) => void observer.runStarted(run)),
    second: (run, second) => observers.forEach((observer) => void observer.second(run, second)),
    sample: (run, sample) => observers.forEach((observer) => void observer.sample(run, sample)),
    runEnded: (run, report) => observers.forEach((observer) => void observer.runEnded(run, report)),
  };
}
