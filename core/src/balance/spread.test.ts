import fc from 'fast-check';
import { Random } from '../random/random.ts';
import { chiSquareQuantile } from '../statistics/chiSquare.ts';
import { BalanceWindow } from './balanceWindow.ts';
import { probabilitiesWithCv, randomCounts } from './routingFake.ts';
import { secondFake } from './secondFake.ts';
import { type Cell, percentOf, spreadOf } from './spread.ts';

function cellsOf(counts: readonly number[], weights: readonly number[] = counts.map(() => 1)): Cell[] {
  const requests = counts.reduce((sum, count) => sum + count, 0);
  const weight = weights.reduce((sum, each) => sum + each, 0);
  return counts.map((observed, index) => {
    const share = weights[index]! / weight;
    const expected = requests * share;
    return { observed, expected, variance: expected * (1 - share), expectedRequests: expected };
  });
}

const counts = fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 2, maxLength: 40 });

test('CV is the population standard deviation over the mean', () => {
  const spread = spreadOf(cellsOf([2, 4, 4, 4, 5, 5, 7, 9]))!;
  expect(spread.cv).toBeCloseTo(2 / 5, 14);
  expect(spread.noiseFloorCv).toBeCloseTo(Math.sqrt(7 / 40), 14);
  expect(spread.correctedSquare).toBeCloseTo(((0.16 - 7 / 40) * 40) / 39, 14);
  expect(spread.correctedCv).toBe(0);
});

test("chi-square is n CV², and the degrees are k - 1, for any weights: Pearson's sum computed the textbook way", () => {
  const weighted = counts.chain((x) =>
    fc.tuple(
      fc.constant(x),
      fc.array(fc.double({ min: 0.05, max: 20, noNaN: true }), { minLength: x.length, maxLength: x.length })
    )
  );
  fc.assert(
    fc.property(weighted, ([x, weights]) => {
      const n = x.reduce((a, b) => a + b, 0);
      const total = weights.reduce((a, b) => a + b, 0);
      let pearson = 0;
      x.forEach((count, i) => {
        pearson += (count - (n * weights[i]!) / total) ** 2 / ((n * weights[i]!) / total);
      });
      const spread = spreadOf(cellsOf(x, weights))!;
      expect(Math.abs(spread.chiSquare - pearson)).toBeLessThan(1e-9 * (1 + pearson));
      expect(Math.abs(n * spread.cv ** 2 - pearson)).toBeLessThan(1e-9 * (1 + pearson));
      expect(spread.degrees).toBeCloseTo(x.length - 1, 9);
    }),
    { seed: 1 }
  );
});

test('ten times the counts: the same CV, a noise floor lower by the root of ten', () => {
  fc.assert(
    fc.property(counts, (x) => {
      const [once, tenfold] = [spreadOf(cellsOf(x))!, spreadOf(cellsOf(x.map((count) => 10 * count)))!];
      expect(tenfold.cv).toBeCloseTo(once.cv, 12);
      expect(tenfold.noiseFloorCv * Math.sqrt(10)).toBeCloseTo(once.noiseFloorCv, 12);
    }),
    { seed: 2 }
  );
});

test('there is no spread without requests, or without a choice', () => {
  expect(spreadOf([])).toBeNull();
  expect(spreadOf(cellsOf([0, 0]))).toBeNull();
  expect(spreadOf([{ observed: 90, expected: 90, variance: 0, expectedRequests: 90 }])).toBeNull();
});

test('one pod off by a factor of 1 + d over level others has a CV of d / sqrt(k - 1): a dead pod hides from k = 402 on', () => {
  const dead = (k: number) => spreadOf(cellsOf(Array.from({ length: k }, (_, i) => (i === 0 ? 0 : 1000))))!.cv;
  for (const [k, cv] of [
    [5, 0.5],
    [10, 1 / 3],
    [100, 0.1005],
    [1000, 0.03164],
  ] as const) {
    expect(dead(k)).toBeCloseTo(cv, 4);
  }
  expect(percentOf(dead(401))).toBeLessThanOrEqual(95);
  expect(percentOf(dead(402))).toBeGreaterThan(95);
});

test('requests until a fair random balancer shows a CV of at most 0.05 in 95 of 100 cases', () => {
  for (const [k, n] of [
    [2, 1537],
    [3, 2397],
    [5, 3796],
    [10, 6768],
    [20, 12058],
    [50, 26536],
    [100, 49291],
    [1000, 429458],
    [10_000, 4093095],
  ] as const) {
    expect(Math.abs(chiSquareQuantile(0.95, k - 1) / 0.0025 - n)).toBeLessThan(1);
  }
});

describe('under a random balancer', () => {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  function isWithinThreeErrors(values: readonly number[], truth: number): void {
    const centre = mean(values);
    const variance = mean(values.map((value) => (value - centre) ** 2));
    expect(Math.abs(centre - truth)).toBeLessThan(3 * Math.sqrt(variance / values.length));
  }

  test.each([
    [3, 1000],
    [10, 1000],
    [100, 5000],
  ])('E[CV²] = (k - 1) / n for a fair one: k = %d, n = %d', (k, n) => {
    const random = new Random(2024, k);
    const squares = Array.from(
      { length: 1500 },
      () => spreadOf(cellsOf(randomCounts(random, probabilitiesWithCv(k, 0), n)))!.cv ** 2
    );
    isWithinThreeErrors(squares, (k - 1) / n);
  });

  test.each([
    [20, 2000, Math.sqrt(0.016)],
    [4, 300, 0.2],
    [7, 1000, 0.05],
    [10, 1000, 0],
  ])('the corrected square is unbiased: k = %d, n = %d, c = %d', (k, n, cv) => {
    const random = new Random(99, k);
    const squares = Array.from(
      { length: 3000 },
      () => spreadOf(cellsOf(randomCounts(random, probabilitiesWithCv(k, cv), n)))!.correctedSquare
    );
    isWithinThreeErrors(squares, cv * cv);
    // Without the correction it would be far off.
    const floor = (k - 1) / n;
    expect(Math.abs(mean(squares) - cv * cv)).toBeLessThan(floor / 4);
  });

  test('pods that come and go: the mean of chi-square is the sum of variance over expectation', () => {
    const random = new Random(5);
    const spreads = Array.from({ length: 2000 }, () => {
      const window = new BalanceWindow();
      window.add(secondFake([...randomCounts(random, [0.5, 0.5], 400), { decisions: 0, eligible: false }]));
      const [a, b, c] = randomCounts(random, [0.2, 0.2, 0.6], 300);
      window.add(secondFake([a!, b!, { decisions: c!, weight: 3 }]));
      window.add(
        secondFake(
          [{ decisions: 0, eligible: false }, ...randomCounts(random, [0.25, 0.75], 200)].map((pod, i) =>
            i === 2 ? { decisions: pod as number, weight: 3 } : pod
          )
        )
      );
      return spreadOf(
        window.totals().pods.map(({ requests, expected, variance }) => ({
          observed: requests,
          expected,
          variance,
          expectedRequests: expected,
        }))
      )!;
    });
    isWithinThreeErrors(
      spreads.map((spread) => spread.chiSquare),
      spreads[0]!.degrees
    );
    isWithinThreeErrors(
      spreads.map((spread) => spread.correctedSquare),
      0
    );
  });
});
