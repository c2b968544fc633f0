import { timelinePoint } from '../testTimeline.ts';
import { phaseSpans, timeAxis } from './chartSeries.ts';
import { runCharts } from './runSeries.ts';

const timelineOf = (seconds: number) => Array.from({ length: seconds }, (_, second) => timelinePoint({ second }));

describe("a run's time axis", () => {
  test('neighbouring seconds of one phase are one span', () => {
    const timeline = [
      timelinePoint({ second: 0, phase: 'warming' }),
      timelinePoint({ second: 1, phase: 'warming' }),
      timelinePoint({ second: 2, seconds: 5 }),
      timelinePoint({ second: 7, phase: 'draining' }),
    ];
    expect(phaseSpans(timeline)).toEqual([
      { phase: 'warming', from: 0, to: 2 },
      { phase: 'measuring', from: 2, to: 7 },
      { phase: 'draining', from: 7, to: 8 },
    ]);
  });

  test('a short run is drawn on its whole axis from the start', () =>
    expect(timeAxis(timelineOf(3), [], 65).end).toBe(65));

  test('a long run grows with the time, and never beyond its plan', () => {
    expect(timeAxis(timelineOf(3), [], 600).end).toBe(60);
    expect(timeAxis(timelineOf(200), [], 600).end).toBe(209);
    expect(timeAxis(timelineOf(599), [], 600).end).toBe(600);
  });

  test('a run that is over ends where it ended', () => {
    expect(timeAxis(timelineOf(30), [], null).end).toBe(29);
    expect(timeAxis([], [], null).end).toBe(1);
  });
});

describe("a run's charts", () => {
  const series = (timeline: Parameters<typeof runCharts>[0], id: string) =>
    runCharts(timeline).find((chart) => chart.id === id)!.series;

  test('the band of the score has its upper edge first', () =>
    expect(series(timelineOf(1), 'score').map((one) => [one.style, one.values[0]])).toEqual([
      ['line', 98],
      ['band-high', 99],
      ['band-low', 97],
    ]));

  test('dropped requests and users appear only in runs that have them', () => {
    const plain = [timelinePoint({})];
    const full = [timelinePoint({ dropped: 4, seconds: 2, users: 20 })];
    expect(series(plain, 'errors')).toHaveLength(1);
    expect(series(plain, 'inFlight')).toHaveLength(1);
    expect(series(full, 'errors')[1]).toMatchObject({ label: 'dropped', values: [2] });
    expect(series(full, 'inFlight')[1]).toMatchObject({ label: 'users', values: [20] });
  });
});
