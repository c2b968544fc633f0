import type { Stage } from '@evenkeel/contract/scenario';
import { spikeRecoverySchema } from '@evenkeel/contract/spikeRecovery';
import { Histogram } from '../histogram/histogram.ts';
import { Random } from '../random/random.ts';
import { ArrivalSchedule } from '../schedule/arrivalSchedule.ts';
import { type RecoveryPoint, spikeRecovery, spikeSpan } from './spikeRecovery.ts';

const stage = (from: number, to: number, durationSeconds: number): Stage => ({ from, to, durationSeconds });

describe('the spike of a profile', () => {
  it.each<[string, Stage[], { from: number; to: number } | null]>([
    ['a jump and back', [stage(100, 100, 20), stage(300, 300, 10), stage(100, 100, 30)], { from: 20, to: 30 }],
    ['ramps up and down', [stage(100, 100, 20), stage(100, 300, 10), stage(300, 100, 10)], { from: 20.25, to: 39.75 }],
    [
      'two peaks',
      [stage(10, 10, 9), stage(30, 30, 1), stage(10, 10, 5), stage(20, 20, 5), stage(10, 10, 9)],
      { from: 9, to: 20 },
    ],
    ['nearly the same base', [stage(100, 100, 20), stage(300, 300, 10), stage(104, 104, 30)], { from: 20, to: 30 }],
    ['no way back', [stage(100, 100, 20), stage(300, 300, 10)], null],
    ['another base afterwards', [stage(100, 100, 20), stage(300, 300, 10), stage(50, 50, 9)], null],
    ['no spike', [stage(100, 100, 20), stage(100, 104, 10)], null],
    ['a dip', [stage(100, 100, 20), stage(10, 10, 10), stage(100, 100, 20)], null],
    ['nothing before', [stage(0, 300, 20), stage(300, 0, 10)], null],
  ])('%s', (_name, stages, span) => {
    const found = spikeSpan(stages);
    if (span === null) expect(found).toBeNull();
    else {
      expect(found!.from).toBeCloseTo(span.from, 9);
      expect(found!.to).toBeCloseTo(span.to, 9);
    }
  });
});

/** What a queue with `servers` shows second by second: each request takes 1 / mu once it is its turn. */
function observe(stages: readonly Stage[], servers: number, capacity: number, random?: Random): RecoveryPoint[] {
  const schedule = new ArrivalSchedule(stages);
  const free = new Float64Array(servers);
  const seconds = Array.from({ length: Math.ceil(schedule.durationSeconds) }, () => new Histogram());
  for (let n = 0; n < schedule.total; n++) {
    const at = schedule.timeOf(n);
    let server = 0;
    for (let i = 1; i < servers; i++) if (free[i]! < free[server]!) server = i;
    const done = Math.max(at, free[server]!) + (servers / capacity) * (random?.exponential() ?? 1);
    free[server] = done;
    seconds[Math.floor(done)]?.record((done - at) * 1e6);
  }
  return seconds.map((response, second) => ({
    second,
    seconds: 1,
    completedRate: response.count,
    errorRate: 0,
    p95Ms: response.summary().p95,
  }));
}

/** Base, peak, seconds of the peak, capacity. */
const CASES = [
  [200, 600, 20, 500],
  [200, 600, 10, 400],
  [100, 300, 10, 200],
  [100, 300, 15, 290],
  [50, 500, 5, 220],
  [300, 900, 10, 610],
  [100, 1000, 3, 333],
] as const;

/** The queue grows by peak - capacity a second and drains by capacity - base. */
const drainSeconds = (base: number, peak: number, hold: number, capacity: number) =>
  ((peak - capacity) * hold) / (capacity - base);

describe('the recovery time', () => {
  it.each(CASES)(
    'base %d, peak %d for %d s, capacity %d: within 1 s of the queue that drains',
    (base, peak, hold, capacity) => {
      const stages = [stage(base, base, 15), stage(peak, peak, hold), stage(base, base, 60)];
      const drained = drainSeconds(base, peak, hold, capacity);
      const recovery = spikeRecoverySchema.parse(spikeRecovery(observe(stages, 4, capacity), spikeSpan(stages)!));
      expect(recovery.recoverySeconds!).toBeGreaterThanOrEqual(drained - 0.05);
      expect(recovery.recoverySeconds!).toBeLessThanOrEqual(drained + 1);
    }
  );

  it('stays within 1 s of the analytic time on average, and within 2 s each time, when service times are random', () => {
    const misses: number[] = [];
    for (let seed = 1; seed <= 10; seed++) {
      for (const [base, peak, hold, capacity] of CASES.slice(0, 2)) {
        const stages = [stage(base, base, 15), stage(peak, peak, hold), stage(base, base, 40)];
        const points = observe(stages, 16, capacity, new Random(seed));
        const found = spikeRecovery(points, spikeSpan(stages)!).recoverySeconds!;
        misses.push(found - drainSeconds(base, peak, hold, capacity));
      }
    }
    expect(Math.max(...misses.map(Math.abs))).toBeLessThan(2);
    expect(Math.abs(misses.reduce((sum, miss) => sum + miss, 0) / misses.length)).toBeLessThan(1);
  });

  it('is 0 for a service that the spike did not move', () => {
    const stages = [stage(100, 100, 15), stage(300, 300, 10), stage(100, 100, 20)];
    const recovery = spikeRecovery(observe(stages, 4, 1000), spikeSpan(stages)!);
    expect(recovery.recoverySeconds).toBe(0);
    expect(recovery.sentence).toBe('The spike left no mark: p95 was 3.98 ms before and 4 ms at worst.');
  });

  const plain = (second: number, p95Ms: number | null = 10, errorRate = 0): RecoveryPoint => ({
    second,
    seconds: 1,
    completedRate: p95Ms === null ? 0 : 100,
    errorRate,
    p95Ms,
  });
  const span = { from: 10, to: 20 };
  const points = (after: (number | null)[], errors: number[] = []) => [
    ...Array.from({ length: 10 }, (_, second) => plain(second)),
    ...Array.from({ length: 10 }, (_, i) => plain(10 + i, 500)),
    ...after.map((p95, i) => plain(20 + i, p95, errors[i] ?? 0)),
  ];

  it('is not over when the service only looks normal for a moment', () => {
    const recovery = spikeRecovery(points([500, 10, 10, 500, 500, 10, 10, 10, 10, 10, 10]), span);
    expect(recovery.recoverySeconds).toBe(5);
    expect(recovery.sentence).toBe('Back to normal 5 s after the spike: p95 was 10 ms before and 500 ms at worst.');
  });

  it('counts from the end of the spike, also when the service only suffers then', () => {
    const late = points([500, 500, 500, 10, 10, 10, 10, 10]).map((point) =>
      point.second < 20 ? { ...point, p95Ms: 10 } : point
    );
    expect(spikeRecovery(late, span).recoverySeconds).toBe(3);
  });

  it('is not put off by one slow second in five', () => {
    expect(spikeRecovery(points([500, 10, 10, 500, 10, 10, 10, 10]), span).recoverySeconds).toBe(1);
  });

  it('takes a second for normal when two before the spike were as slow, and not for one', () => {
    const after = [500, 20, 20, 20, 20, 10, 10, 10, 10, 10, 10];
    const before = (...slow: number[]) =>
      points(after).map((point) => (slow.includes(point.second) ? { ...point, p95Ms: 20 } : point));
    expect(spikeRecovery(before(), span).recoverySeconds).toBe(5);
    expect(spikeRecovery(before(3), span).recoverySeconds).toBe(5);
    expect(spikeRecovery(before(3, 7), span)).toMatchObject({ recoverySeconds: 1, limitP95Ms: 20 });
  });

  it('waits for errors to end, and for answers to come at all', () => {
    const fine = [10, 10, 10, 10, 10, 10, 10, 10, 10];
    expect(spikeRecovery(points(fine, [50, 50, 1]), span).recoverySeconds).toBe(2);
    expect(spikeRecovery(points([null, null, ...fine]), span).recoverySeconds).toBe(2);
  });

  it('says when the service was not back in time', () => {
    const recovery = spikeRecovery(points([500, 400, 300, 200, 10, 10]), span);
    expect(recovery.recoverySeconds).toBeNull();
    expect(recovery.sentence).toMatch(/^Not back to normal within 6 s after the spike/);
  });

  it('says when it cannot know what normal is', () => {
    const recovery = spikeRecovery(points([10, 10, 10, 10, 10]).slice(6), span);
    expect(recovery).toMatchObject({ recoverySeconds: null, baselineP95Ms: null, worstP95Ms: 500 });
    expect(recovery.sentence).toContain('there were 4');
  });
});
