import type { Threshold, ThresholdMetric } from '@evenkeel/contract/threshold';

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

/** Comparisons as they are written on paper. */
export const OPERATOR_TEXT: Readonly<Record<Threshold['op'], string>> = { '<': '<', '<=': '≤', '>': '>', '>=': '≥' };

/** A threshold as the page says it: `p99 latency < 500 ms`, `Error rate < 50 % over 10 s, else the test is aborted`. */
export function thresholdText({ metric, op, value, overSeconds, forSeconds, abort }: Threshold): string {
  const { name, unit } = THRESHOLD_TEXT[metric];
  const number = unit === '/s' ? `${value}${unit}` : `${value} ${unit}`;
  const over = overSeconds === undefined ? '' : ` over ${overSeconds} s`;
  const hold = forSeconds ? ` for ${forSeconds} s` : '';
  return `${name} ${OPERATOR_TEXT[op]} ${number}${over}${hold}${abort ? ', else the test is aborted' : ''}`;
}
