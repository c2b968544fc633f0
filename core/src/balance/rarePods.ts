import type { Cell } from './spread.ts';

/** Pearson's statistic follows its distribution when at least this much is expected of each cell (Cochran 1954). */
const LEAST_EXPECTED = 5;

/**
 * Puts the pods of which hardly a request was expected (just arrived, or of tiny weight) together, with the next larger ones until
 * five are expected of them all: a single request on a pod with an expectation of 0.1 would outweigh a whole fleet.
 */
export function withRarePooled(cells: readonly Cell[]): readonly Cell[] {
  const sorted = [...cells].sort((a, b) => a.expectedRequests - b.expectedRequests);
  if (sorted.length === 0 || sorted[0]!.expectedRequests >= LEAST_EXPECTED) return cells;
  let pool: Cell = { observed: 0, expected: 0, variance: 0, expectedRequests: 0 };
  let pooled = 0;
  for (const cell of sorted) {
    if (pool.expectedRequests >= LEAST_EXPECTED && cell.expectedRequests >= LEAST_EXPECTED) break;
    pool = {
      observed: pool.observed + cell.observed,
      expected: pool.expected + cell.expected,
      // Slightly too much, as counts in one pool vary against each other; the pool is small.
      variance: pool.variance + cell.variance,
      expectedRequests: pool.expectedRequests + cell.expectedRequests,
    };
    pooled++;
  }
  return [pool, ...sorted.slice(pooled)];
}
