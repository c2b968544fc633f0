import type { BalanceScore } from '@evenkeel/contract/balance';
import { chiSquareSurvival } from '../statistics/chiSquare.ts';
import type { Spread } from './spread.ts';

interface Load {
  readonly observed: number;
  readonly expected: number;
}

/**
 * Gini coefficient of the ratios r_i = x_i / e_i, each weighted by its expected share: 0 for even, up to 1 - 1/k. For equal pods
 * it is Σ (2 i - k - 1) x_(i) / (k Σ x).
 */
export function giniOf(loads: readonly Load[]): number {
  const sorted = loads
    .filter((load) => load.expected > 0)
    .sort((a, b) => a.observed / a.expected - b.observed / b.expected);
  const expected = sorted.reduce((sum, load) => sum + load.expected, 0);
  const observed = sorted.reduce((sum, load) => sum + load.observed, 0);
  if (observed <= 0) return 0;
  let below = 0;
  let twiceArea = 0;
  for (const load of sorted) {
    twiceArea += (load.expected / expected) * ((2 * below + load.observed) / observed);
    below += load.observed;
  }
  return Math.max(0, 1 - twiceArea);
}

/** The well-known measures beside the score, over pods of which something was expected. */
export function measuresOf(loads: readonly Load[], spread: Spread): NonNullable<BalanceScore['measures']> {
  const judged = loads.filter((load) => load.expected > 0);
  const total = judged.reduce((sum, load) => sum + load.expected, 0);
  const moved = judged.reduce((sum, load) => sum + Math.abs(load.observed - load.expected), 0);
  let [most, least] = [0, Infinity];
  for (const load of judged) {
    most = Math.max(most, load.observed / load.expected);
    least = Math.min(least, load.observed / load.expected);
  }
  return {
    // (Σ w r)² / Σ w r², which is Jain's index when all weights are equal.
    jain: 1 / (1 + spread.cv ** 2),
    maxOverMean: most,
    minOverMean: least,
    gini: giniOf(judged),
    totalVariation: moved / (2 * total),
    chiSquare: spread.chiSquare,
    chiSquareP: spread.degrees > 0 ? chiSquareSurvival(spread.chiSquare, spread.degrees) : 1,
  };
}
