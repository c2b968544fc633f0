import type { RunClock } from '../runClock.ts';

/** A run's clock for tests: it stands at `now`, and what is to happen later never does. */
export const standingClock = (now: () => number = () => 0): RunClock => ({ now, after: () => () => {} });

/** A run's clock for tests that wait for nothing: what is to happen later happens at once; `waits` is told how much later. */
export const hastyClock = (
  now: () => number = () => 0,
  waits: (milliseconds: number) => void = () => {}
): RunClock => ({
  now,
  after: (milliseconds, fire) => {
    let calledOff = false;
    waits(milliseconds);
    queueMicrotask(() => {
      if (!calledOff) fire();
    });
    return () => {
      calledOff = true;
    };
  },
});
