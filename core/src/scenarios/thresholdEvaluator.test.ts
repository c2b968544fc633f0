import { parseThreshold, type Threshold } from '@evenkeel/contract/threshold';
import { Histogram } from '../histogram/histogram.ts';
import { Random } from '../random/random.ts';
import { type ThresholdBreach, ThresholdEvaluator, type ThresholdSecond } from './thresholdEvaluator.ts';

interface Fed {
  readonly latenciesMs: readonly number[];
  readonly errors?: number;
  readonly balance?: number | null;
}

function second(at: number, fed: Fed): ThresholdSecond {
  const response = new Histogram();
  for (const ms of fed.latenciesMs) response.record(ms * 1000);
  return {
    second: at,
    response,
    completed: fed.latenciesMs.length,
    errors: fed.errors ?? 0,
    balanceOver: () => fed.balance ?? null,
  };
}

function feed(thresholds: readonly Threshold[], fed: readonly Fed[], first = 0) {
  const evaluator = new ThresholdEvaluator(thresholds);
  const breaches: ThresholdBreach[] = [];
  for (const [i, one] of fed.entries()) breaches.push(...evaluator.add(second(first + i, one)));
  return { evaluator, breaches };
}

const times = (n: number, fed: Fed): Fed[] => Array.from({ length: n }, () => fed);
const FAST: Fed = { latenciesMs: [10, 10, 10, 10] };
const SLOW: Fed = { latenciesMs: [900, 900, 900, 900] };

describe('a threshold without a window', () => {
  it.each([
    ['p99 < 500ms', times(3, FAST), true, 10],
    ['p99 < 500ms', times(3, SLOW), false, 900],
    ['mean <= 10', times(3, FAST), true, 10],
    ['max < 900', [...times(99, FAST), SLOW], false, 900],
    ['errorRate < 1%', times(3, { latenciesMs: [1, 1, 1, 1], errors: 1 }), false, 25],
    ['errorRate <= 25%', times(3, { latenciesMs: [1, 1, 1, 1], errors: 1 }), true, 25],
    ['rate >= 3', times(3, { latenciesMs: [1, 1, 1, 1], errors: 1 }), true, 3],
    ['rate > 3', times(3, { latenciesMs: [1, 1, 1, 1], errors: 1 }), false, 3],
  ])('%s over the whole phase', (expression, fed, passed, observed) => {
    const { evaluator, breaches } = feed([parseThreshold(expression)], fed);
    expect(breaches).toEqual([]);
    const [result] = evaluator.results(null);
    expect(result!.passed).toBe(passed);
    expect(result!.observed).toBeCloseTo(observed, -Math.log10(observed * 0.01));
    expect(result!.breachedAtSecond).toBeNull();
  });

  it('judges the balance of the whole phase by the score that it is given', () => {
    const { evaluator } = feed([parseThreshold('balance >= 95')], times(3, { ...FAST, balance: 10 }));
    expect(evaluator.results(96)[0]).toMatchObject({ observed: 96, passed: true });
    expect(evaluator.results(94.9)[0]).toMatchObject({ observed: 94.9, passed: false });
  });

  it('never passes when there is nothing to judge', () => {
    const thresholds = ['p99 < 500', 'errorRate < 1', 'balance >= 0', 'rate >= 0'].map(parseThreshold);
    for (const { observed, passed } of new ThresholdEvaluator(thresholds).results(null)) {
      expect({ observed, passed }).toEqual({ observed: null, passed: false });
    }
  });
});

describe('a threshold with a window', () => {
  it('waits until the window is full', () => {
    const { breaches } = feed([parseThreshold('p50 < 500 over 5s')], times(4, SLOW));
    expect(breaches).toEqual([]);
  });

  it('counts a breach in the second in which the window breaks the limit, once', () => {
    const threshold = parseThreshold('p50 < 500 over 4s, abort');
    const { evaluator, breaches } = feed([threshold], [...times(10, FAST), ...times(10, SLOW)], 5);
    // The median of 4 s is slow from the third slow second on: 8 fast and 8 slow ones leave the median fast.
    expect(breaches.map((breach) => breach.second)).toEqual([17]);
    expect(breaches[0]!.threshold).toBe(threshold);
    expect(breaches[0]!.sentence).toBe('p50 is 897 ms, which breaks "p50 < 500 ms over 4 s"');
    expect(evaluator.results(null)[0]).toMatchObject({ passed: false, breachedAtSecond: 17 });
  });

  it('forgets what left the window', () => {
    const { evaluator, breaches } = feed(
      [parseThreshold('max < 500 over 3s'), parseThreshold('max < 500 over 3s for 3s')],
      [...times(5, FAST), SLOW, ...times(9, FAST)]
    );
    // One slow second stays in a 3 s window for three windows: in breach at 5, 6 and 7, that is for 2 s.
    expect(breaches.map((breach) => [breach.threshold.forSeconds, breach.second])).toEqual([[undefined, 5]]);
    expect(evaluator.results(null).map((result) => result.passed)).toEqual([false, true]);
  });

  it('holds for exactly forSeconds', () => {
    const slowFor = (n: number) =>
      feed([parseThreshold('max < 500 over 1s for 3s')], [...times(5, FAST), ...times(n, SLOW), FAST]).breaches;
    expect(slowFor(3)).toEqual([]);
    expect(slowFor(4).map((breach) => breach.second)).toEqual([8]);
  });

  it('shows the worst value that lasted', () => {
    const values = [10, 300, 20, 200, 210, 220, 10];
    const { evaluator } = feed(
      [parseThreshold('max < 500 over 1s'), parseThreshold('max < 500 over 1s for 2s')],
      values.map((ms) => ({ latenciesMs: [ms] }))
    );
    expect(evaluator.results(null).map((result) => result.observed)).toEqual([300, 200]);
  });

  it('works the other way round for a lower limit', () => {
    const scores = [99, 98, 90, 99, 91, 92, 93, 99];
    const { evaluator, breaches } = feed(
      [parseThreshold('balance >= 95 over 10s for 2s'), parseThreshold('balance >= 95 over 1s for 2s')],
      scores.map((balance) => ({ ...FAST, balance }))
    );
    expect(breaches.map((breach) => breach.second)).toEqual([6]);
    expect(evaluator.results(97).map((result) => [result.passed, result.observed])).toEqual([
      [true, 97],
      [false, 93],
    ]);
  });

  it('takes a window without a value neither for a breach nor for an end of one', () => {
    const silent: Fed = { latenciesMs: [] };
    const { breaches } = feed(
      [parseThreshold('p99 < 500 over 1s for 2s')],
      [SLOW, silent, silent, silent, SLOW, FAST, SLOW, SLOW, silent, SLOW]
    );
    expect(breaches.map((breach) => breach.second)).toEqual([9]);
  });

  it('judges the whole phase when no window was ever full', () => {
    const { evaluator } = feed([parseThreshold('p99 < 500 over 60s')], times(5, SLOW));
    expect(evaluator.results(null)[0]).toMatchObject({ passed: false, breachedAtSecond: null });
  });
});

it('agrees with merging every window anew, for many windows at once', () => {
  const random = new Random(41);
  const lengths = [1, 2, 3, 7, 20, 60];
  const thresholds = lengths.flatMap((length) => [
    parseThreshold(`p90 < 100 over ${length}s`),
    parseThreshold(`errorRate < 30 over ${length}s for 2s`),
  ]);
  const fed: Fed[] = Array.from({ length: 150 }, () => {
    const latenciesMs = Array.from({ length: random.below(20) }, () => random.exponential() * 45);
    return { latenciesMs, errors: random.below(latenciesMs.length + 1) };
  });
  const expected: [number, number][] = [];
  for (const [index, threshold] of thresholds.entries()) {
    const length = threshold.overSeconds!;
    let row = 0;
    for (let at = length - 1; at < fed.length; at++) {
      const window = fed.slice(at - length + 1, at + 1);
      const latencies = window.flatMap((one) => one.latenciesMs).sort((a, b) => a - b);
      if (latencies.length === 0) continue;
      const errors = window.reduce((sum, one) => sum + one.errors!, 0);
      const value =
        threshold.metric === 'p90'
          ? latencies[Math.ceil(0.9 * latencies.length) - 1]!
          : (100 * errors) / latencies.length;
      row = value < threshold.value ? 0 : row + 1;
      if (row === (threshold.forSeconds ?? 0) + 1) {
        expected.push([index, at]);
        break;
      }
    }
  }
  const { breaches } = feed(thresholds, fed);
  const found = breaches.map((breach): [number, number] => [thresholds.indexOf(breach.threshold), breach.second]);
  expect(found.length).toBeGreaterThan(4);
  expect(found.sort()).toEqual(expected.sort());
});

it('keeps nothing of the histograms that it is fed', () => {
  const reused = new Histogram();
  const evaluator = new ThresholdEvaluator([parseThreshold('max < 500 over 3s')]);
  for (let at = 0; at < 6; at++) {
    reused.reset();
    reused.record(at === 1 ? 900_000 : 1000);
    const breaches = evaluator.add({ second: at, response: reused, completed: 1, errors: 0, balanceOver: () => null });
    expect(breaches.length).toBe(at === 2 ? 1 : 0);
  }
});

describe('what came after the phase', () => {
  const late = (ms: number, count: number, isCutOff: boolean) => {
    const response = new Histogram();
    for (let i = 0; i < count; i++) response.record(ms * 1000);
    return isCutOff
      ? { response, completed: 0, errors: 0, cutOff: response }
      : { response, completed: count, errors: 0, cutOff: new Histogram() };
  };
  /** Six seconds of four fast requests each, then `count` that lasted `ms` or were cut off at that age. */
  const judged = (expression: string, ms: number, { count = 4, isCutOff = true } = {}) => {
    const { evaluator } = feed([parseThreshold(expression)], times(6, FAST));
    evaluator.addDrained(late(ms, count, isCutOff));
    const { passed, observed } = evaluator.results(null)[0]!;
    return passed ? 'met' : observed === null ? 'not judged' : 'missed';
  };

  it.each([
    ['p95 < 500ms', 5000, 'missed'],
    ['p95 < 500ms over 3s', 5000, 'missed'],
    ['max < 500ms', 5000, 'missed'],
    // Four of 28, or of 16: the median is that of the others, however long these would have lasted.
    ['p50 < 500ms', 5000, 'met'],
    ['p50 < 500ms over 3s', 5000, 'met'],
    // They lasted 400 ms at least, and nobody knows how long in truth.
    ['p95 < 500ms', 400, 'not judged'],
    ['p95 < 500ms over 3s', 400, 'not judged'],
    ['max < 500ms', 400, 'not judged'],
    ['mean < 500ms', 400, 'not judged'],
    ['errorRate < 1%', 400, 'not judged'],
    ['errorRate < 20%', 400, 'met'],
    ['p50 > 5ms', 5000, 'met'],
    ['p50 > 50ms', 5000, 'missed'],
    ['p95 > 50ms', 5000, 'met'],
    ['p95 > 6s', 5000, 'not judged'],
    ['p95 < 500ms over 60s', 5000, 'missed'],
    // A moment cannot show that a breach lasted.
    ['p95 < 500ms over 3s for 2s', 5000, 'met'],
  ])('requests that were cut off: %s, at the age of %d ms, is %s', (expression, ms, outcome) => {
    expect(judged(expression, ms)).toBe(outcome);
  });

  it.each([
    ['p95 < 500ms', 5000, 'missed'],
    ['p95 < 500ms', 400, 'met'],
    ['max < 500ms over 3s', 400, 'met'],
    ['errorRate <= 0', 400, 'met'],
  ])('late answers are known: %s, after %d ms, is %s', (expression, ms, outcome) => {
    expect(judged(expression, ms, { isCutOff: false })).toBe(outcome);
  });

  it('is not judged when everything was cut off', () => {
    const evaluator = new ThresholdEvaluator([parseThreshold('p99 < 9s'), parseThreshold('errorRate < 1%')]);
    evaluator.addDrained(late(2000, 40, true));
    expect(evaluator.results(null).map(({ observed }) => observed)).toEqual([null, null]);
  });
});
