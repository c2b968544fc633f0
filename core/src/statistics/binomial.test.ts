import { binomialPValue } from './binomial.ts';
import { logGamma } from './gamma.ts';

/** The tail summed term by term. */
function exactTail(from: number, to: number, trials: number, chance: number): number {
  let sum = 0;
  for (let x = from; x <= to; x++) {
    const choices = logGamma(trials + 1) - logGamma(x + 1) - logGamma(trials - x + 1);
    sum += Math.exp(choices + x * Math.log(chance) + (trials - x) * Math.log1p(-chance));
  }
  return sum;
}

test.each([
  [60, 0.5],
  [120, 0.25],
  [1000, 0.5],
  [3000, 0.001],
  [3000, 0.01],
  [10_000, 0.1],
  [30_000, 0.001],
])('close to twice the exact tail: %d trials of chance %d', (trials, chance) => {
  const mean = trials * chance;
  const deviation = Math.sqrt(mean * (1 - chance));
  let compared = 0;
  for (const z of [-6, -4.5, -3, -2, 2, 3, 4.5, 6, 8]) {
    const x = Math.round(mean + z * deviation);
    if (x < 0 || x > trials) continue;
    const exact = 2 * (x > mean ? exactTail(x, trials, trials, chance) : exactTail(0, x, trials, chance));
    if (exact > 0.1 || exact < 1e-30) continue;
    expect(Math.abs(binomialPValue(x, trials, chance) / exact - 1)).toBeLessThan(0.05);
    compared++;
  }
  expect(compared).toBeGreaterThanOrEqual(3);
});

test('the very ends are exact', () => {
  expect(binomialPValue(0, 200, 0.05)).toBeCloseTo(2 * 0.95 ** 200, 12);
  expect(binomialPValue(10, 10, 0.5)).toBeCloseTo(2 * 0.5 ** 10, 12);
});

test('near the mean nothing is remarkable', () => {
  expect(binomialPValue(500, 1000, 0.5)).toBe(1);
  expect(binomialPValue(501, 1000, 0.5)).toBeGreaterThan(0.9);
  expect(binomialPValue(499, 1000, 0.5)).toBeGreaterThan(0.9);
});

test('a certain or impossible outcome is never remarkable', () => {
  expect(binomialPValue(7, 7, 1)).toBe(1);
  expect(binomialPValue(0, 0, 0.5)).toBe(1);
});

test('falls as the count moves away from its mean, also for a trial count that is not whole', () => {
  for (const trials of [400, 400.7]) {
    let before = 1;
    for (let x = Math.ceil(trials / 4); x < trials; x += 5) {
      const p = binomialPValue(x, trials, 0.25);
      expect(p).toBeLessThanOrEqual(before);
      before = p;
    }
  }
});
