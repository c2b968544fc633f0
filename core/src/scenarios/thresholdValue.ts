import type { Threshold, ThresholdMetric } from '@evenkeel/contract/threshold';
import type { Histogram } from '../histogram/histogram.ts';

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
