import type { Cell } from './spread.ts';

/**
 * The cells as they would be if `unknown` further requests had gone to the pods that got too little, so that nothing could make the
 * load more even: what is uneven then is uneven wherever they went.
 */
export function evenedOut(cells: readonly Cell[], unknown: number): Cell[] {
  const judged = cells.filter(({ expected }) => expected > 0);
  const sorted = judged.toSorted((a, b) => a.observed / a.expected - b.observed / b.expected);
  // Like water into a basin: the lowest ratios rise together until nothing is left to pour.
  let level = 0;
  let [observed, expected] = [0, 0];
  for (const [at, cell] of sorted.entries()) {
    observed += cell.observed;
    expected += cell.expected;
    level = (observed + unknown) / expected;
    const next = sorted[at + 1];
    if (next === undefined || next.observed / next.expected >= level) break;
  }
  const total = judged.reduce((sum, cell) => sum + cell.expected, 0);
  const growth = total > 0 ? (total + unknown) / total : 1;
  return cells.map((cell) => ({
    observed: cell.expected > 0 ? Math.max(cell.observed, level * cell.expected) : cell.observed,
    expected: cell.expected * growth,
    variance: cell.variance * growth,
    expectedRequests: cell.expectedRequests * growth,
  }));
}
