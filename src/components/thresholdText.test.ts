import { thresholdText } from './thresholdText.ts';

test.each([
  [{ metric: 'p99', op: '<', value: 500 }, 'p99 latency < 500 ms'],
  [{ metric: 'balance', op: '>=', value: 95 }, 'Balance score ≥ 95 %'],
  [{ metric: 'rate', op: '<=', value: 100 }, 'Answered rate ≤ 100/s'],
  [
    { metric: 'errorRate', op: '<', value: 50, overSeconds: 10, forSeconds: 5, abort: true },
    'Error rate < 50 % over 10 s for 5 s, else the test is aborted',
  ],
] as const)('a threshold reads as a sentence: %j', (threshold, text) => expect(thresholdText(threshold)).toBe(text));
