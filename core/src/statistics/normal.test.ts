import { normalCdf, normalDensity, normalQuantile } from './normal.ts';

// Reference values: computed with mpmath 1.3 at 40 digits.
test.each([
  [-8, 6.220960574271784e-16],
  [-3, 0.0013498980316300946],
  [-1, 0.15865525393145705],
  [0, 0.5],
  [0.5, 0.6914624612740131],
  [1.96, 0.9750021048517795],
  [5, 0.9999997133484281],
])('Φ(%d)', (z, expected) => {
  expect(Math.abs(normalCdf(z) / expected - 1)).toBeLessThan(1e-13);
});

// Any table of the normal distribution.
test.each([
  [0.5, 0],
  [0.8413447460685429, 1],
  [0.95, 1.6448536269514722],
  [0.975, 1.959963984540054],
  [0.995, 2.5758293035489004],
  [1e-10, -6.361340902404056],
])('quantile of %d', (p, expected) => {
  expect(normalQuantile(p)).toBeCloseTo(expected, 10);
});

test('quantile and distribution undo each other', () => {
  for (let p = 0.0005; p < 1; p += 0.0101) expect(normalCdf(normalQuantile(p))).toBeCloseTo(p, 13);
});

test('the quantile is infinite at the ends', () => {
  expect(normalQuantile(0)).toBe(-Infinity);
  expect(normalQuantile(1)).toBe(Infinity);
});

test('the density is the slope of the distribution', () => {
  for (const z of [-2, 0, 0.7]) {
    expect((normalCdf(z + 1e-5) - normalCdf(z - 1e-5)) / 2e-5).toBeCloseTo(normalDensity(z), 9);
  }
});
