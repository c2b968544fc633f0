import fc from 'fast-check';
import { type BalanceSecond, BalanceWindow } from './balanceWindow.ts';
import { LiveWindow } from './liveWindow.ts';
import { secondFake } from './secondFake.ts';

function recomputed(seconds: readonly BalanceSecond[]) {
  const window = new BalanceWindow();
  for (const second of seconds) window.add(second);
  return window.totals();
}

test('is the balance of the last seconds, whatever came before', () => {
  const pod = fc.record({
    pod: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    decisions: fc.nat(50),
    eligible: fc.boolean(),
    // Powers of two, so that the order of additions makes no difference.
    weight: fc.constantFrom(1, 1, 2, 4),
  });
  const second = fc
    .tuple(fc.uniqueArray(pod, { selector: (p) => p.pod }), fc.nat(5), fc.nat(5), fc.boolean())
    .map(([pods, unattributed, unanswered, counts]) => secondFake(pods, { unattributed, unanswered, counts }));
  fc.assert(
    fc.property(fc.array(second, { maxLength: 40 }), fc.integer({ min: 1, max: 9 }), (seconds, length) => {
      const live = new LiveWindow(length);
      seconds.forEach((each, at) => {
        live.add(each);
        const expected = recomputed(seconds.slice(Math.max(0, at + 1 - length), at + 1));
        const { pods, ...rest } = live.totals();
        const { pods: expectedPods, ...expectedRest } = expected;
        expect(rest).toEqual(expectedRest);
        expect(pods).toHaveLength(expectedPods.length);
        pods.forEach((pod, index) => {
          const other = expectedPods[index]!;
          expect({ ...pod, expected: 0, variance: 0, expectedWorkMicroseconds: 0 }).toEqual({
            ...other,
            expected: 0,
            variance: 0,
            expectedWorkMicroseconds: 0,
          });
          expect(pod.expected).toBeCloseTo(other.expected, 9);
          expect(pod.variance).toBeCloseTo(other.variance, 9);
          expect(pod.expectedWorkMicroseconds).toBeCloseTo(other.expectedWorkMicroseconds, 4);
        });
      });
    }),
    { seed: 5, numRuns: 60 }
  );
});

test('does not drift: after an hour of uneven weights it is what the last minute alone gives', () => {
  const seconds = Array.from({ length: 3600 }, (_, i) =>
    secondFake([
      { decisions: 1_000_000 + i, weight: 0.1 },
      { decisions: (i * 7919) % 1000, weight: 0.7 },
      { decisions: 1, weight: 1 / 3 },
    ])
  );
  const live = new LiveWindow();
  for (const second of seconds) live.add(second);
  const expected = recomputed(seconds.slice(-60)).pods;
  live.totals().pods.forEach((pod, index) => {
    expect(Math.abs(pod.expected / expected[index]!.expected - 1)).toBeLessThan(1e-13);
  });
});

test('a second that does not count takes its place in time', () => {
  const live = new LiveWindow(3);
  live.add(secondFake([1, 2]));
  for (let i = 0; i < 3; i++) live.add(secondFake([5, 5], { counts: false }));
  expect(live.totals()).toMatchObject({ requests: 0, countedSeconds: 0 });
});

test('forgets pods that are gone for longer than its length', () => {
  const live = new LiveWindow(2);
  live.add(secondFake([1, 2, 3]));
  live.add(secondFake([1]));
  expect(live.totals().pods).toHaveLength(3);
  live.add(secondFake([1]));
  expect(live.totals().pods.map((pod) => pod.pod)).toEqual(['pod-0']);
});

test.each([0, -1, 1.5])('a length of %d is refused', (seconds) => {
  expect(() => new LiveWindow(seconds)).toThrow(RangeError);
});
