import type { TimelinePoint } from './report.ts';
import type { Sample } from './sample.ts';

/** The point of the time axis that one sample gives: live charts and a finished report draw the same thing. */
export function timelinePointOf(sample: Sample): TimelinePoint {
  const balance = sample.phase === 'warming' ? null : sample.balance;
  return {
    second: sample.second,
    seconds: 1,
    phase: sample.phase,
    offeredRate: sample.offered,
    completedRate: sample.completed,
    errorRate: sample.completed - sample.outcomes.ok,
    dropped: sample.dropped,
    inFlight: sample.inFlight,
    users: sample.users,
    p50Ms: sample.response.p50,
    p95Ms: sample.response.p95,
    p99Ms: sample.response.p99,
    scorePercent: balance?.scorePercent ?? null,
    lowPercent: balance?.lowPercent ?? null,
    highPercent: balance?.highPercent ?? null,
    generator: sample.generator.state,
  };
}
