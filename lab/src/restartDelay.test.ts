import { RestartDelay } from './restartDelay.ts';

test('doubles for crashes in a row, up to ten seconds, and forgives after half a minute', () => {
  const delay = new RestartDelay();
  expect([1, 2, 3, 4, 5, 6, 7, 8].map(() => delay.after(500))).toEqual([
    200, 400, 800, 1600, 3200, 6400, 10_000, 10_000,
  ]);
  expect(delay.after(30_000)).toBe(200);
  expect(delay.after(500)).toBe(400);
});
