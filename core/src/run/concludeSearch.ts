import type { BalanceScore } from '@evenkeel/contract/balance';
import type { BreakingPoint } from '@evenkeel/contract/breakingPoint';
import type { Conclusion } from '@evenkeel/contract/report';
import type { RunState } from '@evenkeel/contract/run';
import { endingFindings } from './conclusion.ts';

/**
 * What a pipeline should make of a search. It fails when the service takes less than required, or nothing at all, or spreads its
 * load unevenly at the rate that it takes; it is inconclusive when the search could not show what it takes.
 */
export function concludeSearch(
  state: RunState,
  reason: string | null,
  { outcome, lastGoodRate, settings: { requiredRate }, sentence }: BreakingPoint,
  balance: Pick<BalanceScore, 'verdict' | 'sentence'>
): { conclusion: Conclusion; reasons: string[] } {
  const ending = endingFindings(state, reason);
  const failures: string[] = [...ending.failures];
  const doubts: string[] = [...ending.doubts];
  const enough = requiredRate !== null && lastGoodRate !== null && lastGoodRate >= requiredRate;
  if (!enough) {
    const required = requiredRate === null ? '' : ` Required are ${requiredRate} requests/s.`;
    const settled = outcome === 'below-range' || (outcome === 'found' && requiredRate !== null);
    if (settled) failures.push(`${sentence}${required}`);
    else if (outcome !== 'found' && (outcome !== 'beyond-range' || requiredRate !== null))
      doubts.push(`${sentence}${required}`);
  }
  if (lastGoodRate !== null && balance.verdict === 'imbalanced') failures.push(balance.sentence);
  const conclusion = failures.length > 0 ? 'failed' : doubts.length > 0 ? 'inconclusive' : 'passed';
  return { conclusion, reasons: [...failures, ...doubts] };
}
