import { Histogram } from '../histogram/histogram.ts';
import type { LoadSecond } from './loadEngine.ts';
import { TIMELINE_POINTS, Timeline } from './timeline.ts';

function second(n: number, change: Partial<LoadSecond> = {}): LoadSecond {
  const response = new Histogram();
  response.record(n % 2 === 0 ? 1000 : 3000);
  return {
    second: n,
    phase: 'measuring',
    offered: 10,
    completed: 10,
    dropped: 1,
    inFlight: n,
    users: null,
    response,
    generator: { state: 'ok' },
    ...change,
  } as LoadSecond;
}

describe('Timeline', () => {
  test('keeps every second of an ordinary run', () => {
    const timeline = new Timeline();
    for (let n = 0; n < TIMELINE_POINTS; n++) timeline.add(second(n), 0, null);
    expect(timeline.points()).toHaveLength(TIMELINE_POINTS);
    expect(timeline.points()[7]).toMatchObject({ second: 7, seconds: 1, offeredRate: 10, inFlight: 7 });
  });

  test('thins a long run by merging, loses no request and stays bounded', () => {
    const timeline = new Timeline();
    const seconds = 10_000;
    for (let n = 0; n < seconds; n++) timeline.add(second(n), 2, null);
    const points = timeline.points();
    expect(points.length).toBeLessThanOrEqual(TIMELINE_POINTS);
    expect(points.reduce((sum, p) => sum + p.seconds, 0)).toBe(seconds);
    expect(points.reduce((sum, p) => sum + p.offeredRate * p.seconds, 0)).toBeCloseTo(seconds * 10);
    expect(points.reduce((sum, p) => sum + p.dropped, 0)).toBe(seconds);
    expect(points[0]).toMatchObject({ second: 0, errorRate: 2 });
    // Half of a merged point took 1 ms and half 3 ms: the median is one of them, never their average.
    expect(points[0]!.p50Ms).toBeCloseTo(1, 1);
    expect(points[0]!.p99Ms).toBeCloseTo(3, 1);
  });

  test('never merges across phases and keeps the worse generator state', () => {
    const timeline = new Timeline();
    for (let n = 0; n < 700; n++) {
      const state = n === 6 ? 'saturated' : 'ok';
      timeline.add(
        second(n, { phase: n < 5 ? 'warming' : 'measuring', generator: { state } as LoadSecond['generator'] }),
        0,
        null
      );
    }
    const points = timeline.points();
    expect(points.filter((p) => p.phase === 'warming').reduce((sum, p) => sum + p.seconds, 0)).toBe(5);
    expect(points.filter((p) => p.generator === 'saturated')).toHaveLength(1);
  });
});
