import { normalCdf } from './normal.ts';

export interface TrendTest {
  /** Pairs that rise minus pairs that fall. */
  readonly score: number;
  /** Variance of the score when there is no trend: with ties and the given inflation allowed for. */
  readonly variance: number;
  /** Two-sided probability of a score at least this far from 0 without a trend; 1 when all values are equal. */
  readonly p: number;
}

/**
 * Mann-Kendall test for a monotonic trend in equally spaced values. It makes no assumption about their distribution, but it does
 * about their independence: for values that depend on their neighbours pass the factor by which that inflates the variance.
 */
export function mannKendall(values: readonly number[], inflation = 1): TrendTest {
  const n = values.length;
  let score = 0;
  for (let j = 1; j < n; j++) {
    const later = values[j]!;
    for (let i = 0; i < j; i++) score += Number(later > values[i]!) - Number(later < values[i]!);
  }
  const ties = new Map<number, number>();
  for (const value of values) ties.set(value, (ties.get(value) ?? 0) + 1);
  let spread = n * (n - 1) * (2 * n + 5);
  for (const t of ties.values()) spread -= t * (t - 1) * (2 * t + 5);
  const variance = (spread / 18) * inflation;
  // One pair is the step of the score: without that correction small samples look too sure.
  const z = variance === 0 ? 0 : Math.max(0, Math.abs(score) - 1) / Math.sqrt(variance);
  return { score, variance, p: variance === 0 ? 1 : Math.min(1, 2 * normalCdf(-z)) };
}
