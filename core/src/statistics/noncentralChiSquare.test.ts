import fc from 'fast-check';
import { chiSquareCdf } from './chiSquare.ts';
import { noncentralChiSquareCdf, noncentralityAt } from './noncentralChiSquare.ts';
import { normalCdf } from './normal.ts';

// Reference values: the Poisson mixture summed with mpmath 1.3 at 40 digits over 12 standard deviations around its mode.
test.each([
  [3, 1, 2, 0.6238689492782097],
  [0.5, 3, 6, 0.005345699161599166],
  [10, 4, 5, 0.6382288595823109],
  [25, 10, 20, 0.334355609104839],
  [9, 9, 19, 0.00668316617955993],
  [120, 50, 75, 0.4181505449102928],
  [250, 9, 225, 0.7093592440112042],
  [1000, 999, 60, 0.1045377400719926],
  [4000, 3, 4000, 0.4936921686949496],
  [5200, 9, 4990, 0.9214727922222854],
  [5300, 1000, 4900, 1.383387175450512e-5],
])('x = %d, %d degrees, noncentrality %d: the sum', (x, degrees, noncentrality, expected) => {
  expect(Math.abs(noncentralChiSquareCdf(x, degrees, noncentrality) - expected)).toBeLessThan(1e-11);
});

test.each([
  [5000, 9, 5001, 0.4746291121233511],
  [5600, 1, 5500, 0.7489416085794002],
  [6300, 1000, 5500, 0.097608184236602],
  [20500, 500, 20300, 0.147615515948221],
  [1.002e6, 100, 1e6, 0.8289502790562305],
  [99980000, 9, 1e8, 0.1585463855575357],
  [1.0003e8, 1000, 1e8, 0.9264625502226207],
])('x = %d, %d degrees, noncentrality %d: the saddle point', (x, degrees, noncentrality, expected) => {
  expect(Math.abs(noncentralChiSquareCdf(x, degrees, noncentrality) - expected)).toBeLessThan(1e-6);
});

test('one degree of freedom is a shifted normal, squared', () => {
  for (const shift of [0.5, 3, 30, 200]) {
    for (const z of [-2, -0.4, 0, 1, 2.5]) {
      const root = shift + z;
      const expected = normalCdf(root - shift) - normalCdf(-root - shift);
      if (root > 0) expect(noncentralChiSquareCdf(root * root, 1, shift * shift)).toBeCloseTo(expected, 6);
    }
  }
});

test('without noncentrality it is the central distribution, and close to it nothing jumps', () => {
  expect(noncentralChiSquareCdf(12, 9, 0)).toBe(chiSquareCdf(12, 9));
  expect(noncentralChiSquareCdf(12, 9, 1e-9)).toBeCloseTo(chiSquareCdf(12, 9), 9);
  expect(noncentralChiSquareCdf(0, 9, 5)).toBe(0);
});

test('the two methods meet at their border', () => {
  for (const degrees of [0.3, 1, 9, 200, 1000]) {
    for (const deviation of [-4, -2, -0.5, -1e-4, 0, 1, 3]) {
      const x = 5000 + degrees + deviation * Math.sqrt(2 * degrees + 4 * 5000);
      const below = noncentralChiSquareCdf(x, degrees, 5000);
      const above = noncentralChiSquareCdf(x, degrees, 5000 * (1 + 1e-12));
      expect(Math.abs(above - below)).toBeLessThan(1e-6);
    }
  }
});

const degrees = fc.double({ min: 0.1, max: 1000, noNaN: true });
const noncentrality = fc.oneof(
  fc.double({ min: 0, max: 1e4, noNaN: true }),
  fc.double({ min: 0, max: 1e8, noNaN: true })
);
const deviation = fc.double({ min: -6, max: 6, noNaN: true });

test('grows with x, falls with the noncentrality, and stays in [0, 1]', () => {
  fc.assert(
    fc.property(degrees, noncentrality, deviation, (k, lambda, z) => {
      const spread = Math.sqrt(2 * k + 4 * lambda);
      const x = Math.max(0, k + lambda + z * spread);
      const at = noncentralChiSquareCdf(x, k, lambda);
      expect(at).toBeGreaterThanOrEqual(0);
      expect(at).toBeLessThanOrEqual(1);
      // 1e-6 is what the saddle point may be off by.
      expect(noncentralChiSquareCdf(x + 0.1 * spread, k, lambda)).toBeGreaterThanOrEqual(at - 1e-6);
      expect(noncentralChiSquareCdf(x, k, lambda + 0.1 * spread)).toBeLessThanOrEqual(at + 1e-6);
    }),
    { seed: 7, numRuns: 400 }
  );
});

test('noncentralityAt inverts the distribution', () => {
  fc.assert(
    fc.property(degrees, noncentrality, deviation, fc.constantFrom(0.025, 0.5, 0.975), (k, lambda, z, p) => {
      const x = k + lambda + z * Math.sqrt(2 * k + 4 * lambda);
      fc.pre(x > 1e-3);
      const found = noncentralityAt(x, k, p);
      if (found === 0) expect(chiSquareCdf(x, k)).toBeLessThanOrEqual(p + 1e-6);
      else expect(noncentralChiSquareCdf(x, k, found)).toBeCloseTo(p, 5);
    }),
    { seed: 8, numRuns: 300 }
  );
});

test('an observation below its central quantile leaves no room for noncentrality', () => {
  expect(noncentralityAt(0, 9, 0.025)).toBe(0);
  expect(noncentralityAt(2.6, 9, 0.025)).toBe(0);
  expect(noncentralityAt(2.8, 9, 0.025)).toBeGreaterThan(0);
});
