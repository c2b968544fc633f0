import { Random } from '../random/random.ts';
import { requestsForVerdict } from './requestsNeeded.ts';
import { probabilitiesWithCv, randomCounts } from './routingFake.ts';
import { cvInterval } from './scoreInterval.ts';
import { type Spread, spreadOf } from './spread.ts';

function spreadOfCounts(counts: readonly number[]): Spread {
  const requests = counts.reduce((sum, count) => sum + count, 0);
  const expected = requests / counts.length;
  const variance = expected * (1 - 1 / counts.length);
  return spreadOf(counts.map((observed) => ({ observed, expected, variance, expectedRequests: expected })))!;
}

/** Counts with exactly this corrected CV. */
function seen(k: number, requests: number, cv: number): Spread {
  const fair = spreadOfCounts(new Array<number>(k).fill(requests / k));
  return { ...fair, chiSquare: k - 1 + requests * cv * cv, correctedCv: cv, correctedSquare: cv * cv };
}

test('before anything is seen it plans for a fair random balancer', () => {
  const plan = [2, 4, 10, 100, 1000].map((k) => requestsForVerdict(k, null, 0.05)!);
  for (let i = 1; i < plan.length; i++) expect(plan[i]!).toBeGreaterThan(plan[i - 1]!);
  expect(plan[2]!).toBeGreaterThan(7000);
  expect(plan[2]!).toBeLessThan(9000);
});

// The plan allows for bad luck: four of five repeats should decide. 300 repeats have a standard error of 2.3 points.
test.each([
  [10, 0],
  [10, 0.03],
  [10, 0.08],
  [50, 0.02],
])('after the planned requests, four of five runs over %d pods with a CV of %d are decided', (k, cv) => {
  const planned = requestsForVerdict(k, seen(k, 200_000, cv), 0.05)!;
  const random = new Random(77, k);
  let decided = 0;
  for (let repeat = 0; repeat < 300; repeat++) {
    const { low, high } = cvInterval(spreadOfCounts(randomCounts(random, probabilitiesWithCv(k, cv), planned)));
    if (high <= 0.05 || low > 0.05) decided++;
  }
  expect(decided / 300).toBeGreaterThan(0.72);
  expect(decided / 300).toBeLessThan(0.95);
});

test('the closer to the target, the more requests; on the target itself no number helps', () => {
  const at = (cv: number) => requestsForVerdict(10, seen(10, 100_000, cv), 0.05);
  expect(at(0.045)!).toBeGreaterThan(at(0.03)!);
  expect(at(0.055)!).toBeGreaterThan(at(0.07)!);
  expect(at(0.05)).toBeNull();
  expect(requestsForVerdict(10, seen(10, 5000, 0), 0)).toBeNull();
});

test('what chance alone explains is planned for as fair, however near the target the noisy estimate lies', () => {
  const fair = requestsForVerdict(4, null, 0.05);
  expect(requestsForVerdict(4, seen(4, 480, 0.057), 0.05)).toBe(fair);
  expect(requestsForVerdict(4, seen(4, 48_000, 0.057), 0.05)).toBeGreaterThan(20 * fair!);
});

test('round-robin needs 30 requests a pod, over two pods about a thousand', () => {
  expect(requestsForVerdict(4, spreadOfCounts([10, 10, 10, 10]), 0.05)).toBe(120);
  expect(requestsForVerdict(2, spreadOfCounts([600, 600]), 0.05)).toBe(1019);
  expect(cvInterval(spreadOfCounts([510, 510])).high).toBe(0);
});
