import { Random } from '../random/random.ts';
import { levelShift } from './levelShift.ts';
import { dependentValues } from './testing/dependentValues.ts';

it('finds where a level changes, and how far', () => {
  const values = [1, 3, 2, 1, 3, 2, 11, 13, 12, 11];
  expect(levelShift(values, 2)).toMatchObject({ at: 6, from: 2, to: 11.75 });
  expect(levelShift(values, 2)!.deviations).toBeCloseTo(9.75 / Math.sqrt((4 + 2.75) / 8), 9);
});

it('takes a clean jump for infinitely many deviations', () => {
  expect(levelShift([0, 0, 0, 5, 5, 5], 2)).toEqual({ at: 3, from: 0, to: 5, deviations: Number.POSITIVE_INFINITY });
});

it.each([
  ['equal values', [4, 4, 4, 4, 4, 4], 2],
  ['too few values', [1, 9, 9], 2],
  ['none', [], 2],
])('finds nothing in %s', (_name, values, edge) => {
  expect(levelShift(values, edge)).toBeNull();
});

it('keeps off the ends', () => {
  const values = [9, 0.3, 0.1, 0.2, 0.4, 0.2, 0.1, 0.3];
  expect(levelShift(values, 3)!.at).toBeGreaterThanOrEqual(3);
  expect(levelShift(values, 3)!.at).toBeLessThanOrEqual(5);
});

it('gives a straight line no more than 3.5 deviations', () => {
  for (const n of [60, 128]) {
    expect(
      levelShift(
        Array.from({ length: n }, (_, i) => 1000 * i),
        10
      )!.deviations
    ).toBeLessThan(3.5);
  }
});

it.each([
  [0.5, 2.3, 0.002],
  [0.8, 4, 0.002],
])('of steady values with correlation %d, %d deviations are as rare as stated', (correlation, deviations, share) => {
  const random = new Random(1);
  let beyond = 0;
  for (let i = 0; i < 1000; i++) {
    if (levelShift(dependentValues(60, correlation, random), 10)!.deviations > deviations) beyond++;
  }
  expect(beyond / 1000).toBeLessThanOrEqual(share);
});
