import { mannKendall } from './mannKendall.ts';
import { theilSen } from './theilSen.ts';

export interface Trend {
  /** Change per unit of x (Theil-Sen), with its 95 % interval. */
  readonly slope: number;
  readonly slopeLow: number;
  readonly slopeHigh: number;
  /** Value of the line at x = 0. */
  readonly intercept: number;
  /** Two-sided probability of so much trend in values that have none (Mann-Kendall), autocorrelation allowed for. */
  readonly p: number;
  /** How much more the values vary together than independent ones: 1 when neighbours do not resemble each other. */
  readonly inflation: number;
}

/** Past this the values hardly say anything on their own, and an estimate from few of them is no better. */
const MAX_CORRELATION = 0.95;
/** Fewer pairs than this are too few to test. */
const MIN_PAIRS = 20;

/**
 * Whether values that follow each other rise or fall, and by how much per unit of x: Mann-Kendall for the question, Theil-Sen for the
 * size, both with the variance inflated by (1 + r) / (1 - r) for the lag-one correlation r of what is left when the line is taken off.
 * r is corrected for its bias in short series (Marriott and Pope 1954) and never taken below 0.
 *
 * Noise on top of a slow wander hides the wander from r. So the means of neighbouring pairs, which have half of that noise, are
 * tested as well: a trend must be significant in both, and the interval covers both.
 */
export function trendOf(values: readonly number[], xs: readonly number[] = values.map((_, i) => i)): Trend {
  const fine = trendAt(values, xs);
  const pairs = pairMeans(values);
  if (pairs.length < MIN_PAIRS) return fine;
  const coarse = trendAt(pairs, pairMeans(xs));
  return {
    ...fine,
    slopeLow: Math.min(fine.slopeLow, coarse.slopeLow),
    slopeHigh: Math.max(fine.slopeHigh, coarse.slopeHigh),
    p: Math.max(fine.p, coarse.p),
  };
}

function trendAt(values: readonly number[], xs: readonly number[]): Trend {
  const { slope, intercept, slopeInterval } = theilSen(xs, values);
  const inflation = inflationOf(values.map((value, i) => value - intercept - slope * xs[i]!));
  const { p, variance } = mannKendall(values, inflation);
  const [slopeLow, slopeHigh] = slopeInterval(variance);
  return { slope, slopeLow, slopeHigh, intercept, p, inflation };
}

function pairMeans(values: readonly number[]): number[] {
  return Array.from({ length: values.length >> 1 }, (_, i) => (values[2 * i]! + values[2 * i + 1]!) / 2);
}

function inflationOf(residuals: readonly number[]): number {
  const n = residuals.length;
  const mean = residuals.reduce((sum, value) => sum + value, 0) / n;
  let together = 0;
  let alone = 0;
  for (let i = 0; i < n; i++) {
    alone += (residuals[i]! - mean) ** 2;
    if (i > 0) together += (residuals[i]! - mean) * (residuals[i - 1]! - mean);
  }
  if (alone === 0) return 1;
  const seen = together / alone;
  const corrected = Math.min(MAX_CORRELATION, Math.max(0, seen + (1 + 4 * seen) / n));
  return (1 + corrected) / (1 - corrected);
}
