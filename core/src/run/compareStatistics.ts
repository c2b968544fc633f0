import { studentTwoSidedP, studentTwoSidedQuantile } from '../statistics/studentT.ts';

/** Fewer independent seconds than this on either side decide nothing. */
const MIN_EFFECTIVE = 8;

export interface Difference {
  /** Half width of the 95 % interval of the difference. */
  readonly halfWidth: number;
  /** Two-sided probability of such a difference, or a larger one, without a change. */
  readonly p: number;
}

interface Moments {
  readonly variance: number;
  /** Independent observations that the series is worth. */
  readonly effective: number;
}

/**
 * Mean and spread of seconds that resemble their neighbours: with lag-1 autocorrelation r, n of them are worth
 * n (1 - r) / (1 + r) independent ones (Bartlett, for a first-order process). Negative correlation earns nothing.
 */
function moments(series: readonly number[]): Moments {
  const n = series.length;
  const mean = series.reduce((sum, x) => sum + x, 0) / n;
  let squares = 0;
  let products = 0;
  for (let i = 0; i < n; i++) {
    const deviation = series[i]! - mean;
    squares += deviation * deviation;
    if (i > 0) products += deviation * (series[i - 1]! - mean);
  }
  const correlation = squares === 0 ? 0 : Math.min(0.99, Math.max(0, products / squares));
  return { variance: n > 1 ? squares / (n - 1) : 0, effective: (n * (1 - correlation)) / (1 + correlation) };
}

/** Welch's test of two series of seconds for an observed difference; null when there are too few of them. */
export function welch(a: readonly number[], b: readonly number[], difference: number): Difference | null {
  if (a.length < MIN_EFFECTIVE || b.length < MIN_EFFECTIVE) return null;
  const [ma, mb] = [moments(a), moments(b)];
  if (ma.effective < MIN_EFFECTIVE || mb.effective < MIN_EFFECTIVE) return null;
  const [va, vb] = [ma.variance / ma.effective, mb.variance / mb.effective];
  const error = Math.sqrt(va + vb);
  if (error === 0) return { halfWidth: 0, p: difference === 0 ? 1 : 0 };
  const degrees = (va + vb) ** 2 / (va ** 2 / (ma.effective - 1) + vb ** 2 / (mb.effective - 1));
  return {
    halfWidth: studentTwoSidedQuantile(0.05, degrees) * error,
    p: studentTwoSidedP(difference / error, degrees),
  };
}

/** Holm's correction: probabilities that keep the chance of any false alarm among all of them below the level. */
export function holm(p: readonly number[]): number[] {
  const order = p.map((_, i) => i).sort((a, b) => p[a]! - p[b]!);
  const corrected = new Array<number>(p.length);
  let largest = 0;
  order.forEach((index, rank) => {
    largest = Math.max(largest, Math.min(1, (p.length - rank) * p[index]!));
    corrected[index] = largest;
  });
  return corrected;
}
