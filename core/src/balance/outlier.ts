import type { Cell } from './spread.ts';
import { spreadOf } from './spread.ts';

/**
 * The index of the one cell that makes a spread uneven: without it, the others are within `targetCv` of each other. Null when no
 * single one does. Of two that are equally far off, it is the one that got more.
 */
export function singleOutlier(cells: readonly Cell[], targetCv: number): number | null {
  let furthest: number | null = null;
  let distance = 0;
  cells.forEach(({ observed, expected }, index) => {
    if (expected <= 0) return;
    const term = (observed - expected) ** 2 / expected;
    const tied = Math.abs(term - distance) <= 1e-9 * distance;
    if (tied ? observed > expected : term > distance) {
      furthest = index;
      distance = term;
    }
  });
  if (furthest === null) return null;
  const others = cells.filter((_, index) => index !== furthest);
  const observed = others.reduce((sum, cell) => sum + cell.observed, 0);
  const expected = others.reduce((sum, cell) => sum + cell.expected, 0);
  if (expected <= 0) return null;
  const scale = observed / expected;
  const rest = spreadOf(others.map((cell) => ({ ...cell, expected: cell.expected * scale })));
  return rest === null || rest.correctedCv <= targetCv ? furthest : null;
}
