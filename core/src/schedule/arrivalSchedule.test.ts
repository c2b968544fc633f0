import type { Stage } from '@evenkeel/contract/scenario';
import fc from 'fast-check';
import { ArrivalCursor } from './arrivalCursor.ts';
import { ArrivalSchedule } from './arrivalSchedule.ts';

const stage = (from: number, to: number, durationSeconds: number): Stage => ({ from, to, durationSeconds });

function walked(schedule: ArrivalSchedule, worker = 0, workers = 1): number[] {
  const cursor = new ArrivalCursor(schedule, worker, workers);
  const times: number[] = [];
  for (; cursor.due !== Number.POSITIVE_INFINITY; cursor.advance()) times.push(cursor.due);
  return times;
}

describe('ArrivalSchedule', () => {
  test.each([
    ['constant', [stage(4, 4, 1)], [0, 0.25, 0.5, 0.75]],
    ['ramp up from zero: t = sqrt(2n / slope)', [stage(0, 4, 2)], [0, 1, Math.SQRT2, Math.sqrt(3)]],
    ['ramp down to zero', [stage(4, 0, 2)], [0, 2 - Math.sqrt(3), 2 - Math.SQRT2, 1]],
    ['step', [stage(2, 2, 1), stage(4, 4, 0.5)], [0, 0.5, 1, 1.25]],
    ['zero first: nothing before the rate is positive', [stage(0, 0, 3), stage(2, 2, 1)], [3, 3.5]],
    ['pause in the middle', [stage(1, 1, 2), stage(0, 0, 5), stage(1, 1, 2)], [0, 1, 7, 8]],
    ['a jump by a stage without length', [stage(1, 1, 1), stage(5, 9, 0), stage(2, 2, 1)], [0, 1, 1.5]],
    ['a fraction carries over the border', [stage(1.5, 1.5, 1), stage(1, 1, 1.5)], [0, 1 / 1.5, 1.5]],
    ['a last fraction is still a request', [stage(1, 1, 1.5)], [0, 1]],
    ['only zero', [stage(0, 0, 10)], []],
  ])('%s', (_name, stages, expected) => {
    const schedule = new ArrivalSchedule(stages);
    expect(schedule.total).toBe(expected.length);
    const times = walked(schedule);
    expect(times).toHaveLength(expected.length);
    for (const [n, time] of expected.entries()) {
      expect(times[n]).toBeCloseTo(time, 12);
      expect(schedule.timeOf(n)).toBe(times[n]);
    }
    expect(schedule.timeOf(expected.length)).toBe(Number.POSITIVE_INFINITY);
  });

  test('every second of a constant rate holds exactly that many requests', () => {
    const schedule = new ArrivalSchedule([stage(1000, 1000, 30)]);
    expect(schedule.total).toBe(30_000);
    for (let second = 0; second < 30; second++) {
      expect(schedule.dueBefore(second + 1) - schedule.dueBefore(second)).toBe(1000);
    }
    expect(schedule.timeOf(29_999)).toBeCloseTo(29.999, 9);
  });

  test('decimal stages add up to the requests that a person would count', () => {
    const tenths = Array.from({ length: 10 }, () => stage(3, 3, 0.1));
    expect(new ArrivalSchedule(tenths).total).toBe(3);
    expect(new ArrivalSchedule([stage(0.1, 0.1, 30), stage(0.2, 0.2, 35)]).total).toBe(10);
  });

  test('rateAt: the rate behind a jump, 0 outside', () => {
    const schedule = new ArrivalSchedule([stage(0, 10, 10), stage(50, 50, 5)]);
    expect([-1, 0, 5, 9.5, 10, 14.9, 15].map((t) => schedule.rateAt(t))).toEqual([0, 0, 5, 9.5, 50, 50, 0]);
    expect(schedule.durationSeconds).toBe(15);
  });

  const anyStages = fc.array(
    fc.record({
      from: fc.integer({ min: 0, max: 200 }),
      to: fc.integer({ min: 0, max: 200 }),
      durationSeconds: fc.integer({ min: 0, max: 30 }).map((tenths) => tenths / 10),
    }),
    { minLength: 1, maxLength: 6 }
  );

  test('dueBefore counts exactly the times that lie before, and the times never go back', () => {
    fc.assert(
      fc.property(anyStages, fc.array(fc.double({ min: 0, max: 20, noNaN: true }), { maxLength: 20 }), (stages, at) => {
        const schedule = new ArrivalSchedule(stages);
        const times = walked(schedule);
        expect(times).toHaveLength(schedule.total);
        // One claim for all of them: a million small ones would take most of the time.
        expect(times.findIndex((time, n) => n > 0 && time < times[n - 1]!)).toBe(-1);
        for (const t of at) {
          // Within rounding of a due time both sides are right.
          if (times.some((time) => Math.abs(time - t) < 1e-6)) continue;
          expect(schedule.dueBefore(t)).toBe(times.filter((time) => time < t).length);
        }
      }),
      { numRuns: 300, seed: 7 }
    );
  });

  test('the shares of all workers are the schedule, each request exactly once', () => {
    fc.assert(
      fc.property(anyStages, fc.integer({ min: 1, max: 7 }), (stages, workers) => {
        const schedule = new ArrivalSchedule(stages);
        const shares = Array.from({ length: workers }, (_, worker) => walked(schedule, worker, workers));
        expect(shares.flat().sort((a, b) => a - b)).toEqual(walked(schedule));
        const sizes = shares.map((share) => share.length);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      }),
      { numRuns: 200, seed: 8 }
    );
  });
});
