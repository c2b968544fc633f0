import type { Policy } from './policy.ts';
import { countsOf, policyOver } from './testing/policyTrial.ts';

function letters(policy: Policy, n: number): string {
  return Array.from({ length: n }, () => 'ABCDEFGH'[policy.pick(0, 0)]).join(' ');
}

describe('round-robin', () => {
  test('gives exact counts whatever the weights', () => {
    expect(countsOf(policyOver('round-robin', [1, 5, 1, 1]), 4, 1000)).toEqual([250, 250, 250, 250]);
  });

  test('goes on where it was when pods come and go', () => {
    const policy = policyOver('round-robin', [1, 1, 1, 1]);
    const first = policy.pick(0, 0);
    const next = (first + 1) % 4;
    policy.setPods(
      [1, 1, 1, 1],
      [0, 1, 2, 3].map((pod) => pod !== next)
    );
    expect(policy.pick(0, 0)).toBe((first + 2) % 4);
    policy.setPods([1, 1, 1, 1], [true, true, true, true]);
    expect(policy.pick(0, 0)).toBe((first + 3) % 4);
  });

  test('independent balancers do not start at the same pod', () => {
    const starts = new Set(
      Array.from({ length: 40 }, (_, seed) =>
        policyOver('round-robin', [1, 1, 1, 1], [true, true, true, true], seed).pick(0, 0)
      )
    );
    expect(starts.size).toBe(4);
  });
});

describe('weighted round-robin', () => {
  test("is nginx's smooth order", () => {
    expect(letters(policyOver('weighted-round-robin', [5, 1, 1]), 14)).toBe('A A B A C A A A A B A C A A');
  });

  test('gives exact shares, with fractional weights too', () => {
    expect(countsOf(policyOver('weighted-round-robin', [1, 2, 0.5, 0.5]), 4, 4000)).toEqual([1000, 2000, 500, 500]);
  });
});

describe('random', () => {
  test('is uniform', () => {
    const n = 100_000;
    const counts = countsOf(policyOver('random', new Array(10).fill(1)), 10, n);
    const chiSquare = counts.reduce((sum, count) => sum + (count - n / 10) ** 2 / (n / 10), 0);
    // 99.9 % quantile of chi-square with 9 degrees of freedom; far below 1 would be suspicious as well.
    expect(chiSquare).toBeLessThan(27.88);
    expect(chiSquare).toBeGreaterThan(1);
  });

  test('follows the weights', () => {
    const weights = [1, 5, 0.33, 2, 0, 1];
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const n = 200_000;
    const counts = countsOf(policyOver('random', weights), 6, n);
    for (const [pod, weight] of weights.entries()) expect(counts[pod]! / n).toBeCloseTo(weight / total, 2);
  });
});
