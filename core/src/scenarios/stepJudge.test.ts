import { breakingPointSettingsSchema } from '@evenkeel/contract/breakingPoint';
import { type JudgedFigures, judgeStep, type StepFigures } from './stepJudge.ts';

const SETTINGS = breakingPointSettingsSchema.parse({ balancePercent: 90 });
const CLEAN: JudgedFigures = {
  seconds: 8,
  offered: 8000,
  completed: 8000,
  dropped: 0,
  errorRatePercent: 0,
  p95Ms: 20,
};
const GOOD: StepFigures = {
  ...CLEAN,
  balanceHighPercent: 99,
  saturatedSeconds: 0,
  others: CLEAN,
  meanMs: 10,
  usualMeanMs: 9,
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
  [{ dropped: 1, meanMs: 12 }, 'dropped', '1 request was not sent: every connection was waiting for an answer.'],
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
});

describe('with one second in which the generator was saturated', () => {
  const most: JudgedFigures = { ...CLEAN, seconds: 7, offered: 7000, completed: 7000 };
  const disturbed = { ...GOOD, saturatedSeconds: 1, others: most, meanMs: 50 };

  it('passes what kept every limit all the same', () => {
    expect(judgeStep(disturbed, SETTINGS).verdict).toBe('passed');
  });

  it.each<[string, Partial<JudgedFigures>]>([
    ['requests were held back', { dropped: 40 }],
    ['requests were late', { p95Ms: 800 }],
    ['requests were missed', { completed: 7500 }],
    ['requests failed', { errorRatePercent: 5 }],
  ])('is inconclusive when only then %s', (_name, change) => {
    expect(judgeStep({ ...disturbed, ...change }, SETTINGS)).toEqual({
      verdict: 'inconclusive',
      reasons: [
        'The load generator was at its limit in 1 of 8 s, and only then a limit was broken: the step says nothing about the target.',
      ],
      signal: 'generator',
    });
  });

  it.each<[string, Partial<JudgedFigures>, string]>([
    ['requests held back', { dropped: 40 }, 'dropped'],
    ['late requests', { p95Ms: 800 }, 'latency'],
    ['missed requests', { completed: 6500 }, 'throughput'],
    ['errors', { errorRatePercent: 5 }, 'errors'],
  ])('fails for %s in the other seconds too', (_name, change, signal) => {
    const figures = { ...disturbed, ...change, others: { ...most, ...change } };
    expect(judgeStep(figures, SETTINGS)).toMatchObject({ verdict: 'failed', signal });
  });

  it('fails for a balance that is lost, which is judged without such seconds anyway', () => {
    expect(judgeStep({ ...disturbed, balanceHighPercent: 50 }, SETTINGS)).toMatchObject({ signal: 'balance' });
  });
});

describe('with requests that were held back', () => {
  const heldBack = { ...GOOD, dropped: 2000, completed: 6000 };

  it('is inconclusive when the service answers the others as fast as before', () => {
    expect(judgeStep(heldBack, SETTINGS)).toEqual({
      verdict: 'inconclusive',
      reasons: [
        'All connections were in use although the service answered as fast as before: raise connections.count to send more.',
      ],
      signal: 'connections',
    });
  });

  it.each<[string, Partial<StepFigures>]>([
    ['more slowly', { meanMs: 11.3 }],
    ['too slowly', { p95Ms: 501 }],
    ['with errors', { errorRatePercent: 2 }],
    ['not all of them', { completed: 5800 }],
    ['and nothing is known from before', { usualMeanMs: null }],
  ])('fails when it answers them %s', (_name, change) => {
    expect(judgeStep({ ...heldBack, ...change }, SETTINGS).verdict).toBe('failed');
  });
});
