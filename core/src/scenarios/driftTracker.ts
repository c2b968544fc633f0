import type { Drift, DriftFinding, DriftSeries } from '@evenkeel/contract/drift';
import { type BalanceSecond, type BalanceTotals, BalanceWindow, PodRows } from '../balance/balanceWindow.ts';
import { withRarePooled } from '../balance/rarePods.ts';
import { percentOf, spreadOf } from '../balance/spread.ts';
import { Histogram } from '../histogram/histogram.ts';
import { holm } from '../statistics/holm.ts';
import { levelShift } from '../statistics/levelShift.ts';
import { mannKendall } from '../statistics/mannKendall.ts';
import { type Trend, trendOf } from '../statistics/trend.ts';

/** One second of the part of a run that holds one level. Nothing of it is kept by reference. */
export interface DriftSecond {
  /** Second of the run. Seconds may be missing. */
  readonly second: number;
  readonly response: Histogram;
  readonly completed: number;
  /** Completed requests that were not ok. */
  readonly errors: number;
  readonly balance: BalanceSecond;
}

interface Slot {
  seconds: number;
  /** Sum of the seconds' own places in time. */
  places: number;
  readonly response: Histogram;
  completed: number;
  errors: number;
  readonly balance: BalanceWindow;
}

interface Series {
  readonly series: DriftSeries;
  readonly pod: string | null;
  readonly values: readonly number[];
  /** Where in the run each value lies, in seconds. */
  readonly places: readonly number[];
}

const MIN_POINTS = 60;
/** Even, so that two always go into one, and half of it is still enough. */
const MAX_POINTS = 128;
/** With fewer requests the score of a point is chance alone. */
const MIN_REQUESTS_PER_POD = 5;
/** Probability of at least one false finding over all series of a run, as far as the estimate of their autocorrelation holds. */
const ALPHA = 0.002;
/** Significant is not yet worth a word: smallest change over the run that is, in the unit of the series and as a share of the start. */
const MATTERS: Record<DriftSeries, { readonly least: number; readonly share: number }> = {
  p50: { least: 1, share: 0.1 },
  p95: { least: 1, share: 0.1 },
  pod: { least: 1, share: 0.1 },
  errorRate: { least: 0.5, share: 0 },
  balance: { least: 2, share: 0 },
};

/**
 * A jump from one level to another is no trend: what it leaves around a line is so alike from point to point that the test, which
 * allows for that, sees nothing. It is told by its size instead, which no line reaches, nor steady values with moods.
 */
const JUMP = { edge: 10, deviations: 4 } as const;

/**
 * Tells whether latency, errors, balance or a single pod drift while the load stays the same. Seconds are gathered into at most 128
 * points in time, two into one whenever there are more, so memory does not grow; percentiles are of merged histograms. Each series
 * is tested by Mann-Kendall with autocorrelation allowed for, sized by Theil-Sen, and all of them together by Holm at 0.2 %; and
 * each is looked through for a jump.
 */
export class DriftTracker {
  readonly #pods = new PodRows();
  #slots: Slot[] = [];
  #secondsPerSlot = 1;
  #seconds = 0;

  add(second: DriftSecond): void {
    this.#seconds++;
    let last = this.#slots.at(-1);
    if (last === undefined || last.seconds === this.#secondsPerSlot) {
      if (this.#slots.length === MAX_POINTS) this.#halve();
      last = {
        seconds: 0,
        places: 0,
        response: new Histogram(),
        completed: 0,
        errors: 0,
        balance: new BalanceWindow(this.#pods),
      };
      this.#slots.push(last);
    }
    last.seconds++;
    last.places += second.second;
    last.response.add(second.response);
    last.completed += second.completed;
    last.errors += second.errors;
    last.balance.add(second.balance);
  }

  result(): Drift {
    // A slot that is not full yet would weigh as much as the others and vary more.
    const slots = this.#slots.filter((slot) => slot.seconds === this.#secondsPerSlot);
    const about = { seconds: this.#seconds, secondsPerPoint: this.#secondsPerSlot };
    const tested = slots.length < MIN_POINTS ? [] : seriesOf(slots);
    if (tested.length === 0) {
      const sentence = `Drift cannot be told: it takes ${MIN_POINTS} s of steady load with answers, and there were ${this.#seconds}.`;
      return { verdict: 'too-short', sentence, findings: [], ...about };
    }
    const trends = tested.map(({ pod, values, places }) =>
      pod !== null && isPlainlySteady(values) ? NO_TREND : trendOf(values, places)
    );
    const significant = holm(
      trends.map(({ p }) => p),
      ALPHA
    );
    const findings = tested
      .map((series, i) => finding(series, trends[i]!, significant[i]!))
      .filter(({ pod, direction }) => pod === null || direction !== 'none')
      .sort((a, b) => Number(a.direction === 'none') - Number(b.direction === 'none') || a.p - b.p);
    return { ...verdictOf(findings, this.#seconds, slots.length), findings, ...about };
  }

  #halve(): void {
    const halved: Slot[] = [];
    for (let i = 0; i < this.#slots.length; i += 2) {
      const into = this.#slots[i]!;
      const from = this.#slots[i + 1]!;
      into.seconds += from.seconds;
      into.places += from.places;
      into.response.add(from.response);
      into.completed += from.completed;
      into.errors += from.errors;
      into.balance.merge(from.balance);
      halved.push(into);
    }
    this.#slots = halved;
    this.#secondsPerSlot *= 2;
  }
}

/** Stands for the many pods that need no closer look. */
const NO_TREND: Trend = { slope: 0, slopeLow: 0, slopeHigh: 0, intercept: 0, p: 1, inflation: 1 };

/** Autocorrelation only ever makes a trend less significant, so what is not significant without it needs no slow estimate. */
function isPlainlySteady(values: readonly number[]): boolean {
  return mannKendall(values).p > ALPHA;
}

/** Series with a value in nearly every slot; a pod that came or went within the run has no trend of its own. */
function seriesOf(slots: readonly Slot[]): Series[] {
  const totals = slots.map(({ balance }) => balance.totals());
  const podsOf = totals.map(({ pods }) => new Map(pods.map((pod) => [pod.pod, pod])));
  const pods = [...new Set(podsOf.flatMap((slot) => [...slot.keys()]))].sort();
  const milliseconds = (value: number | null) => (value === null ? null : value / 1000);
  const all: { series: DriftSeries; pod: string | null; values: (number | null)[] }[] = [
    { series: 'p50', pod: null, values: slots.map(({ response }) => milliseconds(response.quantile(0.5))) },
    { series: 'p95', pod: null, values: slots.map(({ response }) => milliseconds(response.quantile(0.95))) },
    {
      series: 'errorRate',
      pod: null,
      values: slots.map(({ completed, errors }) => (completed === 0 ? null : (100 * errors) / completed)),
    },
    { series: 'balance', pod: null, values: totals.map(scoreOf) },
    ...pods.map((pod) => ({
      series: 'pod' as const,
      pod,
      values: podsOf.map((slot) => {
        const { served, workMicroseconds } = slot.get(pod) ?? { served: 0, workMicroseconds: 0 };
        return served === 0 ? null : workMicroseconds / served / 1000;
      }),
    })),
  ];
  return all
    .map((series) => ({
      ...series,
      values: series.values.filter((value) => value !== null),
      places: slots.filter((_, i) => series.values[i] !== null).map(({ places, seconds }) => places / seconds),
    }))
    .filter(({ values }) => values.length >= 0.9 * slots.length);
}

/** The balance score alone, without the interval and the reasons that nobody would read here. */
function scoreOf({ pods, requests }: BalanceTotals): number | null {
  const eligible = pods.filter((pod) => pod.eligible);
  if (eligible.length < 2 || requests < MIN_REQUESTS_PER_POD * eligible.length) return null;
  const spread = spreadOf(
    withRarePooled(eligible.map((pod) => ({ ...pod, observed: pod.requests, expectedRequests: pod.expected })))
  );
  return spread && percentOf(spread.correctedCv);
}

function finding({ series, pod, values, places }: Series, trend: Trend, significant: boolean): DriftFinding {
  const lineAt = (second: number) => trend.intercept + trend.slope * second;
  const [from, to] = [lineAt(places[0]!), lineAt(places.at(-1)!)];
  const figures = {
    perMinute: trend.slope * 60,
    perMinuteLow: trend.slopeLow * 60,
    perMinuteHigh: trend.slopeHigh * 60,
    from,
    to,
    p: trend.p,
  };
  const jump = levelShift(values, JUMP.edge);
  if (jump !== null && jump.deviations >= JUMP.deviations && matters(series, jump.from, jump.to)) {
    const jumped = { ...figures, from: jump.from, to: jump.to, jumpAtSecond: Math.floor(places[jump.at]!) };
    const direction = jump.to > jump.from ? 'rising' : 'falling';
    return { series, pod, direction, ...jumped, sentence: sentenceOf(series, pod, direction, jumped) };
  }
  const direction = significant && matters(series, from, to) ? (trend.slope > 0 ? 'rising' : 'falling') : 'none';
  return { series, pod, direction, ...figures, sentence: sentenceOf(series, pod, direction, figures) };
}

function matters(series: DriftSeries, from: number, to: number): boolean {
  const { least, share } = MATTERS[series];
  return Math.abs(to - from) >= Math.max(least, share * Math.abs(from));
}

const NAMES: Record<Exclude<DriftSeries, 'pod'>, string> = {
  p50: 'The median latency',
  p95: 'The 95th percentile',
  errorRate: 'The error rate',
  balance: 'The balance score',
};
const UNITS: Record<DriftSeries, string> = { p50: ' ms', p95: ' ms', pod: ' ms', errorRate: ' %', balance: '' };

function sentenceOf(
  series: DriftSeries,
  pod: string | null,
  direction: DriftFinding['direction'],
  figures: Omit<DriftFinding, 'series' | 'pod' | 'direction' | 'sentence'>
): string {
  const { perMinute, perMinuteLow, perMinuteHigh, from, to, jumpAtSecond } = figures;
  const name = series === 'pod' ? `The mean service time of ${pod}` : NAMES[series];
  const unit = UNITS[series];
  if (direction === 'none') return `${name} does not drift.`;
  if (jumpAtSecond !== undefined) {
    return `${name} jumps in second ${jumpAtSecond}: from ${round(from)} to ${round(to)}${unit}.`;
  }
  const [low, high] = [perMinuteLow, perMinuteHigh].map(Math.abs).sort((a, b) => a - b) as [number, number];
  const by = `${round(Math.abs(perMinute))}${unit} a minute (${round(low)} to ${round(high)})`;
  return `${name} ${direction === 'rising' ? 'rises' : 'falls'} by ${by}: from ${round(from)} to ${round(to)}${unit}.`;
}

function verdictOf(
  findings: readonly DriftFinding[],
  seconds: number,
  points: number
): Pick<Drift, 'verdict' | 'sentence'> {
  const drifting = findings.filter(({ direction }) => direction !== 'none');
  const worse = drifting.filter(({ series, direction }) => (series === 'balance') === (direction === 'falling'));
  if (drifting.length === 0) {
    return { verdict: 'steady', sentence: `No drift in ${seconds} s, as far as ${points} points in time can tell.` };
  }
  const told = worse.length > 0 ? worse : drifting;
  const more =
    told.length > 1 ? ` ${told.length - 1} more ${told.length === 2 ? 'series drifts' : 'series drift'}.` : '';
  return { verdict: worse.length > 0 ? 'worse' : 'better', sentence: `${told[0]!.sentence}${more}` };
}

const round = (value: number) => Number(value.toPrecision(3));
