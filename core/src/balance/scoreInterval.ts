import { noncentralityAt } from '../statistics/noncentralChiSquare.ts';
import type { Spread } from './spread.ts';

/** Each end of the 95 % interval is missed with this probability. */
export const TAIL = 0.025;

export interface CvInterval {
  readonly low: number;
  readonly high: number;
}

/**
 * 95 % interval of the true CV c, from n CV² ~ noncentral chi-square with `degrees` and noncentrality n c². Counts that are
 * more even than chance would make them (round-robin) give the interval [0, 0]; two pods need about 1,000 requests for that,
 * because with fewer an exact half and half is nothing special.
 */
export function cvInterval(spread: Spread): CvInterval {
  const { chiSquare, resolution, degrees, requests } = spread;
  return {
    low: Math.sqrt(noncentralityAt(chiSquare, degrees, 1 - TAIL) / requests),
    high: Math.sqrt(noncentralityAt(Math.max(chiSquare, resolution), degrees, TAIL) / requests),
  };
}
