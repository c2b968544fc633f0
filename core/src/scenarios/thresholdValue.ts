import type { Threshold, ThresholdMetric } from '@evenkeel/contract/threshold';
import { Histogram } from '../histogram/histogram.ts';

/** What was counted in the seconds that a threshold looks at. */
export interface ThresholdWindow {
  readonly seconds: number;
  readonly response: Histogram;
  readonly completed: number;
  /** Completed requests that were not ok. */
  readonly errors: number;
  /** Balance score in percent over these seconds; null when there is none. Only asked when a threshold looks at it. */
  balance(): number | null;
}

const QUANTILE_OF = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99, p999: 0.999 } as const;

/**
 * The value of a metric over a window, in the unit of the metric (ms, percent, requests/s); null when it cannot be computed.
 * `rate` counts only requests that were answered without an error: a storm of fast errors is no throughput.
 */
export function thresholdValue(metric: ThresholdMetric, window: ThresholdWindow): number | null {
  const { response, completed, errors, seconds } = window;
  switch (metric) {
    case 'balance':
      return window.balance();
    case 'rate':
      return seconds === 0 ? null : (completed - errors) / seconds;
    case 'errorRate':
      return completed === 0 ? null : (100 * errors) / completed;
    case 'mean':
      return response.count === 0 ? null : response.sum / response.count / 1000;
    case 'max':
      return response.count === 0 ? null : response.max / 1000;
    default: {
      const microseconds = response.quantile(QUANTILE_OF[metric]);
      return microseconds === null ? null : microseconds / 1000;
    }
  }
}

/** Between what a metric lies when some requests were cut off: they lasted at least their age, and may have failed. */
export interface ThresholdRange {
  readonly low: number;
  /** Infinity when nothing bounds it. */
  readonly high: number;
}

/**
 * The range of a metric over a window whose `response` holds the ages `cutOff` too; null when it cannot be computed. A percentile is known
 * when its rank lies among the requests that ended, whatever became of the others.
 */
export function thresholdRange(
  metric: ThresholdMetric,
  window: ThresholdWindow,
  cutOff: Histogram
): ThresholdRange | null {
  const { response, completed, errors } = window;
  const unended = cutOff.count;
  if (metric === 'errorRate' && unended > 0) {
    const all = completed + unended;
    return { low: (100 * errors) / all, high: (100 * (errors + unended)) / all };
  }
  const low = thresholdValue(metric, window);
  if (low === null) return null;
  if (unended === 0 || metric === 'balance' || metric === 'rate' || metric === 'errorRate') return { low, high: low };
  if (metric === 'mean' || metric === 'max') return { low, high: Number.POSITIVE_INFINITY };
  const ended = new Histogram();
  ended.add(response);
  ended.subtract(cutOff);
  const rank = Math.max(1, Math.ceil(QUANTILE_OF[metric] * response.count));
  if (rank > ended.count) return { low, high: Number.POSITIVE_INFINITY };
  // Half a rank below, so that rounding up finds this rank again.
  return { low, high: Math.max(low, ended.quantile((rank - 0.5) / ended.count)! / 1000) };
}

/** Whether a value keeps a threshold. */
export function holds({ op, value: limit }: Pick<Threshold, 'op' | 'value'>, value: number): boolean {
  switch (op) {
    case '<':
      return value < limit;
    case '<=':
      return value <= limit;
    case '>':
      return value > limit;
    case '>=':
      return value >= limit;
  }
}
