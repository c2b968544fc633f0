import { chiSquareCdf, chiSquareQuantile } from '../statistics/chiSquare.ts';
import { noncentralChiSquareCdf } from '../statistics/noncentralChiSquare.ts';
import { TAIL } from './scoreInterval.ts';
import type { Spread } from './spread.ts';

/** No score is given for fewer requests per pod than this. */
export const REQUESTS_PER_POD = 30;
/** Beyond this many requests, more data is no practical help. */
const MOST_REQUESTS = 1e8;
/** Normal quantile of 0.8: the plan suffices in four of five repeats. */
const POWER_Z = 0.8416;

/**
 * Whether the interval would leave out `targetCv` at `requests` requests, if the true CV is the corrected one and chi-square
 * falls on the unlucky side, POWER_Z standard deviations off its mean; its variance is 2 (k - 1) + 4 n c².
 */
function wouldDecide(requests: number, degrees: number, cv: number, targetCv: number): boolean {
  const noncentrality = requests * cv * cv;
  const deviation = POWER_Z * Math.sqrt(2 * degrees + 4 * noncentrality);
  const atTarget = requests * targetCv * targetCv;
  return cv < targetCv
    ? noncentralChiSquareCdf(degrees + noncentrality + deviation, degrees, atTarget) <= TAIL
    : noncentralChiSquareCdf(degrees + noncentrality - deviation, degrees, atTarget) >= 1 - TAIL;
}

/**
 * Requests in all after which the interval should lie on one side of `targetCv`, at least 30 a pod; null when no practical number
 * would do. `spread` is what has been seen so far, null when that is nothing.
 */
export function requestsForVerdict(pods: number, spread: Spread | null, targetCv: number): number | null {
  const least = REQUESTS_PER_POD * pods;
  const degrees = spread?.degrees ?? Math.max(1, pods - 1);
  // A balancer that is more even than chance stays so: all it takes is enough requests to tell.
  if (spread !== null && chiSquareCdf(spread.chiSquare, degrees) < TAIL) {
    return Math.max(least, Math.ceil((spread.requests * spread.resolution) / chiSquareQuantile(TAIL, degrees)));
  }
  // As long as chance alone could explain what was seen, plan for a fair balancer: a noisy estimate near the target would ask for
  // far more requests than most such loads turn out to need.
  const explainedByChance = spread !== null && chiSquareCdf(spread.chiSquare, degrees) < 1 - TAIL;
  const cv = spread === null || explainedByChance ? 0 : spread.correctedCv;
  const decides = (requests: number) => wouldDecide(requests, degrees, cv, targetCv);
  if (decides(least)) return least;
  let [low, high] = [least, 2 * least];
  while (!decides(high)) {
    if (high > MOST_REQUESTS) return null;
    [low, high] = [high, 2 * high];
  }
  while (high > 1.01 * low) {
    const middle = 0.5 * (low + high);
    if (decides(middle)) high = middle;
    else low = middle;
  }
  return Math.ceil(high);
}
