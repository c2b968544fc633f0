import fc from 'fast-check';
import { BalanceWindow, PodRows } from './balanceWindow.ts';
import { secondFake } from './secondFake.ts';

function totalsOf(...seconds: Parameters<BalanceWindow['add']>[0][]) {
  const window = new BalanceWindow();
  for (const second of seconds) window.add(second);
  return window.totals();
}

test('equal pods are each expected to get the same, with the variance of a fair choice', () => {
  const { pods, requests, countedSeconds, mostEligible } = totalsOf(secondFake([10, 30, 20]), secondFake([20, 20, 20]));
  expect(pods.map((pod) => pod.requests)).toEqual([30, 50, 40]);
  for (const pod of pods) {
    expect(pod.expected).toBeCloseTo(40, 12);
    expect(pod.variance).toBeCloseTo((120 * (1 / 3) * 2) / 3, 12);
  }
  expect([requests, countedSeconds, mostEligible]).toEqual([120, 2, 3]);
});

test('capacity weights move the expectation', () => {
  const { pods } = totalsOf(secondFake([{ decisions: 60, weight: 3 }, { decisions: 20 }]));
  expect(pods.map((pod) => pod.expected)).toEqual([60, 20]);
  expect(pods.map((pod) => pod.variance)).toEqual([15, 15]);
});

test('a pod that comes late is expected to take its part only from then on', () => {
  const absent = { decisions: 0, eligible: false };
  const { pods } = totalsOf(secondFake([50, 50, absent]), secondFake([20, 20, 20]));
  expect(pods.map((pod) => pod.expected)).toEqual([70, 70, 20]);
  const left = totalsOf(secondFake([20, 20, 20]), secondFake([50, 50]));
  expect(left.pods.map((pod) => pod.expected)).toEqual([70, 70, 20]);
});

test('a pod that serves while it is not eligible leaks, and changes nothing for the others', () => {
  const leak = { decisions: 40, eligible: false };
  const { pods, requests, attributed } = totalsOf(secondFake([50, 50, leak]));
  expect(pods.map((pod) => pod.expected)).toEqual([50, 50, 0]);
  expect(pods[2]).toMatchObject({ eligible: false, requests: 0, served: 0, workMicroseconds: 0, leaked: 40 });
  expect([requests, attributed]).toEqual([100, 140]);
});

test('what a pod serves within its grace is neither judged nor a leak', () => {
  const { pods, requests, attributed } = totalsOf(secondFake([50, { decisions: 7, eligible: false, ready: true }]));
  expect(pods[1]).toMatchObject({ eligible: false, requests: 0, leaked: 0 });
  expect([requests, attributed]).toEqual([50, 57]);
});

test('a pod of weight 0 should get nothing: what it gets is a leak', () => {
  const { pods } = totalsOf(secondFake([50, { decisions: 3, weight: 0 }]));
  expect(pods[1]).toMatchObject({ eligible: false, expected: 0, leaked: 3 });
});

test('seconds that do not count only make their pods known, and whether requests are answered by name', () => {
  const { pods, ...rest } = totalsOf(secondFake([5, 6], { counts: false, unattributed: 9, unanswered: 2 }));
  expect(pods.map((pod) => [pod.pod, pod.eligible, pod.requests, pod.leaked])).toEqual([
    ['pod-0', false, 0, 0],
    ['pod-1', false, 0, 0],
  ]);
  expect(rest).toEqual({
    requests: 0,
    attributed: 11,
    unattributed: 9,
    unanswered: 2,
    countedSeconds: 0,
    mostEligible: 0,
  });
});

test('work is expected by the same shares', () => {
  const { pods } = totalsOf(
    secondFake([
      { decisions: 10, serviceMicroseconds: 9000, weight: 2 },
      { decisions: 10, serviceMicroseconds: 3000, weight: 1 },
    ])
  );
  expect(pods.map((pod) => pod.expectedWorkMicroseconds)).toEqual([8000, 4000]);
});

test('a second without requests or without pods is harmless', () => {
  const { pods, requests, countedSeconds } = totalsOf(secondFake([0, 0]), secondFake([]));
  expect(pods.map((pod) => [pod.expected, pod.variance])).toEqual([
    [0, 0],
    [0, 0],
  ]);
  expect([requests, countedSeconds]).toEqual([0, 2]);
});

test('expected counts add up to the requests, whoever was eligible when', () => {
  const pod = fc.record({
    decisions: fc.nat(1000),
    eligible: fc.boolean(),
    weight: fc.double({ min: 0, max: 9, noNaN: true }),
  });
  fc.assert(
    fc.property(fc.array(fc.array(pod, { maxLength: 8 }), { maxLength: 12 }), (seconds) => {
      const { pods, requests } = totalsOf(...seconds.map((pods) => secondFake(pods)));
      const expected = pods.reduce((sum, pod) => sum + pod.expected, 0);
      expect(expected).toBeCloseTo(requests, 6);
      expect(pods.reduce((sum, pod) => sum + pod.requests, 0)).toBe(requests);
    }),
    { seed: 11 }
  );
});

test('merging windows is adding all their seconds', () => {
  const rows = new PodRows();
  const [a, b, both] = [new BalanceWindow(rows), new BalanceWindow(rows), new BalanceWindow(rows)];
  const first = secondFake([4, { decisions: 9, errors: 2 }], { unattributed: 1, unanswered: 3 });
  const second = secondFake([8, 6, { decisions: 5, eligible: false }]);
  a.add(first);
  b.add(second);
  both.add(first);
  both.add(second);
  a.merge(b);
  expect(a.totals()).toEqual(both.totals());
  expect(() => a.merge(new BalanceWindow())).toThrow('share their PodRows');
});
