import { noCounts } from '@evenkeel/core/run/secondCounts';
import { generatorHealth } from './generatorHealth.ts';
import { MergedSecond } from './secondCodec.ts';

const dropped = (count: number) => ({ ...noCounts(), dropped: count });

function second(change: Partial<MergedSecond>, latenessMs: readonly number[] = [0.5]): MergedSecond {
  const merged = Object.assign(new MergedSecond(), change);
  for (const ms of latenessMs) merged.lateness.record(ms * 1000);
  return merged;
}

test('a healthy second has no reasons', () => {
  expect(
    generatorHealth(second({ utilisation: 0.4, loopDelayP99Ms: 2, longestPauseMs: 9, openConnections: 7 }), 0.5)
  ).toEqual({
    state: 'ok',
    reasons: [],
    eventLoopUtilisation: 0.4,
    eventLoopDelayP99Ms: 2,
    lateness: expect.objectContaining({ count: 1, p99: 0.5 }),
    dropped: 0,
    cpuCores: 0.5,
    openConnections: 7,
  });
});

test.each([
  ['busy', { utilisation: 0.85 }, [0.5], 'strained', 'the event loop was busy for 85 % of the time'],
  ['too busy', { utilisation: 0.99 }, [0.5], 'saturated', 'the event loop was busy for 99 % of the time'],
  ['late', {}, [12], 'strained', '1 % of the requests went out at least 12 ms late'],
  ['too late', {}, [80], 'saturated', '1 % of the requests went out at least 80 ms late'],
  ['delayed', { loopDelayP99Ms: 30 }, [], 'strained', 'the event loop was delayed by 30 ms at its 99th percentile'],
  ['stood still', { longestPauseMs: 400 }, [], 'saturated', 'the event loop stood still for 400 ms'],
  [
    'no descriptors',
    { counts: dropped(5), faults: new Map([['EMFILE', 5]]) },
    [],
    'saturated',
    '5 requests could not be sent',
  ],
])('%s', (_what, change, lateness, state, reason) => {
  const health = generatorHealth(second(change, lateness), 0);
  expect(health.state).toBe(state);
  expect(health.reasons).toEqual([expect.stringContaining(reason)]);
});

test('a slow target that fills the in-flight bound is not called a limit of the generator', () => {
  const health = generatorHealth(second({ counts: dropped(40), utilisation: 0.2 }), 0.3);
  expect(health.state).toBe('strained');
  expect(health.reasons).toEqual([
    expect.stringMatching(/^40 requests were dropped .* waiting for the target; the generator had room/),
  ]);
});

test('drops while the generator is at its limit are not blamed on the target', () => {
  const health = generatorHealth(second({ counts: dropped(40), utilisation: 0.98 }), 1);
  expect(health.state).toBe('saturated');
  expect(health.reasons.join()).toContain('40 requests were dropped while the generator was at its own limit');
  expect(health.reasons.join()).not.toContain('target');
});
