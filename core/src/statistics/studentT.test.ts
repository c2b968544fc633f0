import { studentTwoSidedP, studentTwoSidedQuantile } from './studentT.ts';

/** Published two-sided critical values. */
it.each([
  [0.05, 1, 12.7062],
  [0.05, 4, 2.7764],
  [0.05, 9, 2.2622],
  [0.01, 9, 3.2498],
  [0.05, 30, 2.0423],
  [0.001, 60, 3.4602],
  [0.05, 10_000, 1.9602],
])('p = %d with %d degrees is at t = %d', (p, degrees, t) => {
  expect(studentTwoSidedQuantile(p, degrees)).toBeCloseTo(t, 3);
  expect(studentTwoSidedP(t, degrees)).toBeCloseTo(p, 4);
});

it('is 1 at zero, falls with |t|, and ends in 0', () => {
  expect(studentTwoSidedP(0, 5)).toBe(1);
  expect(studentTwoSidedP(-2, 5)).toBeCloseTo(studentTwoSidedP(2, 5), 12);
  expect(studentTwoSidedP(Number.POSITIVE_INFINITY, 5)).toBe(0);
});
