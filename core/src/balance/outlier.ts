import type { Cell } from './spread.ts';
import { spreadOf } from './spread.ts';

/**
 * The index of the one cell that makes a spread uneven: without it, the others are within `targetCv` of each other. Null when no
 * single one does, and for two cells, where one is as far off as the other.
 */
export function singleOutlier(cells: readonly Cell[], targetCv: number): number | null {
  let furthest: number | null = null;
  let distance = 0;
  cells.forEach(({ observed, expected }, index) => {
    if (expected <= 0) return;
    const term = (observed - expected) ** 2 / expected;
    if (term > distance) {
      furthest = index;
      distance = term;
    }
  });
  if (furthest === null || cells.length < 3) return null;
  const others = cells.filter((_, index) => index !== furthest);
  const observed = others.reduce((sum, cell) => sum + cell.observed, 0);
  const expected = others.reduce((sum, cell) => sum + cell.expected, 0);
  if (expected <= 0) return null;
  const scale = observed / expected;
  const rest = spreadOf(others.map((cell) => ({ ...cell, expected: cell.expected * scale })));
  return rest !== null && rest.correctedCv <= targetCv ? furthest : null;
}
