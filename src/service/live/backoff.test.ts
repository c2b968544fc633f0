import { backoffMs } from './backoff.ts';

describe('pauses between attempts', () => {
  test('grow exponentially to a bound', () =>
    expect([0, 1, 2, 3, 4, 5, 6, 50].map((attempt) => backoffMs(attempt, 0.999999))).toEqual([
      500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000,
    ]));

  test('are spread over their whole length, and never nothing', () => {
    expect(backoffMs(4, 0)).toBe(250);
    expect(backoffMs(4, 0.5)).toBe(4125);
  });
});
