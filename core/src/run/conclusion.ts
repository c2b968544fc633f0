import type { BalanceScore } from '@evenkeel/contract/balance';
import type { Conclusion } from '@evenkeel/contract/report';
import type { RunState } from '@evenkeel/contract/run';
import { formatThreshold, type ThresholdResult } from '@evenkeel/contract/threshold';
import type { AnswerFaults } from '../scenarios/scenarioAnswers.ts';
import { observedText } from '../text/thresholdText.ts';

/** What the way in which a run ended says against it: one that was cut short did not show what it was started for. */
export function endingFindings(
  state: RunState,
  reason: string | null
): { failures: readonly string[]; doubts: readonly string[] } {
  const why = [reason ?? `The run was ${state}.`];
  if (state === 'failed' || state === 'aborted') return { failures: why, doubts: [] };
  return { failures: [], doubts: state === 'stopped' || state === 'interrupted' ? why : [] };
}

/**
 * What a pipeline should make of a run: `failed` when something was found wrong, `inconclusive` when nothing was found wrong
 * but the run cannot vouch for the balance, or for what its scenario asks, either, `passed` otherwise. A finding outweighs a doubt.
 */
export function conclude(
  state: RunState,
  reason: string | null,
  balance: BalanceScore,
  thresholds: readonly ThresholdResult[],
  /** What the answer to the scenario's own question says against the run. */
  answers: AnswerFaults = { failures: [], doubts: [] }
): { conclusion: Conclusion; reasons: string[] } {
  const ending = endingFindings(state, reason);
  const failures: string[] = [...ending.failures];
  const doubts: string[] = [...ending.doubts];
  if (balance.verdict === 'imbalanced') failures.push(balance.sentence);
  else if (balance.verdict !== 'balanced') doubts.push(balance.sentence);

  for (const { threshold, observed, passed } of thresholds) {
    if (passed) continue;
    const wanted = formatThreshold(threshold);
    if (observed === null)
      doubts.push(
        `Threshold ${wanted} could not be judged: nothing was measured, or it depends on requests that still had no answer at the end.`
      );
    else failures.push(`Threshold ${wanted} was missed: ${observedText({ threshold, observed })} was measured.`);
  }

  failures.push(...answers.failures);
  doubts.push(...answers.doubts);

  const conclusion = failures.length > 0 ? 'failed' : doubts.length > 0 ? 'inconclusive' : 'passed';
  return { conclusion, reasons: [...failures, ...doubts] };
}
