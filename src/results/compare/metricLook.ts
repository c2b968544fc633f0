import type { MetricComparison } from '@evenkeel/contract/comparison';
import { latencyText, NONE, percentText, rateText, scoreText } from '@evenkeel/core/text/figures';
import type { IconName } from '@grafana/data';
import type { BadgeColor } from '@grafana/ui';

type Metric = MetricComparison['metric'];

export const METRIC_NAMES: Readonly<Record<Metric, string>> = {
  scorePercent: 'Balance score',
  p50Ms: 'Median latency',
  p95Ms: 'p95 latency',
  p99Ms: 'p99 latency',
  errorRatePercent: 'Error rate',
  completedRate: 'Answered rate',
};

/** A value of a metric, with its unit. */
export function metricText(metric: Metric, value: number | null): string {
  switch (metric) {
    case 'scorePercent':
      return scoreText(value);
    case 'errorRatePercent':
      return percentText(value);
    case 'completedRate':
      return rateText(value);
    default:
      return latencyText(value);
  }
}

/** A difference of two values of a metric, with its sign. */
export function deltaText(metric: Metric, delta: number | null): string {
  if (delta === null) return NONE;
  // A difference of percentages is in points; "%" would read as a relative change.
  const size =
    metric === 'errorRatePercent' ? `${Math.abs(delta).toFixed(2)} points` : metricText(metric, Math.abs(delta));
  if (delta === 0 || Number.parseFloat(size) === 0) return `±${size}`;
  return `${delta > 0 ? '+' : '−'}${size}`;
}

export const CHANGE_LOOKS: Readonly<
  Record<Exclude<MetricComparison['change'], 'no-evidence'>, { text: string; icon: IconName; color: BadgeColor }>
> = {
  better: { text: 'Better', icon: 'arrow-up', color: 'green' },
  worse: { text: 'Worse', icon: 'arrow-down', color: 'red' },
  'not-comparable': { text: 'Not comparable', icon: 'question-circle', color: 'orange' },
};
