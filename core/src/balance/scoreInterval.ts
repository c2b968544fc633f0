import { noncentralityAt } from '../statistics/noncentralChiSquare.ts';
import type { Spread } from './spread.ts';

/** Each end of the 95 % interval is missed with this probability. */
export const TAIL = 0.025;

export interface CvInterval {
  readonly low: number;
  readonly high: number;
}

/** The smallest true CV under which a chi-square like this one is not beyond quantile `p` of chance. */
export function cvAtLeast({ chiSquare, degrees, requests }: Spread, p: number): number {
  return Math.sqrt(noncentralityAt(chiSquare, degrees, p) / requests);
}

/**
 * 95 % interval of the true CV c, from n CV² ~ noncentral chi-square with `degrees` and noncentrality n c². Counts that are
 * more even than chance would make them (round-robin) give the interval [0, 0]; two pods need about 1,000 requests for that,
 * because with fewer an exact half and half is nothing special.
 */
export function cvInterval(spread: Spread): CvInterval {
  const { chiSquare, resolution, degrees, requests } = spread;
  const most = noncentralityAt(Math.max(chiSquare, resolution), degrees, TAIL);
  return { low: cvAtLeast(spread, 1 - TAIL), high: Math.sqrt(most / requests) };
}
