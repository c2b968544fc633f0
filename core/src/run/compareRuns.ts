import type { Comparison, MetricComparison, PodComparison } from '@evenkeel/contract/comparison';
import type { Report, TimelinePoint } from '@evenkeel/contract/report';
import { normalCdf } from '../statistics/normal.ts';
import { type Difference, holm, welch } from './compareStatistics.ts';
import { resultOf, summaryOf } from './historySummary.ts';

const LEVEL = 0.05;
/** z of a two-sided 95 % interval. */
const Z95 = 1.959964;
/** Percentiles are exact to under 1 %: a smaller difference may be the histogram's. */
const LATENCY_RESOLUTION = 0.01;

interface Metric {
  readonly metric: MetricComparison['metric'];
  readonly name: string;
  readonly unit: MetricComparison['unit'];
  readonly better: 'higher' | 'lower';
  readonly of: (report: Report) => number | null;
  readonly test: (baseline: Report, candidate: Report, delta: number) => Difference | null;
}

const bySecond =
  (value: (point: TimelinePoint) => number | null): Metric['test'] =>
  (baseline, candidate, delta) =>
    welch(seconds(baseline, value), seconds(candidate, value), delta);

const METRICS: readonly Metric[] = [
  {
    metric: 'scorePercent',
    name: 'balance score',
    unit: 'points',
    better: 'higher',
    of: (report) => report.balance.scorePercent,
    test: byIntervals,
  },
  ...(['p50', 'p95', 'p99'] as const).map(
    (percentile): Metric => ({
      metric: `${percentile}Ms`,
      name: percentile,
      unit: 'ms',
      better: 'lower',
      of: (report) => report.response[percentile],
      test: bySecond((point) => point[`${percentile}Ms`]),
    })
  ),
  {
    metric: 'errorRatePercent',
    name: 'error rate',
    unit: 'percent',
    better: 'lower',
    of: (report) => report.errorRatePercent,
    test: bySecond((point) => (point.completedRate > 0 ? (100 * point.errorRate) / point.completedRate : null)),
  },
  {
    metric: 'completedRate',
    name: 'completed requests',
    unit: 'requests/s',
    better: 'higher',
    of: (report) => report.achievedRate,
    test: bySecond((point) => point.completedRate),
  },
];

/**
 * What changed from one run to another. Latency, errors and rate are tested on the measured seconds (Welch, with the number of
 * seconds corrected for autocorrelation), the score by its own interval, shares of pods as proportions of independent routing
 * decisions; Holm keeps the chance of any false alarm at 5 %. The deltas themselves are those of the reports.
 */
export function compareRuns(baseline: Report, candidate: Report): Comparison {
  const tested = METRICS.map((metric) => {
    const [before, after] = [metric.of(baseline), metric.of(candidate)];
    const delta = before === null || after === null ? null : after - before;
    const difference = delta === null ? null : metric.test(baseline, candidate, delta);
    return { metric, before, after, delta, difference };
  });
  const testable = tested.filter(({ difference }) => difference !== null);
  const corrected = holm(testable.map(({ difference }) => difference!.p));
  const metrics = tested.map((entry) => describe(entry, corrected[testable.indexOf(entry)] ?? null));
  return {
    baseline: summaryOf(baseline.run, resultOf(baseline)),
    candidate: summaryOf(candidate.run, resultOf(candidate)),
    warnings: warnings(baseline, candidate),
    sentence: sentenceOf(metrics),
    metrics,
    pods: comparePods(baseline, candidate),
  };
}

function seconds(report: Report, value: (point: TimelinePoint) => number | null): number[] {
  return report.timeline.flatMap((point) => {
    const measured = point.phase === 'measuring' && point.generator !== 'saturated' ? value(point) : null;
    return measured === null ? [] : [measured];
  });
}

function byIntervals({ balance: a }: Report, { balance: b }: Report, delta: number): Difference | null {
  if (a.lowPercent === null || a.highPercent === null || b.lowPercent === null || b.highPercent === null) return null;
  // An interval that ends at 100 is cut there: its lower arm is the honest one.
  const error = Math.hypot(a.scorePercent! - a.lowPercent, b.scorePercent! - b.lowPercent) / Z95;
  if (error === 0) return { halfWidth: 0, p: delta === 0 ? 1 : 0 };
  return { halfWidth: Z95 * error, p: twoSided(delta / error) };
}

const twoSided = (z: number): number => 2 * normalCdf(-Math.abs(z));

interface Tested {
  readonly metric: Metric;
  readonly before: number | null;
  readonly after: number | null;
  readonly delta: number | null;
  readonly difference: Difference | null;
}

function describe({ metric, before, after, delta, difference }: Tested, p: number | null): MetricComparison {
  const belowResolution =
    metric.unit === 'ms' && delta !== null && Math.abs(delta) <= LATENCY_RESOLUTION * Math.max(before!, after!);
  const significant = p !== null && p < LEVEL && !belowResolution;
  const rose = (delta ?? 0) > 0;
  const change =
    delta === null || difference === null
      ? 'not-comparable'
      : !significant
        ? 'no-evidence'
        : rose === (metric.better === 'higher')
          ? 'better'
          : 'worse';
  const unit = { points: ' points', ms: ' ms', percent: ' %', 'requests/s': '/s' }[metric.unit];
  const from = `${shown(before)} to ${shown(after)}${unit}`;
  const sentences = {
    'not-comparable':
      delta === null
        ? `${metric.name}: at least one run has none`
        : `${metric.name}: too few measured seconds to compare`,
    'no-evidence': `${metric.name}: no evidence of a change (${from})`,
    better: `${metric.name} is better: ${from}`,
    worse: `${metric.name} is worse: ${from}`,
  };
  return {
    metric: metric.metric,
    unit: metric.unit,
    baseline: before,
    candidate: after,
    delta,
    deltaPercent: delta === null || before === 0 ? null : (100 * delta) / before!,
    lowDelta: difference === null ? null : delta! - difference.halfWidth,
    highDelta: difference === null ? null : delta! + difference.halfWidth,
    p,
    significant,
    change,
    sentence: sentences[change],
  };
}

const shown = (value: number | null): string => (value === null ? '–' : String(Number(value.toPrecision(3))));

function sentenceOf(metrics: readonly MetricComparison[]): string {
  const changed = metrics.filter(({ change }) => change === 'better' || change === 'worse');
  if (changed.length > 0) return `${changed.map(({ sentence }) => sentence).join('; ')}.`;
  const tested = metrics.some(({ change }) => change === 'no-evidence');
  return tested ? 'There is no evidence of any change.' : 'The runs are too short to compare.';
}

function comparePods({ balance: a }: Report, { balance: b }: Report): PodComparison[] {
  const before = new Map(a.perPod.map((pod) => [pod.pod, pod]));
  const after = new Map(b.perPod.map((pod) => [pod.pod, pod]));
  const names = [...new Set([...before.keys(), ...after.keys()])];
  const independent = (balance: Report['balance']) => balance.effectiveDecisions ?? balance.requests;
  const [na, nb] = [independent(a), independent(b)];
  const pods = names.map((pod) => {
    const [x, y] = [before.get(pod)?.share ?? null, after.get(pod)?.share ?? null];
    const delta = x === null || y === null ? null : y - x;
    return { pod, baselineShare: x, candidateShare: y, delta, p: proportionsP(x, na, y, nb) };
  });
  const corrected = holm(pods.map(({ p }) => p));
  return pods.map(({ p: _, ...pod }, i) => ({ ...pod, significant: corrected[i]! < LEVEL }));
}

/** Pooled two-sample test of proportions; 1 when there is nothing to test. */
function proportionsP(x: number | null, nx: number, y: number | null, ny: number): number {
  if (x === null || y === null || nx < 1 || ny < 1) return 1;
  const pooled = (x * nx + y * ny) / (nx + ny);
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / nx + 1 / ny));
  return error === 0 ? 1 : twoSided((y - x) / error);
}

function warnings(baseline: Report, candidate: Report): string[] {
  const [a, b] = [baseline.run, candidate.run];
  const found: string[] = [];
  if (a.target.id !== b.target.id) found.push(`The targets differ: ${a.target.name} and ${b.target.name}.`);
  const alike = (key: 'load' | 'request' | 'mix' | 'connections') =>
    JSON.stringify(a.scenario[key]) === JSON.stringify(b.scenario[key]);
  if (!alike('load')) found.push('The load profiles differ, so latency and rate may differ because of the load.');
  if (!alike('request') || !alike('mix')) found.push('The requests differ.');
  if (!alike('connections')) found.push('The connection policies differ, which changes the balance by itself.');
  for (const [report, name] of [
    [baseline, 'baseline'],
    [candidate, 'candidate'],
  ] as const) {
    const { saturated } = report.seconds;
    if (saturated > 0)
      found.push(`The load generator was saturated in ${saturated} s of the ${name}; those seconds are left out.`);
    if (report.run.state !== 'finished') found.push(`The ${name} did not finish: it is ${report.run.state}.`);
  }
  return found;
}
