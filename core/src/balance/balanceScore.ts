import type { BalanceScore } from '@evenkeel/contract/balance';
import { DEFAULT_TARGET_PERCENT } from '@evenkeel/contract/targetPercent';
import type { BalanceTotals, PodTotals } from './balanceWindow.ts';
import { evenedOut } from './benefitOfDoubt.ts';
import type { ConnectionSpread } from './connectionSpread.ts';
import { type Evidence, explainBalanced, explainImbalanced, explainTooFew, explainUndecided } from './explanation.ts';
import { guardsOf } from './guards.ts';
import { inapplicable, unattributedShareOf } from './inapplicable.ts';
import { measuresOf } from './measures.ts';
import { effectiveDecisionsOf } from './pinning.ts';
import { podTable } from './podTable.ts';
import { withRarePooled } from './rarePods.ts';
import { REQUESTS_PER_POD, requestsForVerdict } from './requestsNeeded.ts';
import { cvInterval } from './scoreInterval.ts';
import { type Cell, percentOf, spreadOf } from './spread.ts';
import { workBalanceOf } from './workBalance.ts';

export interface BalanceOptions {
  /** The score from which a load is balanced, 0 to 100. */
  readonly targetPercent?: number;
  /** How the requests were spread over connections, once that is known: explains pinning, changes no figure. */
  readonly spread?: ConnectionSpread | null;
  /** The load generator was its own bottleneck: then there is no verdict on the balancer. */
  readonly generatorSaturated?: boolean;
}

/** Anything that can be scored: a BalanceWindow, a LiveWindow. */
export interface BalanceSource {
  totals(): BalanceTotals;
}

function cellOf({ requests, expected, variance }: PodTotals): Cell {
  return { observed: requests, expected, variance, expectedRequests: expected };
}

/**
 * The balance score: 100 x (1 - c), where c is the CV of requests over expected requests less what chance alone gives, with its
 * 95 % interval, a verdict that knows "not yet", the pods that fail by themselves, and the reason in a sentence.
 */
export function balanceScore(window: BalanceSource, options: BalanceOptions = {}): BalanceScore {
  const { targetPercent = DEFAULT_TARGET_PERCENT, spread: connections = null, generatorSaturated = false } = options;
  const totals = window.totals();
  const pods = totals.pods.filter((pod) => pod.eligible);
  const cells = pods.map(cellOf);
  // With too few requests all pods are rare; then there is no verdict, but figures.
  const isEnough = totals.requests >= REQUESTS_PER_POD * pods.length;
  const spread = totals.mostEligible > 1 ? spreadOf(isEnough ? withRarePooled(cells) : cells) : null;
  const perPod = podTable(totals);
  const figures = {
    targetPercent,
    cv: spread?.cv ?? null,
    correctedCv: spread?.correctedCv ?? null,
    noiseFloorCv: spread?.noiseFloorCv ?? null,
    requests: totals.requests,
    pods: pods.length,
    unattributed: totals.unattributed,
    unattributedShare: unattributedShareOf(totals),
    effectiveDecisions: connections === null ? null : effectiveDecisionsOf(totals.requests, connections),
    measures: spread === null ? null : measuresOf(cells, spread),
    work: totals.mostEligible > 1 ? workBalanceOf(pods, targetPercent) : null,
    perPod,
  };
  const unscored = { scorePercent: null, lowPercent: null, highPercent: null, rawPercent: null, guards: [] };

  const isUnevenAnyway = () => {
    const evenest = isEnough ? spreadOf(withRarePooled(evenedOut(cells, totals.unanswered))) : null;
    return evenest !== null && percentOf(cvInterval(evenest).low) < targetPercent;
  };
  const nothingToJudge = inapplicable(totals, generatorSaturated, isUnevenAnyway);
  if (nothingToJudge !== null) {
    return { verdict: 'not-applicable', ...nothingToJudge, ...figures, ...unscored, requestsNeeded: null };
  }

  const podCount = pods.length > 0 ? pods.length : totals.pods.length;
  const moreNeeded = () => {
    const inAll = requestsForVerdict(podCount, spread, 1 - targetPercent / 100);
    return inAll === null ? null : Math.max(1, Math.ceil(inAll - totals.requests));
  };
  if (spread === null || !isEnough) {
    const requestsNeeded = moreNeeded();
    const explanation = explainTooFew(totals.requests, podCount, requestsNeeded, totals.attributed - totals.requests);
    return { verdict: 'needs-more-data', ...explanation, ...figures, ...unscored, requestsNeeded };
  }

  const interval = cvInterval(spread);
  const rows = perPod.filter((_, index) => totals.pods[index]!.eligible);
  const scores = {
    scorePercent: percentOf(spread.correctedCv),
    lowPercent: percentOf(interval.high),
    highPercent: percentOf(interval.low),
    rawPercent: percentOf(spread.cv),
  };
  const guards = guardsOf(rows, pods);
  const evidence: Evidence = { rows, pods, cells, spread, guards, targetPercent, ...scores, connections };
  if (scores.highPercent < targetPercent || guards.length > 0) {
    const explanation = explainImbalanced(evidence);
    return { verdict: 'imbalanced', ...explanation, ...figures, ...scores, guards, requestsNeeded: null };
  }
  if (scores.lowPercent >= targetPercent) {
    return { verdict: 'balanced', ...explainBalanced(evidence), ...figures, ...scores, guards, requestsNeeded: null };
  }
  const requestsNeeded = moreNeeded();
  const explanation = explainUndecided(evidence, requestsNeeded);
  return { verdict: 'needs-more-data', ...explanation, ...figures, ...scores, guards, requestsNeeded };
}
