import { normalQuantile } from './normal.ts';

/** A straight line through points that outliers do not move. */
export interface TheilSenLine {
  /** Median of the slopes between all pairs of points. */
  readonly slope: number;
  /** Value of the line at x = 0: the median of what is left when the slope is taken off. */
  readonly intercept: number;
  /**
   * Sen's (1968) interval of the slope, from the variance of the Mann-Kendall score of the same points; the caller gives that
   * variance, so that it can allow for autocorrelation.
   */
  slopeInterval(scoreVariance: number, confidence?: number): [low: number, high: number];
}

/** The Theil-Sen line through at least 2 points; unmoved by outliers up to 29 % of them. x must not repeat. */
export function theilSen(xs: readonly number[], ys: readonly number[]): TheilSenLine {
  const slopes = new Float64Array((xs.length * (xs.length - 1)) / 2);
  let pair = 0;
  for (let j = 1; j < xs.length; j++) {
    for (let i = 0; i < j; i++) slopes[pair++] = (ys[j]! - ys[i]!) / (xs[j]! - xs[i]!);
  }
  slopes.sort();
  const slope = median(slopes);
  return {
    slope,
    intercept: median(Float64Array.from(ys, (y, i) => y - slope * xs[i]!).sort()),
    slopeInterval: (scoreVariance, confidence = 0.95) => {
      const reach = normalQuantile(0.5 + confidence / 2) * Math.sqrt(scoreVariance);
      const low = Math.max(0, Math.floor((slopes.length - reach) / 2) - 1);
      const high = Math.min(slopes.length - 1, Math.ceil((slopes.length + reach) / 2));
      return [slopes[low]!, slopes[high]!];
    },
  };
}

function median(sorted: Float64Array): number {
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
