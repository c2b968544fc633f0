import type { BreakingPointSettings, BreakingPointStep, LimitingSignal } from '@evenkeel/contract/breakingPoint';

/** What tells whether limits were kept, in the judged part of a step or in some of its seconds. */
export interface JudgedFigures {
  readonly seconds: number;
  /** Requests that the schedule wanted in these seconds. */
  readonly offered: number;
  /** Answered in these seconds, errors included. */
  readonly completed: number;
  /** Not sent because every connection was waiting for an answer. */
  readonly dropped: number;
  readonly errorRatePercent: number;
  readonly p95Ms: number | null;
}

/** What was measured in the judged part of a step. */
export interface StepFigures extends JudgedFigures {
  /** Upper end of the interval of the balance score, in which seconds of a saturated generator do not count; null without a score. */
  readonly balanceHighPercent: number | null;
  /** Judged seconds in which the generator was saturated, and the figures of all others. */
  readonly saturatedSeconds: number;
  readonly others: JudgedFigures;
  readonly meanMs: number | null;
  /** Mean response time of the last step that passed; null before one did. */
  readonly usualMeanMs: number | null;
}

export type StepJudgement = Pick<BreakingPointStep, 'verdict' | 'reasons' | 'signal'>;

/** Share of the offered requests that must be answered within the judged seconds. */
export const ACHIEVED_SHARE = 0.98;
/** Requests that may be in flight at the end without being missed; matters at low rates only. */
const ACHIEVED_SLACK = 2;
/** Share of the judged seconds that the generator may be saturated before a step says nothing about the target; one second may be. */
const LASTING_SHARE = 0.2;

/** A mean response time at most this many times the usual one is as fast as before. */
const AS_FAST = 1.25;

/** Whether so many of a step's judged seconds are more than a moment. */
export const isLasting = (count: number, seconds: number): boolean => count > Math.max(1, LASTING_SHARE * seconds);

/**
 * Whether a target took a step: everything sent and answered, few enough errors, fast and even enough. A step in which the
 * generator was the limit is inconclusive, whatever else it shows; so is one that broke a limit only while the generator was
 * saturated, and one for which the generator had too few connections. The figures decide, so one glance at the reasons tells why.
 */
export function judgeStep(figures: StepFigures, settings: BreakingPointSettings): StepJudgement {
  const { seconds, saturatedSeconds, others } = figures;
  if (seconds === 0) return inconclusive('Nothing was measured.');
  const limited = `The load generator was at its limit in ${saturatedSeconds} of ${seconds} s`;
  if (isLasting(saturatedSeconds, seconds)) {
    return inconclusive(`${limited}: the step says nothing about the target.`);
  }
  if (areConnectionsTheLimit(figures, settings)) {
    return {
      verdict: 'inconclusive',
      reasons: [
        'All connections were in use although the service answered as fast as before: raise connections.count to send more.',
      ],
      signal: 'connections',
    };
  }
  const balance = uneven(figures.balanceHighPercent, settings);
  const broken = [...brokenLimits(figures, settings), ...balance];
  if (broken.length > 0 && saturatedSeconds > 0 && balance.length + brokenLimits(others, settings).length === 0) {
    return inconclusive(`${limited}, and only then a limit was broken: the step says nothing about the target.`);
  }
  return {
    verdict: broken.length === 0 ? 'passed' : 'failed',
    reasons: broken.map(([, sentence]) => sentence),
    signal: broken[0]?.[0] ?? null,
  };
}

/**
 * Requests were held back, and nothing else is wrong with what was sent: with more connections the service might well take more. One
 * that is at its end answers more slowly then, because its queue fills them.
 */
function areConnectionsTheLimit(figures: StepFigures, settings: BreakingPointSettings): boolean {
  const { dropped, offered, meanMs, usualMeanMs } = figures;
  if (dropped === 0 || meanMs === null || usualMeanMs === null || meanMs > AS_FAST * usualMeanMs) return false;
  return brokenLimits({ ...figures, offered: offered - dropped, dropped: 0 }, settings).length === 0;
}

type Broken = readonly [LimitingSignal, string];

function brokenLimits(figures: JudgedFigures, settings: BreakingPointSettings): Broken[] {
  const { seconds, offered, completed, dropped, errorRatePercent, p95Ms } = figures;
  const broken: Broken[] = [];
  if (errorRatePercent > settings.errorPercent) {
    broken.push([
      'errors',
      `${shown(errorRatePercent)} % of the requests ended in an error; allowed are ${settings.errorPercent} %.`,
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
  if (p95Ms !== null && p95Ms > settings.p95Ms) {
    broken.push(['latency', `The 95th percentile was ${shown(p95Ms)} ms; allowed are ${settings.p95Ms} ms.`]);
  }
  return broken;
}

function uneven(highPercent: number | null, { balancePercent }: BreakingPointSettings): Broken[] {
  if (balancePercent === null || highPercent === null || highPercent >= balancePercent) return [];
  return [['balance', `The balance score was at most ${shown(highPercent)}; wanted are ${balancePercent}.`]];
}

const inconclusive = (reason: string): StepJudgement => ({
  verdict: 'inconclusive',
  reasons: [reason],
  signal: 'generator',
});

const shown = (value: number): number => Number(value.toPrecision(4));
