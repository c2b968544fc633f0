import type { TimelinePoint } from '@evenkeel/contract/report';

/** A point of a timeline for tests: an ordinary second, but for what the test says. */
export const timelinePoint = (part: Partial<TimelinePoint>): TimelinePoint => ({
  second: 0,
  seconds: 1,
  phase: 'measuring',
  offeredRate: 100,
  completedRate: 100,
  errorRate: 0,
  dropped: 0,
  inFlight: 3,
  users: null,
  p50Ms: 10,
  p95Ms: 20,
  p99Ms: 30,
  scorePercent: 98,
  lowPercent: 97,
  highPercent: 99,
  generator: 'ok',
  ...part,
});
