import { breakingPointSettingsSchema } from '@evenkeel/contract/breakingPoint';
import { judgeStep, type StepFigures } from './stepJudge.ts';

const SETTINGS = breakingPointSettingsSchema.parse({ balancePercent: 90 });
const GOOD: StepFigures = {
  offered: 8000,
  completed: 8000,
  dropped: 0,
  errorRatePercent: 0,
  p95Ms: 20,
  balanceHighPercent: 99,
  seconds: 8,
  saturatedSeconds: 0,
};

it.each<[string, Partial<StepFigures>]>([
  ['a clean step', {}],
  ['figures exactly at the limits', { completed: 7840, errorRatePercent: 1, p95Ms: 500, balanceHighPercent: 90 }],
  ['a step with too few requests for a balance score', { balanceHighPercent: null }],
  ['two requests in flight at a low rate', { offered: 40, completed: 38 }],
  ['a step without latency', { p95Ms: null }],
])('passes %s', (_name, change) => {
  expect(judgeStep({ ...GOOD, ...change }, SETTINGS)).toEqual({ verdict: 'passed', reasons: [], signal: null });
});

it.each<[Partial<StepFigures>, string, string]>([
  [{ completed: 7837 }, 'throughput', '979.6 of 1000 requests/s were answered: the rest queued.'],
  [{ errorRatePercent: 1.2345678 }, 'errors', '1.235 % of the requests ended in an error; allowed are 1 %.'],
  [{ p95Ms: 500.1 }, 'latency', 'The 95th percentile was 500.1 ms; allowed are 500 ms.'],
  [{ dropped: 1 }, 'dropped', '1 request was not sent: every connection was waiting for an answer.'],
  [{ balanceHighPercent: 89.9 }, 'balance', 'The balance score was at most 89.9; wanted are 90.'],
])('fails %j', (change, signal, sentence) => {
  expect(judgeStep({ ...GOOD, ...change }, SETTINGS)).toEqual({ verdict: 'failed', reasons: [sentence], signal });
});

it('names everything that gave way, the most telling first', () => {
  const overloaded = { completed: 6000, dropped: 300, p95Ms: 900, balanceHighPercent: 50 };
  const { signal, reasons } = judgeStep({ ...GOOD, ...overloaded }, SETTINGS);
  expect(signal).toBe('throughput');
  expect(reasons).toHaveLength(4);
});

it('ignores the balance when no limit was set for it', () => {
  const settings = { ...SETTINGS, balancePercent: null };
  expect(judgeStep({ ...GOOD, balanceHighPercent: 10 }, settings).verdict).toBe('passed');
});

it('is inconclusive, never failed, when the generator was the limit', () => {
  const overloaded = { ...GOOD, completed: 6000, dropped: 300 };
  expect(judgeStep({ ...overloaded, saturatedSeconds: 2 }, SETTINGS)).toEqual({
    verdict: 'inconclusive',
    reasons: ['The load generator was at its limit in 2 of 8 s: the step says nothing about the target.'],
    signal: 'generator',
  });
  expect(judgeStep({ ...overloaded, seconds: 0 }, SETTINGS).verdict).toBe('inconclusive');
  expect(judgeStep({ ...overloaded, seconds: 10, saturatedSeconds: 2 }, SETTINGS).verdict).toBe('failed');
  expect(judgeStep({ ...overloaded, seconds: 4, saturatedSeconds: 1 }, SETTINGS).verdict).toBe('failed');
});
