import { Random } from '../random/random.ts';
import { probabilitiesWithCv, randomCounts } from './routingFake.ts';
import { cvInterval } from './scoreInterval.ts';
import { type Spread, spreadOf } from './spread.ts';

function spreadOfCounts(counts: readonly number[]): Spread {
  const requests = counts.reduce((sum, count) => sum + count, 0);
  const expected = requests / counts.length;
  const variance = expected * (1 - 1 / counts.length);
  return spreadOf(counts.map((observed) => ({ observed, expected, variance, expectedRequests: expected })))!;
}

/** A spread with the chi-square that is expected of a true CV. */
function typical(k: number, requests: number, cv: number): Spread {
  const chiSquare = k - 1 + requests * cv * cv;
  return {
    requests,
    cv: Math.sqrt(chiSquare / requests),
    chiSquare,
    degrees: k - 1,
    resolution: (0.25 * k * k) / requests,
    noiseFloorCv: Math.sqrt((k - 1) / requests),
    correctedSquare: cv * cv,
    correctedCv: cv,
  };
}

// 2,000 trials: the standard error of the coverage is 0.5 points, so the limits are 4 of them away from 95 %.
test.each([
  [10, 10_000, 0.05],
  [5, 2000, 0.1],
  [50, 30_000, 0.05],
])('95 %% intervals hold the true CV 93 to 97 times in a hundred: k = %d, n = %d, c = %d', (k, n, cv) => {
  const random = new Random(31_415, k);
  const probabilities = probabilitiesWithCv(k, cv);
  const trials = 2000;
  let covered = 0;
  for (let trial = 0; trial < trials; trial++) {
    const { low, high } = cvInterval(spreadOfCounts(randomCounts(random, probabilities, n)));
    if (low <= cv && cv <= high) covered++;
  }
  expect(covered / trials).toBeGreaterThanOrEqual(0.93);
  expect(covered / trials).toBeLessThanOrEqual(0.97);
});

test('the width to expect: one point up and down at c = 0.05 over 10 pods takes 40,000 to 45,000 requests', () => {
  const { low, high } = cvInterval(typical(10, 42_500, 0.05));
  expect((high - low) / 2).toBeGreaterThan(0.0096);
  expect((high - low) / 2).toBeLessThan(0.0104);
});

test('a fair random balancer has an interval from 0 up that narrows with the requests', () => {
  let before = 1;
  for (const n of [500, 5000, 50_000, 5_000_000, 5e9]) {
    const { low, high } = cvInterval(typical(10, n, 0));
    expect(low).toBe(0);
    expect(high).toBeLessThan(before);
    before = high;
  }
  expect(before).toBeLessThan(1e-4);
});

test('counts that are more even than chance leave nothing open', () => {
  expect(cvInterval(spreadOfCounts([30, 30, 30, 30]))).toEqual({ low: 0, high: 0 });
});

test('half and half over two pods is nothing special before about a thousand requests', () => {
  expect(cvInterval(spreadOfCounts([50, 50])).high).toBeGreaterThan(0.1);
  expect(cvInterval(spreadOfCounts([600, 600])).high).toBe(0);
});
