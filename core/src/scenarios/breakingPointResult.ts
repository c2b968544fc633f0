import type {
  BreakingPoint,
  BreakingPointOutcome,
  BreakingPointSettings,
  BreakingPointStep,
  LimitingSignal,
} from '@evenkeel/contract/breakingPoint';
import type { BreakingPointSearch } from './breakingPointSearch.ts';
import { kneeOfSteps } from './kneeOfSteps.ts';
import { scalabilityOfSteps } from './scalabilityOfSteps.ts';

/** What gives way beyond the last good rate. */
const SIGNAL_WORDS: Record<LimitingSignal, string> = {
  errors: 'requests begin to fail',
  throughput: 'it answers fewer requests than arrive, and a queue grows',
  dropped: 'every connection waits for an answer',
  latency: 'answers become too slow',
  balance: 'the load becomes too uneven over the pods',
  generator: 'the load generator is at its limit',
  connections: 'the load generator has too few connections',
};

/** What a search came to, for a report: also of one that was cut short. */
export function breakingPointResult(
  search: Pick<BreakingPointSearch, 'outcome' | 'lastGoodRate' | 'firstBadRate' | 'ceilingRate' | 'confirmedRate'>,
  settings: BreakingPointSettings,
  steps: readonly BreakingPointStep[]
): BreakingPoint {
  const { outcome, lastGoodRate, firstBadRate, confirmedRate } = search;
  const edge = outcome === 'lower-bound' ? search.ceilingRate : firstBadRate;
  const signal = steps.findLast((step) => step.rate === edge && step.verdict !== 'passed')?.signal ?? null;
  return {
    outcome,
    settings,
    lastGoodRate,
    firstBadRate,
    confirmedRate,
    signal,
    sentence: sentenceOf(outcome, search, signal, steps[0]?.rate ?? null),
    knee: kneeOfSteps(steps),
    scalability: scalabilityOfSteps(steps),
    steps: [...steps],
  };
}

function sentenceOf(
  outcome: BreakingPointOutcome,
  {
    lastGoodRate: good,
    firstBadRate: bad,
    ceilingRate: ceiling,
    confirmedRate,
  }: Parameters<typeof breakingPointResult>[0],
  signal: LimitingSignal | null,
  startRate: number | null
): string {
  const beyond = signal === null ? '' : `: ${SIGNAL_WORDS[signal]}`;
  switch (outcome) {
    case 'found':
      return `It takes ${good} requests/s and breaks at ${bad}${beyond}. A longer run at ${confirmedRate} confirmed it.`;
    case 'beyond-range':
      return `It takes ${good} requests/s, the highest rate of the range; its breaking point lies beyond.`;
    case 'below-range':
      return `It breaks at ${bad} requests/s already, the lowest rate that was tried${beyond}.`;
    case 'lower-bound':
      return good === null
        ? `The load generator could not even send ${ceiling} requests/s: nothing can be said about the service.`
        : `It takes at least ${good} requests/s: beyond, at ${ceiling}, ${generatorLimit(signal)}.${bad === null ? '' : ` It does not take ${bad}.`}`;
    case 'unfinished':
      if (good === null && bad === null) return 'The search ended before its first step was judged.';
      if (good === null) return `It did not take ${bad} requests/s${beyond}; the search ended before that was settled.`;
      if (bad === null)
        return `It takes at least ${good} requests/s; the search ended before it gave way (it began at ${startRate}).`;
      return `It takes ${good} requests/s for a while and does not take ${bad}${beyond}; the search ended before that was confirmed.`;
  }
}

const generatorLimit = (signal: LimitingSignal | null): string =>
  signal === 'connections'
    ? 'all connections of the load generator were in use, and the service answered as fast as before (raise connections.count)'
    : 'the load generator was at its limit, not the service';
