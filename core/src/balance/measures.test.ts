import fc from 'fast-check';
import { Random } from '../random/random.ts';
import { giniOf, measuresOf } from './measures.ts';
import { spreadOf } from './spread.ts';

function measured(counts: readonly number[]) {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  const variance = expected * (1 - 1 / counts.length);
  const cells = counts.map((observed) => ({ observed, expected, variance, expectedRequests: expected }));
  return measuresOf(cells, spreadOf(cells)!);
}

const counts = fc
  .array(fc.nat(5000), { minLength: 2, maxLength: 30 })
  .filter((x) => x.reduce((sum, count) => sum + count, 0) > 1);

test('bell-shaped deviations over 1,000 pods with a CV of 0.05117: the known ratios between the measures', () => {
  const random = new Random(12);
  const offsets = Array.from({ length: 1000 }, () => random.normal());
  const centre = offsets.reduce((sum, x) => sum + x, 0) / 1000;
  const size = Math.sqrt(offsets.reduce((sum, x) => sum + (x - centre) ** 2, 0) / 1000);
  const measures = measured(offsets.map((x) => 1e6 * (1 + (0.05117 * (x - centre)) / size)));
  const near = (value: number, truth: number, tolerance: number) =>
    expect(Math.abs(value / truth - 1)).toBeLessThan(tolerance);
  near(measures.gini, 0.02882, 0.02);
  near(measures.totalVariation, 0.02037, 0.02);
  near(measures.jain, 0.99739, 1e-5);
});

test('by hand: 1, 2, 3, 4', () => {
  const measures = measured([1, 2, 3, 4]);
  expect(measures.gini).toBeCloseTo(0.25, 14);
  expect(measures.jain).toBeCloseTo(100 / (4 * 30), 14);
  expect(measures.maxOverMean).toBeCloseTo(1.6, 14);
  expect(measures.minOverMean).toBeCloseTo(0.4, 14);
  expect(measures.totalVariation).toBeCloseTo(0.2, 14);
  expect(measures.chiSquare).toBeCloseTo(2, 14);
  // 3 degrees of freedom: P(X >= 2) = 0.5724.
  expect(measures.chiSquareP).toBeCloseTo(0.5724, 4);
});

test("for equal pods they are the textbook's formulas", () => {
  fc.assert(
    fc.property(counts, (x) => {
      const k = x.length;
      const sum = x.reduce((a, b) => a + b, 0);
      const squares = x.reduce((a, b) => a + b * b, 0);
      const sorted = [...x].sort((a, b) => a - b);
      const gini = sorted.reduce((total, count, i) => total + (2 * (i + 1) - k - 1) * count, 0) / (k * sum);
      const measures = measured(x);
      expect(measures.jain).toBeCloseTo(sum ** 2 / (k * squares), 10);
      expect(measures.gini).toBeCloseTo(gini, 10);
      expect(measures.totalVariation).toBeCloseTo(
        0.5 * x.reduce((total, count) => total + Math.abs(count / sum - 1 / k), 0),
        10
      );
    }),
    { seed: 4 }
  );
});

test('all on one pod', () => {
  const measures = measured([0, 0, 0, 80]);
  expect(measures.jain).toBeCloseTo(0.25, 14);
  expect(measures).toMatchObject({ maxOverMean: 4, minOverMean: 0, gini: 0.75, totalVariation: 0.75 });
});

test('Gini follows the weights: fair to weights is even', () => {
  expect(
    giniOf([
      { observed: 60, expected: 60 },
      { observed: 20, expected: 20 },
    ])
  ).toBeCloseTo(0, 14);
  expect(giniOf([{ observed: 0, expected: 10 }])).toBe(0);
});
