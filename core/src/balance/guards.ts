import type { BalanceGuard, PodBalance } from '@evenkeel/contract/balance';
import { countText, percentText } from '../text/figures.ts';
import { podText, timesText } from '../text/sentenceNumbers.ts';
import type { PodTotals } from './balanceWindow.ts';

/** A pod that should have got this many requests and got none is starved. */
const STARVED_EXPECTED = 30;
const HOT_RATIO = 1.25;
const COLD_RATIO = 0.75;
/** A black hole fails this many times as often as the median pod, and draws this much more than its share. */
const BLACK_HOLE_ERRORS = 5;
const BLACK_HOLE_RATIO = 1.1;
/** Below these an error rate is no sign of a black hole, however healthy the others are. */
const BLACK_HOLE_LEAST_RATE = 0.05;
const BLACK_HOLE_LEAST_ERRORS = 5;

const SEVERITY: readonly BalanceGuard['kind'][] = ['black-hole', 'starved', 'hot', 'cold'];

function median(sorted: Float64Array): number {
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : 0.5 * (sorted[middle - 1]! + sorted[middle]!);
}

/** The median over pods of errors per response. */
export function medianErrorRate(pods: readonly PodTotals[]): number {
  const rates = pods.filter((pod) => pod.served > 0).map((pod) => pod.errors / pod.served);
  return rates.length === 0 ? 0 : median(Float64Array.from(rates).sort());
}

function isBlackHole(row: PodBalance, totals: PodTotals, medianRate: number): boolean {
  const rate = totals.errors / Math.max(1, totals.served);
  return (
    totals.errors >= BLACK_HOLE_LEAST_ERRORS &&
    rate >= BLACK_HOLE_LEAST_RATE &&
    rate > BLACK_HOLE_ERRORS * medianRate &&
    row.ratio! > BLACK_HOLE_RATIO &&
    row.share > row.noiseHighShare
  );
}

function guardOf(row: PodBalance, totals: PodTotals, medianRate: number): BalanceGuard | null {
  const { pod, ratio, requests, expected } = row;
  if (ratio === null || !totals.eligible) return null;
  const name = podText(pod);
  if (isBlackHole(row, totals, medianRate)) {
    const rate = percentText(100 * (totals.errors / totals.served));
    return {
      kind: 'black-hole',
      pod,
      ratio,
      sentence: `${name} fails ${rate} of its requests (median of all pods: ${percentText(100 * medianRate)}) and yet draws ${timesText(ratio)} its share.`,
    };
  }
  if (requests === 0 && expected >= STARVED_EXPECTED) {
    return {
      kind: 'starved',
      pod,
      ratio,
      sentence: `${name} got no request at all; ${countText(expected)} were expected.`,
    };
  }
  if (!row.significant || (ratio <= HOT_RATIO && ratio >= COLD_RATIO)) return null;
  return {
    kind: ratio > 1 ? 'hot' : 'cold',
    pod,
    ratio,
    sentence: `${name} got ${countText(requests)} requests where ${countText(expected)} were expected (${timesText(ratio)}).`,
  };
}

/**
 * The pods that fail the balance whatever the score says: over hundreds of pods one dead pod hardly moves a CV. `rows` and `pods`
 * are of the same pods in the same order. The most serious come first.
 */
export function guardsOf(rows: readonly PodBalance[], pods: readonly PodTotals[]): BalanceGuard[] {
  const medianRate = medianErrorRate(pods.filter((pod) => pod.eligible));
  const guards: BalanceGuard[] = [];
  rows.forEach((row, index) => {
    const guard = guardOf(row, pods[index]!, medianRate);
    if (guard !== null) guards.push(guard);
  });
  return guards.sort(
    (a, b) => SEVERITY.indexOf(a.kind) - SEVERITY.indexOf(b.kind) || Math.abs(b.ratio - 1) - Math.abs(a.ratio - 1)
  );
}
