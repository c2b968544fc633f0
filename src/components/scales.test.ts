import { rulerStart } from './rulerStart.ts';
import { scoreAxisStart } from './scoreAxis.ts';
import { timelinePoint } from './testTimeline.ts';

describe('where the scale of the score begins', () => {
  test.each([
    [98, 80],
    [null, 80],
    [83, 80],
    [81, 70],
    [45, 40],
    [0, 0],
  ])('a lowest score of %p gives %p', (lowest, start) => expect(rulerStart(lowest, 95)).toBe(start));

  test('the target is always on it', () => expect(rulerStart(100, 60)).toBe(50));

  test('a dip in the middle of a run is not cut off', () => {
    const timeline = [98, null, 55, 97].map((scorePercent, second) => timelinePoint({ second, scorePercent }));
    expect(scoreAxisStart(timeline, 95)).toBe(50);
  });
});
