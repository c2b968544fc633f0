import { chiSquareCdf, chiSquareQuantile, chiSquareSurvival } from './chiSquare.ts';

// Upper percentage points: Abramowitz and Stegun, table 26.8 (also the NIST/SEMATECH handbook 1.3.6.7.4).
test.each([
  [0.95, 1, 3.841],
  [0.95, 2, 5.991],
  [0.99, 5, 15.086],
  [0.95, 9, 16.919],
  [0.975, 9, 19.023],
  [0.025, 9, 2.7],
  [0.95, 10, 18.307],
  [0.05, 10, 3.94],
  [0.999, 20, 45.315],
  [0.95, 100, 124.342],
])('quantile %d at %d degrees of freedom is %d', (p, degrees, expected) => {
  expect(Math.abs(chiSquareQuantile(p, degrees) - expected)).toBeLessThan(0.00051);
});

test('two degrees of freedom are an exponential with mean 2', () => {
  for (const x of [0.1, 1, 7, 40]) {
    expect(chiSquareCdf(x, 2)).toBeCloseTo(1 - Math.exp(-x / 2), 14);
    expect(chiSquareSurvival(x, 2) / Math.exp(-x / 2)).toBeCloseTo(1, 12);
  }
});

test('quantile and distribution undo each other, for odd degrees of freedom too', () => {
  for (const degrees of [0.2, 1, 2.7, 49, 999, 9999]) {
    for (const p of [0.001, 0.025, 0.5, 0.95, 0.999]) {
      expect(chiSquareCdf(chiSquareQuantile(p, degrees), degrees)).toBeCloseTo(p, 9);
    }
  }
});

test('the ends', () => {
  expect(chiSquareQuantile(0, 5)).toBe(0);
  expect(chiSquareQuantile(1, 5)).toBe(Infinity);
  expect(chiSquareCdf(0, 5)).toBe(0);
  expect(chiSquareSurvival(0, 5)).toBe(1);
});
