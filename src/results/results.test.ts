import type { Report } from '@evenkeel/contract/report';
import type { RunSummary } from '@evenkeel/contract/runSummary';
import { timelinePoint } from '../components/testTimeline.ts';
import { comparedAxis, comparedCharts } from './compare/comparisonSeries.ts';
import { deltaText } from './compare/metricLook.ts';
import { compareOrder } from './history/compareOrder.ts';
import { isFiltered, nextSort, readView, runQueryOf, writeView } from './history/historyQuery.ts';
import { dashboardPath } from './run/dashboardPath.ts';
import { labelsOfTags, labelTags } from './run/labelsText.ts';

describe("the history's address", () => {
  test('says what is shown, and nothing when that is everything', () => {
    const everything = readView(new URLSearchParams());
    expect(isFiltered(everything)).toBe(false);
    expect(Object.values(writeView(everything)).every((value) => value === null)).toBe(true);
  });

  test('survives being written and read', () => {
    const text = 'text=spike&target=t1&kind=spike&state=broken&label=build%3A7&baseline=true&sort=-p99&page=3';
    const view = readView(new URLSearchParams(text));
    const written = Object.entries(writeView(view)).filter((entry): entry is [string, string] => entry[1] !== null);
    expect(readView(new URLSearchParams(written))).toEqual(view);
    expect(runQueryOf(view)).toMatchObject({ state: ['aborted', 'failed', 'interrupted'], offset: 50, sort: '-p99' });
  });

  test('nonsense in it is left out', () =>
    expect(
      readView(new URLSearchParams('target=../x&kind=no&state=toString2&label=x&sort=name&page=-1'))
    ).toMatchObject({
      targetId: null,
      kind: null,
      state: null,
      label: null,
      sort: '-createdAt',
      page: 1,
    }));

  test('a click on a column sorts downwards first, then upwards', () => {
    expect(nextSort('-createdAt', 'p99')).toBe('-p99');
    expect(nextSort('-p99', 'p99')).toBe('p99');
    expect(nextSort('p99', 'p99')).toBe('-p99');
  });
});

describe('two chosen runs', () => {
  const run = (id: string, createdAt: number, baseline = false, hasResult = true) =>
    ({ id, createdAt, baseline, result: hasResult ? {} : null }) as RunSummary;

  test('the older one is the baseline, unless the other one is marked', () => {
    expect(compareOrder(['b', 'a'], [run('a', 1), run('b', 2)])).toEqual({ baseline: 'a', candidate: 'b' });
    expect(compareOrder(['a', 'b'], [run('a', 1), run('b', 2, true)])).toEqual({ baseline: 'b', candidate: 'a' });
  });

  test('one run, or one without a result, cannot be compared', () => {
    expect(compareOrder(['a'], [run('a', 1)])).toBeNull();
    expect(compareOrder(['a', 'b'], [run('a', 1), run('b', 2, false, false)])).toBeNull();
  });
});

describe('two timelines on one axis', () => {
  const report = (timeline: Report['timeline']) => ({ timeline }) as Report;
  const long = report([0, 1, 2].map((second) => timelinePoint({ second, p95Ms: 10 + second })));
  const thinned = report([timelinePoint({ second: 0, seconds: 2, p95Ms: 50 })]);

  test('every second of either is on it, and a thinned point covers all of its seconds', () => {
    const axis = comparedAxis(long, thinned);
    expect(axis).toMatchObject({ seconds: [0, 1, 2], end: 2 });
    const [baseline, candidate] = comparedCharts(long, thinned, axis.seconds).find(
      ({ title }) => title === 'p95 latency'
    )!.series;
    expect(baseline!.values).toEqual([10, 11, 12]);
    expect(candidate!.values).toEqual([50, 50, null]);
  });
});

test('differences carry their sign, and percentages are points', () => {
  expect(deltaText('p95Ms', -3.1)).toBe('−3.10 ms');
  expect(deltaText('errorRatePercent', 0.5)).toBe('+0.50 points');
  expect(deltaText('scorePercent', 0)).toBe('±0.0');
  expect(deltaText('scorePercent', null)).toBe('–');
});

test('labels survive being tags; what is no label is named', () => {
  expect(labelsOfTags(labelTags({ build: '7', url: 'a=b' }))).toEqual({ build: '7', url: 'a=b' });
  expect(labelsOfTags(['nothing'])).toMatch(/"nothing" is not a label/);
  expect(typeof labelsOfTags(['bad name=1'])).toBe('string');
});

test("the dashboard opens at the run's time", () => {
  const target = { id: 'embedded' };
  expect(dashboardPath({ startedAt: null, endedAt: null, target })).toBeNull();
  expect(dashboardPath({ startedAt: 100_000, endedAt: 160_000, target })).toBe(
    '/d/evenkeel-run?from=85000&to=175000&var-target=embedded'
  );
  expect(dashboardPath({ startedAt: 100_000, endedAt: null, target })).toMatch(/to=now/);
});
