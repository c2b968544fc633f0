import type { BalanceCause, BalanceGuard, PodBalance } from '@evenkeel/contract/balance';
import { countText, scoreIntervalText, scoreText } from '../text/figures.ts';
import { aboutText, millisecondsText, podText, timesText } from '../text/sentenceNumbers.ts';
import type { PodTotals } from './balanceWindow.ts';
import type { ConnectionSpread } from './connectionSpread.ts';
import { GRACE_SECONDS } from './eligibility.ts';
import { singleOutlier } from './outlier.ts';
import { isPinned, structuralFloorCv } from './pinning.ts';
import type { Cell, Spread } from './spread.ts';
import { isWorkUneven, slowPodOf } from './workBalance.ts';

/** Why a verdict is what it is: a word for machines and a sentence for people. */
export interface Explanation {
  readonly cause: BalanceCause;
  readonly sentence: string;
}

/** What is known about a balance when its verdict is explained. Rows, pods and cells are of the same eligible pods in the same order. */
export interface Evidence {
  readonly rows: readonly PodBalance[];
  readonly pods: readonly PodTotals[];
  readonly cells: readonly Cell[];
  readonly spread: Spread;
  readonly guards: readonly BalanceGuard[];
  readonly targetPercent: number;
  readonly scorePercent: number;
  readonly lowPercent: number;
  readonly highPercent: number;
  readonly rawPercent: number;
  readonly connections: ConnectionSpread | null;
}

function rangeText({ rows }: Evidence): string {
  const ratios = rows.flatMap((row) => (row.ratio === null ? [] : [row.ratio]));
  const [least, most] = [ratios.reduce((a, b) => Math.min(a, b), Infinity), ratios.reduce((a, b) => Math.max(a, b), 0)];
  return timesText(least) === timesText(most) ? timesText(most) : `${timesText(least)} to ${timesText(most)}`;
}

function intervalText({ scorePercent, lowPercent, highPercent }: Evidence): string {
  return scoreIntervalText(scorePercent, lowPercent, highPercent);
}

/** `uncounted` are answers of pods that no share could be expected of: with few requests they are most of what is seen. */
export function explainTooFew(
  requests: number,
  pods: number,
  requestsNeeded: number | null,
  uncounted: number
): Explanation {
  const left = `${countText(uncounted)} more ${uncounted === 1 ? 'is' : 'are'} left out`;
  const why = `the pod was new (${GRACE_SECONDS} s) or not ready, or the generator saturated`;
  const rest = uncounted === 0 ? '' : ` ${left}: ${why}.`;
  const sentence =
    requests === 0
      ? `No requests have been counted yet; about ${aboutText(requestsNeeded ?? 30 * pods)} over ${pods} pods are needed for a verdict.`
      : `${requests === 1 ? '1 request' : `${countText(requests)} requests`} over ${pods} pods ${requests === 1 ? 'is' : 'are'} too few to tell imbalance from chance; about ${aboutText(requestsNeeded ?? 30 * pods)} more are needed.`;
  return { cause: 'too-few-requests', sentence: sentence + rest };
}

export function explainUndecided(evidence: Evidence, requestsNeeded: number | null): Explanation {
  const more =
    requestsNeeded === null
      ? 'It is so close to the target that more requests hardly help.'
      : `About ${aboutText(requestsNeeded)} more requests should decide.`;
  if (evidence.highPercent >= 100) {
    return {
      cause: 'random-spread',
      sentence: `No more than chance is visible so far, but ${countText(evidence.spread.requests)} requests leave the score anywhere from ${scoreText(evidence.lowPercent)} to 100. ${more}`,
    };
  }
  return {
    cause: 'undecided',
    sentence: `The score is ${intervalText(evidence)}, on both sides of the target of ${evidence.targetPercent}. ${more}`,
  };
}

export function explainBalanced(evidence: Evidence): Explanation {
  const { rows, pods, spread, targetPercent, rawPercent } = evidence;
  const slow = isWorkUneven(pods, targetPercent) ? slowPodOf(pods) : null;
  if (slow !== null) {
    return {
      cause: 'slow-pod',
      sentence: `Requests are even (score ${scoreText(evidence.scorePercent)}), but the work is not: ${podText(slow.pod)} takes ${millisecondsText(slow.meanMs)} per request, the others ${millisecondsText(slow.othersMs)}.`,
    };
  }
  if (rawPercent < targetPercent) {
    return {
      cause: 'random-spread',
      sentence: `Even within chance: ${countText(spread.requests)} requests over ${rows.length} pods would look this uneven (${rangeText(evidence)}) under a fair random balancer.`,
    };
  }
  return {
    cause: 'even',
    sentence: `Even: each of ${rows.length} pods got ${rangeText(evidence)} its share of ${countText(spread.requests)} requests; score ${intervalText(evidence)}.`,
  };
}

function explainStarved({ guards, connections, rows }: Evidence): Explanation | null {
  const starved = guards.filter((guard) => guard.kind === 'starved');
  if (starved.length === 0) return null;
  const fed = rows.filter((row) => row.requests > 0);
  if (fed.length === 1 && starved.length > 1) {
    return {
      cause: 'starved-pod',
      sentence: `Every request went to ${podText(fed[0]!.pod)}; ${starved.length} pods got none. So does a hash over a single key, session affinity, or a balancer that knows this pod only.`,
    };
  }
  const hint =
    connections !== null && connections.reused > 0 && connections.pinned >= 0.8 * connections.reused
      ? 'Connections stay on their pod, so a pod that came later gets none.'
      : 'Check that the balancer knows the pod.';
  if (starved.length === 1) return { cause: 'starved-pod', sentence: `${starved[0]!.sentence} ${hint}` };
  const names = starved.slice(0, 2).map((guard) => podText(guard.pod));
  const more = starved.length > 2 ? ` and ${countText(starved.length - 2)} more` : '';
  return {
    cause: 'starved-pod',
    sentence: `${starved.length} pods got no request at all: ${names.join(', ')}${more}. ${hint}`,
  };
}

function explainPinned({ rows, spread, connections }: Evidence): Explanation | null {
  if (connections === null || !isPinned(spread, connections)) return null;
  const floor = structuralFloorCv(rows.length, connections.connections).toFixed(2);
  return {
    cause: 'pinned-connections',
    sentence: `Connections are pinned to pods: ${countText(connections.connections)} over ${rows.length} pods leave a CV near ${floor} for good. Use more connections, shorten their lifetime, or balance per request (L7).`,
  };
}

function shareText({ pod, ratio, requests, expected }: PodBalance): string {
  return `${podText(pod)} got ${timesText(ratio ?? 0)} its share (${countText(requests)} requests, ${countText(expected)} expected)`;
}

function explainOutlier({ rows, pods, cells, targetPercent }: Evidence): Explanation | null {
  const index = singleOutlier(cells, 1 - targetPercent / 100);
  const outlier = index === null ? null : rows[index]!;
  const slow = slowPodOf(pods);
  // A slow pod that gets the least is the cause, even where the others are not even either: a policy that heeds latency has favourites.
  const coldest = rows.reduce((a, b) => ((b.ratio ?? Infinity) < (a.ratio ?? Infinity) ? b : a));
  const cold = outlier ?? (coldest.significant ? coldest : undefined);
  if (slow !== null && cold?.pod === slow.pod && cold.requests < cold.expected) {
    return {
      cause: 'slow-pod',
      sentence: `${shareText(cold)}: it takes ${millisecondsText(slow.meanMs)} per request, the others ${millisecondsText(slow.othersMs)}, so the balancer gives it less.`,
    };
  }
  if (outlier === null) return null;
  return {
    cause: outlier.requests > outlier.expected ? 'hot-pod' : 'cold-pod',
    sentence: `${shareText(outlier)}; the others are even among themselves.`,
  };
}

function explainUneven(evidence: Evidence): Explanation {
  const { rows, scorePercent, targetPercent } = evidence;
  const judged = rows.filter((row) => row.ratio !== null).sort((a, b) => a.ratio! - b.ratio!);
  const [coldest, hottest] = [judged[0]!, judged.at(-1)!];
  const off = judged.filter((row) => row.significant).length;
  return {
    cause: 'uneven',
    sentence: `Uneven (score ${scoreText(scorePercent)}, target ${targetPercent}): ${podText(hottest.pod)} got ${timesText(hottest.ratio!)} its share, ${podText(coldest.pod)} ${timesText(coldest.ratio!)}; ${off} of ${judged.length} pods are off by more than chance.`,
  };
}

/** The most decisive cause first: what breaks requests, what explains every pod, what concerns one pod, and the rest. */
export function explainImbalanced(evidence: Evidence): Explanation {
  const blackHole = evidence.guards.find((guard) => guard.kind === 'black-hole');
  if (blackHole !== undefined) return { cause: 'black-hole', sentence: `Black hole: ${blackHole.sentence}` };
  return explainPinned(evidence) ?? explainStarved(evidence) ?? explainOutlier(evidence) ?? explainUneven(evidence);
}
