import { encodeSecond, MergedSecond } from './secondCodec.ts';
import { SecondCounters } from './secondCounters.ts';

const gauges = { inFlight: 3, users: 5, openConnections: 4, utilisation: 0.5, loopDelayP99Ms: 1, longestPauseMs: 2 };

function counted(seed: number): SecondCounters {
  const counters = new SecondCounters();
  Object.assign(counters, { offered: 10, sent: 9, dropped: 1, cancelled: 2, connectionsOpened: 3 });
  Object.assign(counters, { unattributed: 4, balancerErrors: 5, retried: 6 });
  counters.outcomes.set([1, 2, 3, 4, 5, 6, 7, 8]);
  for (let i = 1; i <= 200; i++) {
    counters.response.record(i * seed);
    counters.service.record(i * seed * 2);
    counters.lateness.record(i);
  }
  const pod = counters.pod(2);
  pod.decisions = 7;
  pod.serviceMicroseconds = 700;
  pod.outcomes.set([7, 0, 1]);
  pod.response.record(500 * seed);
  return counters;
}

test('two workers who number their pods differently add up', () => {
  const merged = new MergedSecond();
  merged.add(encodeSecond(counted(1), gauges), ['x', 'y', 'z'], [['EMFILE', 2]]);
  merged.add(encodeSecond(counted(3), { ...gauges, utilisation: 0.9 }), ['q', 'x', 'z'], [['EMFILE', 1]]);
  expect(merged).toMatchObject({
    offered: 20,
    sent: 18,
    dropped: 2,
    cancelled: 4,
    connectionsOpened: 6,
    unattributed: 8,
    balancerErrors: 10,
    retried: 12,
    inFlight: 6,
    users: 10,
    openConnections: 8,
    utilisation: 0.9,
    completed: 72,
  });
  expect([...merged.outcomes]).toEqual([2, 4, 6, 8, 10, 12, 14, 16]);
  expect([merged.response.count, merged.service.max, merged.lateness.sum]).toEqual([400, 1200, 40_200]);
  expect([...merged.pods.keys()]).toEqual(['z']);
  const pod = merged.pods.get('z')!;
  expect([pod.decisions, pod.serviceMicroseconds, pod.response.count, pod.response.max]).toEqual([14, 1400, 2, 1500]);
  expect([...pod.outcomes]).toEqual([14, 0, 2, 0, 0, 0, 0, 0]);
  expect([...merged.faults]).toEqual([['EMFILE', 3]]);
});

test('the open model has no users, and a reset second is empty', () => {
  const counters = counted(1);
  counters.reset();
  expect(counters.empty).toBe(true);
  const merged = new MergedSecond();
  merged.add(encodeSecond(counters, { ...gauges, users: -1 }), [], []);
  expect(merged).toMatchObject({ users: null, offered: 0, completed: 0 });
  expect(merged.pods.size).toBe(0);
  expect(merged.response.count).toBe(0);
});
