import type { RunClock } from '@evenkeel/core/run/runClock';
import { steadyNow } from './serviceClock.ts';

/** A run's clock by the machine's timers; `now` of the service's clock, or a steady one of its own. */
export const realClock = (now: () => number = steadyNow()): RunClock => ({
  now,
  after: (milliseconds, fire) => {
    const timer = setTimeout(fire, milliseconds);
    return () => clearTimeout(timer);
  },
});
