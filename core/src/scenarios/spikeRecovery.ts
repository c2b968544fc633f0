import type { Stage } from '@evenkeel/contract/scenario';
import type { SpikeRecovery } from '@evenkeel/contract/spikeRecovery';

/** When a load profile leaves its base rate and when it is back, in seconds of the run. */
export interface SpikeSpan {
  readonly from: number;
  readonly to: number;
}

/** One second of a run; a report's timeline holds such points. Points that cover several seconds make the answer coarser. */
export interface RecoveryPoint {
  readonly second: number;
  readonly seconds: number;
  /** Requests per second that ended, and those of them that were errors. */
  readonly completedRate: number;
  readonly errorRate: number;
  readonly p95Ms: number | null;
}

/** A rate this close to the base is the base. */
const NEAR = 1.05;
/** Seconds before the spike without which nobody knows what normal is. */
const MIN_BASELINE = 5;
/** Seconds before the spike of which the second slowest is no rarity. */
const MANY = 8;
/** Back to normal means normal in this many of the next seconds, the first one among them: one slow second is no relapse. */
const STAYS = { good: 4, of: 5 } as const;
/** Further errors than before the spike, as a share of the answers, that are still normal. */
const ERROR_SLACK = 0.01;

/** The spike of a profile that begins and ends at one base rate and rises above it; null for any other profile. */
export function spikeSpan(stages: readonly Stage[]): SpikeSpan | null {
  const base = stages[0]?.from ?? 0;
  const last = stages.at(-1)?.to ?? 0;
  const top = NEAR * base;
  if (base <= 0 || last > top || base > NEAR * last) return null;
  let from: number | null = null;
  let to = 0;
  let start = 0;
  for (const stage of stages) {
    const end = start + stage.durationSeconds;
    const crossing = start + ((top - stage.from) / (stage.to - stage.from)) * stage.durationSeconds;
    if (stage.from > top || stage.to > top) {
      from ??= stage.from > top ? start : crossing;
      to = stage.to > top ? end : crossing;
    }
    start = end;
  }
  return from === null ? null : { from, to };
}

/**
 * How long a service takes to be as before a spike. Normal is the median of the 95th percentiles of the seconds before it; a second is
 * as before when its own is within 25 %, 3 robust standard deviations or 1 ms of that, or no more than that of the second slowest of
 * those seconds (whichever is most), and at most one more percent of its answers are errors. The service has recovered in the first such second after the spike that is followed by others.
 *
 * A queue that drains in T seconds gives an answer between T and T + 1: the second in which it drains is still slow.
 * `points` are of the measuring phase, without those that say nothing about the service.
 */
export function spikeRecovery(points: readonly RecoveryPoint[], span: SpikeSpan): SpikeRecovery {
  const baseline = points.filter((point) => point.second + point.seconds <= span.from);
  const known = baseline.flatMap(({ p95Ms }) => (p95Ms === null ? [] : [p95Ms]));
  const after = points.filter((point) => point.second >= span.to);
  const disturbed = points.filter((point) => point.second + point.seconds > span.from);
  const worst = disturbed.reduce<number | null>((most, { p95Ms }) => larger(most, p95Ms), null);
  const times = { spikeFromSecond: span.from, spikeToSecond: span.to, worstP95Ms: worst };
  if (known.length < MIN_BASELINE) {
    const sentence = `Recovery cannot be told: it takes ${MIN_BASELINE} s before the spike to know what is normal, and there were ${known.length}.`;
    return { ...times, baselineP95Ms: null, limitP95Ms: null, recoverySeconds: null, sentence };
  }
  const normal = median(known);
  if (after.length < STAYS.good) {
    const sentence = `Recovery cannot be told: it takes ${STAYS.good} s after the spike, and there were ${after.length}.`;
    return { ...times, baselineP95Ms: normal, limitP95Ms: null, recoverySeconds: null, sentence };
  }
  const deviation = 1.4826 * median(known.map((value) => Math.abs(value - normal)));
  const limit = Math.max(normal + Math.max(0.25 * normal, 3 * deviation, 1), secondSlowest(known));
  const usualErrors = shareOfErrors(baseline);
  const isGood = (point: RecoveryPoint) =>
    point.p95Ms !== null && point.p95Ms <= limit && shareOfErrors([point]) <= usualErrors + ERROR_SLACK;
  const good = after.map(isGood);
  const back = good.findIndex((first, i) => first && good.slice(i, i + STAYS.of).filter(Boolean).length >= STAYS.good);
  const recoverySeconds = back === -1 ? null : Math.max(0, after[back]!.second - span.to);
  const figures = { ...times, baselineP95Ms: normal, limitP95Ms: limit, recoverySeconds };
  return { ...figures, sentence: sentenceOf(figures, disturbed.every(isGood), after.at(-1)) };
}

function sentenceOf(
  { recoverySeconds, baselineP95Ms, worstP95Ms, spikeToSecond }: Omit<SpikeRecovery, 'sentence'>,
  unmoved: boolean,
  lastPoint: RecoveryPoint | undefined
): string {
  const figures = `p95 was ${shown(baselineP95Ms)} ms before and ${shown(worstP95Ms)} ms at worst`;
  if (unmoved) return `The spike left no mark: ${figures}.`;
  if (recoverySeconds !== null) return `Back to normal ${shown(recoverySeconds)} s after the spike: ${figures}.`;
  const watched = lastPoint === undefined ? 0 : lastPoint.second + lastPoint.seconds - spikeToSecond;
  return `Not back to normal within ${shown(watched)} s after the spike: ${figures}.`;
}

function shareOfErrors(points: readonly RecoveryPoint[]): number {
  const completed = points.reduce((sum, point) => sum + point.completedRate * point.seconds, 0);
  const errors = points.reduce((sum, point) => sum + point.errorRate * point.seconds, 0);
  return completed === 0 ? 0 : errors / completed;
}

/** Not the slowest: a single standstill before the spike would make everything normal. Of few seconds it says nothing. */
function secondSlowest(values: readonly number[]): number {
  return values.length < MANY ? 0 : [...values].sort((a, b) => b - a)[1]!;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

const larger = (a: number | null, b: number | null) => (a === null ? b : b === null ? a : Math.max(a, b));
const shown = (value: number | null) => (value === null ? '?' : Number(value.toPrecision(3)));
