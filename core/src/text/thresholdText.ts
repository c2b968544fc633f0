import type { Threshold, ThresholdMetric, ThresholdResult } from '@evenkeel/contract/threshold';
import { latencyText, percentText, rateText, scoreText } from './figures.ts';

/** How a threshold's metric is called, and its unit. */
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
  rate: { name: 'Rate of successes', unit: '/s' },
};

/** Comparisons as they are written on paper. */
export const OPERATOR_TEXT: Readonly<Record<Threshold['op'], string>> = { '<': '<', '<=': '≤', '>': '>', '>=': '≥' };

/** A threshold in words: `p99 latency < 500 ms`, `Error rate < 50 % over 10 s, else the run is aborted`. */
export function thresholdText({ metric, op, value, overSeconds, forSeconds, abort }: Threshold): string {
  const { name, unit } = THRESHOLD_TEXT[metric];
  const number = unit === '/s' ? `${value}${unit}` : `${value} ${unit}`;
  const over = overSeconds === undefined ? '' : ` over ${overSeconds} s`;
  const hold = forSeconds ? ` for ${forSeconds} s` : '';
  return `${name} ${OPERATOR_TEXT[op]} ${number}${over}${hold}${abort ? ', else the run is aborted' : ''}`;
}

/** What became of a threshold: met, missed, or not judged for want of a measurement. */
export const thresholdOutcomeText = ({ passed, observed }: Pick<ThresholdResult, 'passed' | 'observed'>) =>
  passed ? 'met' : observed === null ? 'not judged' : 'missed';

/** What was measured, in the unit of the metric. */
export function observedText({ threshold, observed }: Pick<ThresholdResult, 'threshold' | 'observed'>): string {
  switch (threshold.metric) {
    case 'errorRate':
      return percentText(observed);
    case 'balance':
      return scoreText(observed);
    case 'rate':
      return rateText(observed);
    default:
      return latencyText(observed);
  }
}
