import { observedText, thresholdOutcomeText, thresholdText } from './thresholdText.ts';

test.each([
  [{ metric: 'p99', op: '<', value: 500 }, 'p99 latency < 500 ms'],
  [{ metric: 'balance', op: '>=', value: 95 }, 'Balance score ≥ 95 %'],
  [{ metric: 'rate', op: '<=', value: 100 }, 'Rate of successes ≤ 100/s'],
  [
    { metric: 'errorRate', op: '<', value: 50, overSeconds: 10, forSeconds: 5, abort: true },
    'Error rate < 50 % over 10 s for 5 s, else the run is aborted',
  ],
] as const)('a threshold reads as a sentence: %j', (threshold, text) => expect(thresholdText(threshold)).toBe(text));

test.each([
  ['p99', true, 12.34, 'met', '12.3 ms'],
  ['errorRate', false, 12.345, 'missed', '12.3 %'],
  ['balance', false, 99.97, 'missed', '99.9'],
  ['rate', false, 12_345, 'missed', '12,345/s'],
  ['p50', false, null, 'not judged', '–'],
] as const)('the outcome of %s: %s, %d', (metric, passed, observed, outcome, text) => {
  expect(thresholdOutcomeText({ passed, observed })).toBe(outcome);
  expect(observedText({ threshold: { metric, op: '<', value: 1 }, observed })).toBe(text);
});
