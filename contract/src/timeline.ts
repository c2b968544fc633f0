import type { TimelinePoint } from './report.ts';
import type { Sample } from './sample.ts';

/** The point of the time axis that one sample gives: live charts and a finished report draw the same thing. */
export function timelinePointOf(sample: Sample): TimelinePoint {
  const errors = sample.completed - sample.outcomes.ok;
  return {
    second: sample.second,
    seconds: 1,
    phase: sample.phase,
    offeredRate: sample.offered,
    completedRate: sample.completed,
    errorRate: Math.max(0, errors),
    dropped: sample.dropped,
    inFlight: sample.inFlight,
    users: sample.users,
    p50Ms: sample.response.p50,
    p95Ms: sample.response.p95,
    p99Ms: sample.response.p99,
    scorePercent: sample.balance.scorePercent,
    lowPercent: sample.balance.lowPercent,
    highPercent: sample.balance.highPercent,
    generator: sample.generator.state,
  };
}
