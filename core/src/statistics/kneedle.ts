export interface CurvePoint {
  readonly x: number;
  readonly y: number;
}

/** How far the curve must stand off the straight line between its ends, as a share of its height, to have a knee at all. */
const MIN_BULGE = 0.1;

/**
 * The knee of an increasing curve: where it stands furthest off the straight line between its ends. `concave` bends down
 * (throughput over offered rate), `convex` bends up (latency over offered rate). Kneedle (Satopaa, Albrecht, Irwin and Raghavan,
 * ICDCSW 2011) without its smoothing, since each point here is a mean over thousands of requests: a local maximum of the
 * normalised difference counts when the difference then falls by `sensitivity` mean steps of x before the next maximum.
 *
 * Points ascend strictly in x. Null when there are fewer than 5, or the curve has no knee.
 */
export function kneedle(
  points: readonly CurvePoint[],
  shape: 'concave' | 'convex',
  sensitivity = 1
): CurvePoint | null {
  if (points.length < 5) return null;
  const xs = normalised(points.map((point) => point.x));
  const ys = normalised(points.map((point) => point.y));
  const difference = xs.map((x, i) => (shape === 'concave' ? ys[i]! - x : x - ys[i]!));
  const meanStep = 1 / (points.length - 1);
  let best: number | null = null;
  let candidate: number | null = null;
  for (let i = 1; i < difference.length; i++) {
    const last = i === difference.length - 1;
    if (!last && difference[i]! >= difference[i - 1]! && difference[i]! > difference[i + 1]!) {
      if (candidate === null || difference[i]! > difference[candidate]!) candidate = i;
    }
    if (candidate !== null && difference[i]! < difference[candidate]! - sensitivity * meanStep) {
      if (best === null || difference[candidate]! > difference[best]!) best = candidate;
      candidate = null;
    }
  }
  return best !== null && difference[best]! >= MIN_BULGE ? points[best]! : null;
}

/** Scaled so that the smallest value is 0 and the largest 1; all 0 when they are equal. */
function normalised(values: readonly number[]): number[] {
  const low = Math.min(...values);
  const span = Math.max(...values) - low;
  return values.map((value) => (span === 0 ? 0 : (value - low) / span));
}
