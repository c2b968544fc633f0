import type { Phase } from '@evenkeel/contract/sample';

/** Where the phases of a run lie, in seconds since its begin. Phases begin on whole seconds; sending may end within one. */
export interface PhasePlan {
  /** First measuring second: the warm-up rounded up, but at least one second is measured. */
  readonly measuringFrom: number;
  /** First draining second. */
  readonly drainingFrom: number;
  readonly sendingSeconds: number;
}

export function phasePlan(warmupSeconds: number, durationSeconds: number): PhasePlan {
  const drainingFrom = Math.ceil(durationSeconds);
  return {
    measuringFrom: Math.max(0, Math.min(Math.ceil(warmupSeconds), drainingFrom - 1)),
    drainingFrom,
    sendingSeconds: durationSeconds,
  };
}

/** The phase of a second is the one in which it began; the load was stopped early at `stoppedAt`, or never (Infinity). */
export function phaseOf(second: number, plan: PhasePlan, stoppedAt = Number.POSITIVE_INFINITY): Phase {
  if (second >= plan.drainingFrom || second >= stoppedAt) return 'draining';
  return second < plan.measuringFrom ? 'warming' : 'measuring';
}
