import type { Policy } from './policy.ts';
import { blackHoleShare, policyOver, SECOND } from './testing/policyTrial.ts';

describe('peak EWMA', () => {
  const learn = (policy: Policy, latencies: number[], now: number) => {
    for (const [pod, latency] of latencies.entries()) {
      policy.started(pod, now - latency);
      policy.finished(pod, now, latency, true);
    }
  };

  test('a peak counts at once, and is forgotten with a time constant of 10 s', () => {
    const policy = policyOver('peak-ewma', [1, 1]);
    learn(policy, [1000, 1000], SECOND);
    policy.started(0, SECOND);
    policy.finished(0, 1.1 * SECOND, 100_000, true);
    expect(policy.pick(0, 1.1 * SECOND)).toBe(1);
    // Each second of fast answers takes a tenth of the distance: after 60 s pod 0 is nearly as good as pod 1 with one in flight.
    for (let second = 2; second < 62; second++) learn(policy, [1000, 1000], second * SECOND);
    policy.started(1, 62 * SECOND);
    expect(policy.pick(0, 62 * SECOND)).toBe(0);
  });

  test('outstanding requests multiply the cost', () => {
    const policy = policyOver('peak-ewma', [1, 1]);
    learn(policy, [1000, 2500], SECOND);
    policy.started(0, SECOND);
    expect(policy.pick(0, SECOND)).toBe(0);
    policy.started(0, SECOND);
    expect(policy.pick(0, SECOND)).toBe(1);
  });

  test('an idle slow pod is tried again', () => {
    const policy = policyOver('peak-ewma', [1, 1]);
    learn(policy, [1000, 8000], SECOND);
    expect(policy.pick(0, SECOND)).toBe(0);
    let triedAt = 0;
    for (let second = 2; triedAt === 0; second++) {
      learn(policy, [1000], second * SECOND);
      if (policy.pick(0, second * SECOND) === 1) triedAt = second;
    }
    // 8 ms decays to 1 ms after 10 s x ln 8 = 20.8 s.
    expect(triedAt).toBe(22);
  });

  test('a new pod starts at the mean of the known ones, not as the fastest', () => {
    const policy = policyOver('peak-ewma', [1, 1]);
    learn(policy, [1000, 3000], SECOND);
    policy.setPods([1, 1, 1], [true, false, true]);
    for (let i = 0; i < 20; i++) expect(policy.pick(0, SECOND)).toBe(0);
    policy.setPods([1, 1, 1], [false, true, true]);
    for (let i = 0; i < 20; i++) expect(policy.pick(0, SECOND)).toBe(2);
  });

  test('while nothing is known each pod gets one request until it answers', () => {
    const policy = policyOver('peak-ewma', [1, 1, 1]);
    const picked: number[] = [];
    for (let i = 0; i < 60 && picked.length < 3; i++) {
      const pod = policy.pick(0, 0);
      if (picked.includes(pod)) continue;
      picked.push(pod);
      policy.started(pod, 0);
    }
    expect(picked.sort()).toEqual([0, 1, 2]);
  });

  test('what was learned stays when weights change, and goes when the pod is another one', () => {
    const policy = policyOver('peak-ewma', [1, 1]);
    learn(policy, [1000, 9000], SECOND);
    policy.setPods([1, 2], [true, true]);
    expect(policy.pick(0, SECOND)).toBe(0);
    policy.forget(1);
    // Now at the mean of the known, 1 ms, over a weight of 2.
    expect(policy.pick(0, SECOND)).toBe(1);
  });

  test('a pod that fails at once is not taken for a fast one', () => {
    const share = blackHoleShare('peak-ewma', 0.3);
    expect(share).toBeLessThan(0.18);
  });

  test('a slow pod gets less', () => {
    const policy = policyOver('peak-ewma', [1, 1, 1]);
    learn(policy, [1000, 1000, 3000], SECOND);
    const counts = [0, 0, 0];
    for (let i = 0; i < 300; i++) counts[policy.pick(0, SECOND)]!++;
    expect(counts[2]).toBe(0);
  });
});
