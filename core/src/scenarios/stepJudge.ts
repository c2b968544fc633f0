import type { BreakingPointSettings, BreakingPointStep, LimitingSignal } from '@evenkeel/contract/breakingPoint';

/** What was measured in the judged part of a step. */
export interface StepFigures {
  /** Requests that the schedule wanted in the judged seconds. */
  readonly offered: number;
  /** Answered in the judged seconds, errors included. */
  readonly completed: number;
  /** Not sent because every connection was waiting for an answer. */
  readonly dropped: number;
  readonly errorRatePercent: number;
  readonly p95Ms: number | null;
  /** Upper end of the interval of the balance score; null when there is no score. */
  readonly balanceHighPercent: number | null;
  /** Judged seconds, and those of them in which the generator was saturated. */
  readonly seconds: number;
  readonly saturatedSeconds: number;
}

export type StepJudgement = Pick<BreakingPointStep, 'verdict' | 'reasons' | 'signal'>;

/** Share of the offered requests that must be answered within the judged seconds. */
export const ACHIEVED_SHARE = 0.98;
/** Requests that may be in flight at the end without being missed; matters at low rates only. */
const ACHIEVED_SLACK = 2;
/** Share of the judged seconds that the generator may be saturated before a step says nothing about the target; one second may be. */
const SATURATED_SHARE = 0.2;

/**
 * Whether a target took a step: everything sent and answered, few enough errors, fast and even enough. A step in which the
 * generator was the limit is inconclusive, whatever else it shows. The figures decide, so one glance at the reasons tells why.
 */
export function judgeStep(figures: StepFigures, settings: BreakingPointSettings): StepJudgement {
  const { offered, completed, dropped, seconds, saturatedSeconds } = figures;
  if (seconds === 0) return inconclusive('Nothing was measured.');
  if (saturatedSeconds > Math.max(1, SATURATED_SHARE * seconds)) {
    return inconclusive(
      `The load generator was at its limit in ${saturatedSeconds} of ${seconds} s: the step says nothing about the target.`
    );
  }
  const broken: [LimitingSignal, string][] = [];
  if (figures.errorRatePercent > settings.errorPercent) {
    broken.push([
      'errors',
      `${shown(figures.errorRatePercent)} % of the requests ended in an error; allowed are ${settings.errorPercent} %.`,
    ]);
  }
  if (completed + ACHIEVED_SLACK < ACHIEVED_SHARE * offered) {
    broken.push([
      'throughput',
      `${shown(completed / seconds)} of ${shown(offered / seconds)} requests/s were answered: the rest queued.`,
    ]);
  }
  if (dropped > 0) {
    broken.push([
      'dropped',
      `${dropped} ${dropped === 1 ? 'request was' : 'requests were'} not sent: every connection was waiting for an answer.`,
    ]);
  }
  if (figures.p95Ms !== null && figures.p95Ms > settings.p95Ms) {
    broken.push(['latency', `The 95th percentile was ${shown(figures.p95Ms)} ms; allowed are ${settings.p95Ms} ms.`]);
  }
  const { balanceHighPercent } = figures;
  if (settings.balancePercent !== null && balanceHighPercent !== null && balanceHighPercent < settings.balancePercent) {
    broken.push([
      'balance',
      `The balance score was at most ${shown(balanceHighPercent)}; wanted are ${settings.balancePercent}.`,
    ]);
  }
  return {
    verdict: broken.length === 0 ? 'passed' : 'failed',
    reasons: broken.map(([, sentence]) => sentence),
    signal: broken[0]?.[0] ?? null,
  };
}

const inconclusive = (reason: string): StepJudgement => ({
  verdict: 'inconclusive',
  reasons: [reason],
  signal: 'generator',
});

const shown = (value: number): number => Number(value.toPrecision(4));
