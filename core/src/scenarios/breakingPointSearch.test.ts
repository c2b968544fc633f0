import type { StepVerdict } from '@evenkeel/contract/breakingPoint';
import { Random } from '../random/random.ts';
import { BreakingPointSearch, type SearchRange, type WantedStep } from './breakingPointSearch.ts';

const RANGE: SearchRange = { startRate: 50, maxRate: 10_000, precisionPercent: 5 };

/** Plays a search against a target and returns it with the steps that it wanted. */
function play(range: SearchRange, target: (step: WantedStep) => StepVerdict) {
  const search = new BreakingPointSearch(range);
  const steps: WantedStep[] = [];
  for (let step = search.next(); step !== null; step = search.next()) {
    expect(search.outcome).toBe('unfinished');
    steps.push(step);
    search.record(target(step));
    if (steps.length > 60) throw new Error('the search does not end');
  }
  return { search, steps };
}

const takes = (capacity: number) => (step: WantedStep) => (step.rate <= capacity ? 'passed' : 'failed');

it('doubles, bisects, repeats what failed, and confirms', () => {
  const { search, steps } = play({ ...RANGE, precisionPercent: 10 }, takes(330));
  expect(steps.map(({ purpose, rate, repeated }) => `${purpose} ${rate}${repeated ? ' again' : ''}`)).toEqual([
    'doubling 50',
    'doubling 100',
    'doubling 200',
    'doubling 400',
    'doubling 400 again',
    'bisection 283',
    'bisection 336',
    'bisection 336 again',
    'bisection 308',
    'confirmation 293',
  ]);
  expect(search).toMatchObject({ outcome: 'found', lastGoodRate: 308, firstBadRate: 336, confirmedRate: 293 });
});

it.each([51, 52.6, 99, 100, 101, 137.2, 640, 3333, 6399, 9999])(
  'brackets a capacity of %d to 5 %% in at most 20 steps',
  (capacity) => {
    const { search, steps } = play(RANGE, takes(capacity));
    expect(search.outcome).toBe('found');
    expect(search.lastGoodRate!).toBeLessThanOrEqual(capacity);
    expect(search.firstBadRate!).toBeGreaterThan(capacity);
    expect(search.firstBadRate! / search.lastGoodRate!).toBeLessThanOrEqual(1.05);
    expect(search.confirmedRate! / search.lastGoodRate!).toBeCloseTo(0.95, 2);
    expect(steps.length).toBeLessThanOrEqual(20);
  }
);

it('keeps its answer when a step fails once by chance', () => {
  const random = new Random(4);
  const flaky = (step: WantedStep) => (step.rate > 1000 || random.next() < 0.15 ? 'failed' : 'passed');
  const good = Array.from({ length: 200 }, () => play(RANGE, flaky).search.lastGoodRate ?? 0);
  // A false bad rate needs two unlucky steps in a row: 0.15² in each of some ten rates.
  expect(good.filter((rate) => rate > 950 && rate <= 1000).length / good.length).toBeGreaterThan(0.75);
});

it('goes on below a confirmation that failed', () => {
  let confirmations = 0;
  const { search, steps } = play(RANGE, (step) => {
    if (step.purpose !== 'confirmation') return takes(1000)(step);
    // Two full-length runs at the first confirmed rate fail: what ten seconds took, twenty do not.
    return ++confirmations <= 2 ? 'failed' : 'passed';
  });
  expect(search.outcome).toBe('found');
  const confirmed = steps.filter((step) => step.purpose === 'confirmation');
  expect(confirmed.map((step) => step.repeated)).toEqual([false, true, false]);
  expect(search.firstBadRate).toBe(confirmed[0]!.rate);
  expect(search.lastGoodRate!).toBeLessThan(confirmed[0]!.rate);
  expect(search.lastGoodRate!).toBeGreaterThan(confirmed[0]!.rate / 1.06);
});

it('gives up on a target that no confirmation holds for', () => {
  const { search } = play(RANGE, (step) => (step.purpose === 'confirmation' ? 'failed' : takes(1000)(step)));
  expect(search).toMatchObject({ outcome: 'unfinished', confirmedRate: null });
});

it('says when the whole range passed or nothing did', () => {
  const all = play(RANGE, takes(1e9));
  expect(all.search).toMatchObject({ outcome: 'beyond-range', lastGoodRate: 10_000, firstBadRate: null });
  expect(all.steps.at(-1)!.rate).toBe(10_000);
  const none = play(RANGE, takes(0));
  expect(none.search).toMatchObject({ outcome: 'below-range', lastGoodRate: null, firstBadRate: 50 });
  expect(none.steps).toHaveLength(2);
});

describe('when the generator is the limit', () => {
  const generator = (limit: number, capacity: number) => (step: WantedStep) =>
    step.rate > limit ? 'inconclusive' : takes(capacity)(step);

  it('gives a lower bound close below what the generator can do', () => {
    const { search } = play(RANGE, generator(3000, 1e9));
    expect(search.outcome).toBe('lower-bound');
    expect(search.firstBadRate).toBeNull();
    expect(search.lastGoodRate!).toBeGreaterThan(3000 / 1.06);
    expect(search.lastGoodRate!).toBeLessThanOrEqual(3000);
    expect(search.confirmedRate).not.toBeNull();
  });

  it('tries an open rate again at the end, and goes on from there when the machine has time again', () => {
    let steps = 0;
    // Busy with something else from the third to the fifth step, while 200 requests/s are tried.
    const { search } = play(RANGE, (step) => (++steps >= 3 && steps <= 5 ? 'inconclusive' : takes(930)(step)));
    expect(search).toMatchObject({ outcome: 'found', ceilingRate: null });
    expect(search.lastGoodRate!).toBeGreaterThan(930 / 1.06);
    expect(search.lastGoodRate!).toBeLessThanOrEqual(930);
  });

  it('does not try for ever what the generator cannot do', () => {
    const { steps } = play(RANGE, generator(3000, 1e9));
    const tries = new Map<number, number>();
    for (const { rate } of steps) tries.set(rate, (tries.get(rate) ?? 0) + 1);
    expect(Math.max(...tries.values())).toBe(9);
    expect(steps.length).toBeLessThan(35);
  });

  it('still finds a breaking point that lies below', () => {
    const { search } = play(RANGE, generator(3000, 2000));
    expect(search.outcome).toBe('found');
    expect(search.ceilingRate).toBeNull();
    expect(search.lastGoodRate!).toBeLessThanOrEqual(2000);
    expect(search.firstBadRate!).toBeGreaterThan(2000);
  });

  it('takes a moment of weakness below a rate that failed for a gap, and narrows the bracket around it', () => {
    const { search, steps } = play(RANGE, (step) => (step.rate === 951 ? 'inconclusive' : takes(930)(step)));
    expect(steps.filter((step) => step.rate === 951)).toHaveLength(3);
    expect(search).toMatchObject({ outcome: 'found', lastGoodRate: 911, ceilingRate: 951, firstBadRate: 993 });
  });

  it('rises above a gap when the service takes more', () => {
    const { search } = play(RANGE, (step) => (step.rate === 951 ? 'inconclusive' : takes(1100)(step)));
    expect(search).toMatchObject({ outcome: 'found', ceilingRate: null });
    expect(search.lastGoodRate!).toBeGreaterThan(1040);
  });

  it('calls a bracket that stays wide a lower bound', () => {
    const { search } = play(RANGE, (step) =>
      step.rate > 830 && step.rate < 1131 ? 'inconclusive' : takes(1000)(step)
    );
    expect(search).toMatchObject({ outcome: 'lower-bound', lastGoodRate: 800, firstBadRate: 1131 });
  });

  it('gives up when the confirmation cannot be judged', () => {
    const { search, steps } = play(RANGE, (step) =>
      step.purpose === 'confirmation' ? 'inconclusive' : takes(1000)(step)
    );
    expect(search.outcome).toBe('unfinished');
    expect(steps.filter((step) => step.purpose === 'confirmation')).toHaveLength(9);
  });

  it('claims nothing when not even the first step was conclusive', () => {
    const { search } = play(RANGE, generator(10, 1e9));
    expect(search).toMatchObject({ outcome: 'lower-bound', lastGoodRate: null, confirmedRate: null });
  });

  it.each<[StepVerdict[], object]>([
    [['failed', 'inconclusive', 'failed'], { outcome: 'below-range', firstBadRate: 50, ceilingRate: null }],
    [['failed', ...Array<StepVerdict>(6).fill('inconclusive')], { outcome: 'lower-bound', firstBadRate: null }],
    [Array<StepVerdict>(5).fill('inconclusive'), { outcome: 'unfinished' }],
    [['passed', 'inconclusive', 'failed', 'inconclusive', 'inconclusive'], { outcome: 'unfinished', ceilingRate: 100 }],
    [['inconclusive', 'inconclusive', 'passed'], { outcome: 'unfinished', lastGoodRate: 50, ceilingRate: null }],
    [['inconclusive', 'failed', 'inconclusive', 'passed'], { outcome: 'unfinished', lastGoodRate: 50 }],
  ])('settles a rate by two failed or three inconclusive tries, six at the start: %j', (verdicts, expected) => {
    const search = new BreakingPointSearch(RANGE);
    for (const verdict of verdicts) search.record(verdict);
    expect(search).toMatchObject(expected);
  });
});

it.each([
  { startRate: 0, maxRate: 10, precisionPercent: 5 },
  { startRate: 20, maxRate: 10, precisionPercent: 5 },
  { startRate: 1, maxRate: 10, precisionPercent: 0 },
])('refuses %j', (range) => {
  expect(() => new BreakingPointSearch(range)).toThrow('0 < startRate');
});
