import fc from 'fast-check';
import { Random } from '../random/random.ts';
import { evenedOut } from './benefitOfDoubt.ts';
import { type Cell, spreadOf } from './spread.ts';

const cellsOf = (counts: readonly number[], weights: readonly number[] = counts.map(() => 1)): Cell[] => {
  const [n, weight] = [counts.reduce((a, b) => a + b, 0), weights.reduce((a, b) => a + b, 0)];
  return counts.map((observed, index) => {
    const share = weights[index]! / weight;
    return { observed, expected: n * share, variance: n * share * (1 - share), expectedRequests: n * share };
  });
};
const observed = (cells: readonly Cell[]) => cells.map((cell) => cell.observed);

test.each([
  ['a pod that may have got its whole share', [100, 100, 0], [1, 1, 1], 100, [100, 100, 100]],
  ['the lowest rise together', [90, 10, 30], [1, 1, 1], 40, [90, 40, 40]],
  ['more than what is lacking goes to all', [90, 60], [1, 1], 50, [100, 100]],
  ['weights', [60, 0], [2, 1], 30, [60, 30]],
  ['nothing unknown', [7, 3], [1, 1], 0, [7, 3]],
])('%s', (_what, counts, weights, unknown, expected) => {
  const cells = evenedOut(cellsOf(counts, weights), unknown);
  for (const [index, count] of observed(cells).entries()) expect(count).toBeCloseTo(expected[index]!, 9);
  const sum = (of: (cell: Cell) => number) => cells.reduce((total, cell) => total + of(cell), 0);
  expect(sum((cell) => cell.observed)).toBeCloseTo(
    sum((cell) => cell.expected),
    9
  );
});

test('no other way to place the unknown requests is more even', () => {
  const counts = fc.array(fc.nat(200), { minLength: 2, maxLength: 8 });
  fc.assert(
    fc.property(counts, fc.integer({ min: 1, max: 300 }), fc.nat(), (x, unknown, seed) => {
      fc.pre(x.some((count) => count > 0));
      const random = new Random(seed);
      const placed = [...x];
      for (let i = 0; i < unknown; i++) placed[random.below(x.length)]! += 1;
      const best = spreadOf(evenedOut(cellsOf(x), unknown));
      const other = spreadOf(cellsOf(placed));
      if (best !== null && other !== null) expect(best.cv).toBeLessThanOrEqual(other.cv + 1e-9);
    }),
    { seed: 3, numRuns: 200 }
  );
});
