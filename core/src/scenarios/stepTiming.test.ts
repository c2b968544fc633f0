import { stepTiming } from './stepTiming.ts';

it.each([
  [10, 500, 2, 8],
  [5, 500, 2, 3],
  [60, 500, 6, 54],
  [10, 2000, 2, 8],
  [10, 2001, 3, 8],
  [10, 30_000, 30, 8],
])(
  '%d s at a p95 of at most %d ms: %d s to settle, %d s judged',
  (stepSeconds, p95Ms, settleSeconds, judgedSeconds) => {
    expect(stepTiming({ stepSeconds, p95Ms })).toEqual({ settleSeconds, judgedSeconds });
  }
);
