import type { BreakingPoint, BreakingPointOutcome } from '@evenkeel/contract/breakingPoint';
import type { RunState } from '@evenkeel/contract/run';
import { concludeSearch } from './concludeSearch.ts';

const EVEN = { verdict: 'balanced', sentence: 'Even.' } as const;

function conclude(
  outcome: BreakingPointOutcome,
  lastGoodRate: number | null,
  requiredRate: number | null,
  state: RunState = 'finished',
  balance: { verdict: 'balanced' | 'imbalanced' | 'needs-more-data'; sentence: string } = EVEN
) {
  const found = { outcome, lastGoodRate, settings: { requiredRate }, sentence: 'It takes some.' } as BreakingPoint;
  return concludeSearch(state, state === 'aborted' ? 'Pulled.' : null, found, balance);
}

it.each<[BreakingPointOutcome, number | null, number | null, string]>([
  ['found', 800, null, 'passed'],
  ['beyond-range', 800, null, 'passed'],
  ['below-range', null, null, 'failed'],
  ['lower-bound', 800, null, 'inconclusive'],
  ['lower-bound', null, null, 'inconclusive'],
  ['unfinished', 800, null, 'inconclusive'],
  ['found', 800, 800, 'passed'],
  ['found', 799, 800, 'failed'],
  ['lower-bound', 800, 700, 'passed'],
  ['lower-bound', 600, 700, 'inconclusive'],
  ['unfinished', 800, 700, 'passed'],
  ['unfinished', 600, 700, 'inconclusive'],
  ['beyond-range', 300, 700, 'inconclusive'],
  ['below-range', null, 10, 'failed'],
])('%s at %s with %s required is %s', (outcome, good, required, conclusion) => {
  const result = conclude(outcome, good, required);
  expect(result.conclusion).toBe(conclusion);
  expect(result.reasons.length).toBe(conclusion === 'passed' ? 0 : 1);
});

it('is inconclusive when it was stopped, whatever it had found by then, unless that is too little', () => {
  expect(conclude('unfinished', 800, 700, 'stopped').conclusion).toBe('inconclusive');
  expect(conclude('lower-bound', 800, 700, 'stopped').conclusion).toBe('inconclusive');
  expect(conclude('below-range', null, 10, 'stopped').conclusion).toBe('failed');
});

it('says what was required', () => {
  expect(conclude('found', 500, 800).reasons).toEqual(['It takes some. Required are 800 requests/s.']);
});

it('fails for a run that was aborted, and for an uneven balance at the rate that it takes', () => {
  expect(conclude('unfinished', 800, 700, 'aborted')).toEqual({ conclusion: 'failed', reasons: ['Pulled.'] });
  const uneven = { verdict: 'imbalanced', sentence: 'pod-1 gets twice its share.' } as const;
  expect(conclude('found', 800, null, 'finished', uneven)).toEqual({
    conclusion: 'failed',
    reasons: [uneven.sentence],
  });
  const unsure = { verdict: 'needs-more-data', sentence: 'Too few.' } as const;
  expect(conclude('found', 800, null, 'finished', unsure).conclusion).toBe('passed');
});
