import { countText, percentText } from '../text/figures.ts';
import type { BalanceTotals } from './balanceWindow.ts';
import type { Explanation } from './explanation.ts';

/** Above this share of requests without a known pod, the counts per pod say too little. */
const MOST_UNKNOWN = 0.01;

/** Share of the responses for which no pod could be found, 0 to 1. */
export function unattributedShareOf({ attributed, unattributed }: BalanceTotals): number {
  return unattributed > 0 ? unattributed / (attributed + unattributed) : 0;
}

/**
 * Why there is nothing that a balance could be judged by, or null when there is. `isUnevenAnyway` tells whether the load is uneven
 * wherever the requests without a response went.
 */
export function inapplicable(
  totals: BalanceTotals,
  generatorSaturated: boolean,
  isUnevenAnyway: () => boolean
): Explanation | null {
  const { pods, countedSeconds, mostEligible, attributed, unattributed, unanswered } = totals;
  const lost = unattributedShareOf(totals);
  if (lost > MOST_UNKNOWN) {
    return {
      cause: 'unattributed',
      sentence: `No pod could be found for ${percentText(100 * lost)} of the responses (${countText(unattributed)}); at most 1 % may be unknown. Check the attribution header of the target.`,
    };
  }
  if (generatorSaturated) {
    return {
      cause: 'generator-saturated',
      sentence:
        'The load generator itself was saturated, so its counts do not show what the balancer does. Lower the load or use a bigger machine.',
    };
  }
  const unansweredShare = unanswered > 0 ? unanswered / (attributed + unattributed + unanswered) : 0;
  if (unansweredShare > MOST_UNKNOWN && !isUnevenAnyway()) {
    return {
      cause: 'unanswered',
      sentence: `${percentText(100 * unansweredShare)} of the requests (${countText(unanswered)}) got no answer that can be read, so their pods are unknown; at most 1 % may be.`,
    };
  }
  if (pods.length === 0) {
    return { cause: 'no-pods', sentence: 'No pod is known: none is listed, and none has answered.' };
  }
  // Before the first second that counts, nothing is known about readiness.
  if (countedSeconds === 0) return null;
  if (mostEligible === 0) {
    return {
      cause: 'no-ready-pods',
      sentence: `None of the ${countText(pods.length)} pods was ready for long enough to be given load.`,
    };
  }
  if (mostEligible === 1) {
    const count = pods.filter((pod) => pod.eligible).length;
    const leaked = pods.reduce((sum, pod) => sum + pod.leaked, 0);
    const fresh = attributed - totals.requests - leaked;
    return {
      cause: 'single-pod',
      sentence:
        count === 1 && fresh > 0
          ? `Only one pod was there for long enough to be judged; ${countText(fresh)} answers of pods that had just appeared are left out. Run longer.`
          : count === 1
            ? 'Only one pod takes load: balance means nothing for it. Add a second pod.'
            : 'Never more than one pod was ready at a time, so the balancer had no choice to make.',
    };
  }
  return null;
}
