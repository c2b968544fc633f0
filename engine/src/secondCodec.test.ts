import { noCounts } from '@evenkeel/core/run/secondCounts';
import { encodeSecond, MergedSecond } from './secondCodec.ts';
import { SecondCounters } from './secondCounters.ts';

const gauges = { inFlight: 3, users: 5, openConnections: 4, utilisation: 0.5, loopDelayP99Ms: 1, longestPauseMs: 2 };

function counted(seed: number): SecondCounters {
  const counters = new SecondCounters(2);
  Object.assign(counters, { offered: 10, sent: 9, dropped: 1, cancelled: 2, connectionsOpened: 3 });
  Object.assign(counters, { unattributed: 4, balancerErrors: 5, retried: 6, resent: 7 });
  counters.outcomes.set([1, 2, 3, 4, 5, 6, 7, 8, 0]);
  for (let i = 0; i < seed; i++) counters.endings.count(200, 0);
  counters.endings.count(200, 8);
  counters.endings.count(1002, 4);
  counters.addresses.count(0, true);
  counters.addresses.count(1, false);
  counters.addresses.count(-1, false);
  for (let i = 1; i <= 200; i++) {
    counters.response.record(i * seed);
    counters.service.record(i * seed * 2);
    counters.lateness.record(i);
  }
  for (let i = 0; i < 7; i++) counters.pods.decide(2);
  for (let i = 1; i <= 7; i++) counters.pods.respond(2, 0, 100 * i * seed, 100);
  counters.pods.respond(2, 2, 5, 0);
  return counters;
}

test('two workers who number their pods differently add up', () => {
  const merged = new MergedSecond();
  merged.add(encodeSecond(counted(1), gauges), ['x', 'y', 'z'], [['EMFILE', 2]]);
  merged.add(encodeSecond(counted(3), { ...gauges, utilisation: 0.9 }), ['q', 'x', 'z'], [['EMFILE', 1]]);
  expect(merged).toMatchObject({
    counts: {
      offered: 20,
      sent: 18,
      dropped: 2,
      cancelled: 4,
      connectionsOpened: 6,
      unattributed: 8,
      balancerErrors: 10,
      retried: 12,
      resent: 14,
    },
    inFlight: 6,
    users: 10,
    openConnections: 8,
    utilisation: 0.9,
    completed: 72,
  });
  expect([...merged.outcomes]).toEqual([2, 4, 6, 8, 10, 12, 14, 16, 0]);
  expect([merged.response.count, merged.service.max, merged.lateness.sum]).toEqual([400, 1200, 40_200]);
  expect([...merged.pods.keys()]).toEqual(['z']);
  const pod = merged.pods.get('z')!;
  expect([pod.decisions, pod.serviceMicroseconds, pod.response.count, pod.response.max]).toEqual([14, 1400, 16, 2100]);
  expect([...pod.outcomes]).toEqual([14, 0, 2, 0, 0, 0, 0, 0, 0]);
  expect([...merged.faults]).toEqual([['EMFILE', 3]]);
  expect(merged.endings.list()).toEqual([
    { status: 200, failure: null, outcome: 'ok', count: 4 },
    { status: 200, failure: null, outcome: 'unexpected', count: 2 },
    { status: null, failure: 'connect-refused', outcome: 'connect', count: 2 },
  ]);
  expect([...merged.addresses]).toEqual([2, 0, 0, 2]);
});

test('the open model has no users, and a reset second is empty', () => {
  const counters = counted(1);
  counters.reset();
  expect(counters.empty).toBe(true);
  const merged = new MergedSecond();
  merged.add(encodeSecond(counters, { ...gauges, users: -1 }), [], []);
  expect(merged).toMatchObject({ users: null, counts: noCounts(), completed: 0 });
  expect(merged.pods.size).toBe(0);
  expect(merged.response.count).toBe(0);
});

test('many pods with few and with many responses keep their own histograms', () => {
  const counters = new SecondCounters(2);
  const names = Array.from({ length: 300 }, (_, pod) => `pod-${pod}`);
  const expected = new Map<string, { count: number; sum: number; max: number }>();
  let state = 1;
  for (let i = 0; i < 20_000; i++) {
    state = (state * 48271) % 2147483647;
    const pod = state % 7 === 0 ? 0 : state % 300;
    const micros = state % 1_000_003;
    counters.pods.respond(pod, 0, micros, 1);
    const sums = expected.get(names[pod]!) ?? { count: 0, sum: 0, max: 0 };
    expected.set(names[pod]!, { count: sums.count + 1, sum: sums.sum + micros, max: Math.max(sums.max, micros) });
  }
  counters.pods.decide(299);
  for (let round = 0; round < 2; round++) {
    const merged = new MergedSecond();
    merged.add(encodeSecond(counters, gauges), names, []);
    const got = [...merged.pods].map(([name, { response: r }]) => [name, { count: r.count, sum: r.sum, max: r.max }]);
    expect(new Map(got as [string, object][])).toEqual(expected);
    expect(merged.pods.get('pod-299')!.decisions).toBe(1);
  }
});
