import type { BalanceScore } from '@evenkeel/contract/balance';
import { millisecondsText, podText, timesText } from '../text/sentenceNumbers.ts';
import type { PodTotals } from './balanceWindow.ts';
import { withRarePooled } from './rarePods.ts';
import { cvAtLeast } from './scoreInterval.ts';
import { percentOf, spreadOf } from './spread.ts';

export type WorkBalance = NonNullable<BalanceScore['work']>;

/** A pod takes at least this much longer per request than the median of the others before it is called slow. */
const SLOW_RATIO = 1.25;

/** The pod that is clearly slower per request than the others. */
export interface SlowPod {
  readonly pod: string;
  /** Its mean service time over the median of the other pods' means. */
  readonly slowness: number;
  readonly meanMs: number;
  readonly othersMs: number;
}

/** The slowest pod by mean service time, if it stands out from the others; null otherwise. */
export function slowPodOf(pods: readonly PodTotals[]): SlowPod | null {
  const means = pods
    .filter((pod) => pod.eligible && pod.served > 0)
    .map((pod) => ({ pod: pod.pod, mean: pod.workMicroseconds / pod.served }))
    .sort((a, b) => a.mean - b.mean);
  const slowest = means.pop();
  if (slowest === undefined || means.length === 0) return null;
  const others = means[means.length >> 1]!.mean;
  if (others <= 0 || slowest.mean < SLOW_RATIO * others) return null;
  return {
    pod: slowest.pod,
    slowness: slowest.mean / others,
    meanMs: slowest.mean / 1000,
    othersMs: others / 1000,
  };
}

function workCells(pods: readonly PodTotals[]) {
  return withRarePooled(
    pods
      .filter((pod) => pod.eligible)
      .map((pod) => ({
        observed: pod.workMicroseconds,
        expected: pod.expectedWorkMicroseconds,
        variance: pod.variance,
        expectedRequests: pod.expected,
      }))
  );
}

/** Service times vary more than counts do, so work is called uneven only beyond this quantile of chance. */
const BEYOND_CHANCE = 0.999;

/** Whether the work is spread worse than the target by more than chance. */
export function isWorkUneven(pods: readonly PodTotals[], targetPercent: number): boolean {
  const spread = spreadOf(workCells(pods));
  return spread !== null && percentOf(cvAtLeast(spread, BEYOND_CHANCE)) < targetPercent;
}

/** The balance score over service time instead of requests; null when no service time was seen. */
export function workBalanceOf(pods: readonly PodTotals[], targetPercent: number): WorkBalance | null {
  const spread = spreadOf(workCells(pods));
  let busiest: { pod: string; ratio: number } | null = null;
  for (const pod of pods) {
    if (!pod.eligible || pod.expectedWorkMicroseconds <= 0) continue;
    const ratio = pod.workMicroseconds / pod.expectedWorkMicroseconds;
    if (busiest === null || ratio > busiest.ratio) busiest = { pod: pod.pod, ratio };
  }
  if (spread === null || busiest === null) return null;
  const scorePercent = percentOf(spread.correctedCv);
  return {
    scorePercent,
    cv: spread.cv,
    busiestPod: busiest.pod,
    busiestRatio: busiest.ratio,
    sentence: workSentence(busiest, slowPodOf(pods), scorePercent >= targetPercent),
  };
}

function workSentence(busiest: { pod: string; ratio: number }, slow: SlowPod | null, isEven: boolean): string {
  const load = `${podText(busiest.pod)} does ${timesText(busiest.ratio)} its share of the work`;
  if (isEven)
    return `The work (service time) is evenly spread; the most is ${timesText(busiest.ratio)}, on ${podText(busiest.pod)}.`;
  if (slow?.pod !== busiest.pod) return `${load} (service time).`;
  return `${load}: ${millisecondsText(slow.meanMs)} per request, against ${millisecondsText(slow.othersMs)} on the others.`;
}
