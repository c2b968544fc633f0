import type { ThresholdMetric } from '@evenkeel/contract/threshold';

/** How a threshold's metric is called on the page, and its unit. */
export const THRESHOLD_TEXT: Readonly<Record<ThresholdMetric, { name: string; unit: string }>> = {
  mean: { name: 'Mean latency', unit: 'ms' },
  p50: { name: 'Median latency', unit: 'ms' },
  p90: { name: 'p90 latency', unit: 'ms' },
  p95: { name: 'p95 latency', unit: 'ms' },
  p99: { name: 'p99 latency', unit: 'ms' },
  p999: { name: 'p99.9 latency', unit: 'ms' },
  max: { name: 'Highest latency', unit: 'ms' },
  errorRate: { name: 'Error rate', unit: '%' },
  balance: { name: 'Balance score', unit: '%' },
  rate: { name: 'Answered rate', unit: '/s' },
};
