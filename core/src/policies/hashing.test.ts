import { hashKey } from './hash.ts';
import { Maglev } from './maglev.ts';
import type { Policy } from './policy.ts';
import { RingHash } from './ringHash.ts';
import { countsOf, cvOf, policyOver } from './testing/policyTrial.ts';

describe('ring hash', () => {
  test.each([
    [40, 30],
    [160, 30],
    [640, 30],
  ])('with %d points the share varies by about 1 / sqrt(points)', (points, pods) => {
    const policy = new RingHash(points);
    policy.setPods(new Array(pods).fill(1), new Array(pods).fill(true));
    // An even sweep over all hashes measures the shares of the ring itself, without sampling noise.
    const counts = new Array<number>(pods).fill(0);
    const sweep = 300_000;
    for (let i = 0; i < sweep; i++) counts[policy.pick(Math.floor((i / sweep) * 2 ** 32))]!++;
    const expected = 1 / Math.sqrt(points);
    expect(cvOf(counts)).toBeGreaterThan(expected * 0.65);
    expect(cvOf(counts)).toBeLessThan(expected * 1.35);
  });

  test('one key, one pod; a pod that leaves moves only its own keys', () => {
    const policy = policyOver('ring-hash', [1, 1, 1, 1, 1]);
    const before = Array.from({ length: 5000 }, (_, key) => policy.pick(hashKey(`/${key}`), 0));
    policy.setPods([1, 1, 1, 1, 1], [true, true, false, true, true]);
    const after = Array.from({ length: 5000 }, (_, key) => policy.pick(hashKey(`/${key}`), 0));
    for (const [key, pod] of before.entries()) {
      if (pod !== 2) expect(after[key]).toBe(pod);
      else expect(after[key]).not.toBe(2);
    }
  });

  test('follows the weights about as well as its points allow', () => {
    const counts = countsOf(policyOver('ring-hash', [1, 0.5, 1]), 3, 50_000);
    expect(counts[1]! / 50_000).toBeGreaterThan(0.14);
    expect(counts[1]! / 50_000).toBeLessThan(0.26);
  });

  test('hashes beyond the last point go to the first', () => {
    const policy = policyOver('ring-hash', [1, 1]);
    expect(policy.pick(0xffffffff, 0)).toBe(policy.pick(0, 0));
  });
});

describe('Maglev', () => {
  const shares = (policy: Policy, pods: number) => {
    const counts = new Array<number>(pods).fill(0);
    for (let slot = 0; slot < 65_537; slot++) counts[policy.pick(slot, 0)]!++;
    return counts;
  };

  test.each([3, 10, 64, 600])('%d equal pods differ by less than 1 %', (pods) => {
    const policy = new Maglev();
    policy.setPods(new Array(pods).fill(1), new Array(pods).fill(true));
    const counts = shares(policy, pods);
    expect(Math.max(...counts) / Math.min(...counts)).toBeLessThan(1.01);
  });

  test('follows the weights', () => {
    const counts = shares(policyOver('maglev', [1, 3, 0.5]), 3);
    for (const [pod, weight] of [1, 3, 0.5].entries()) expect(counts[pod]! / 65_537).toBeCloseTo(weight / 4.5, 3);
  });

  test('a pod that leaves moves few keys besides its own', () => {
    const policy = policyOver('maglev', new Array(20).fill(1));
    const before = Array.from({ length: 65_537 }, (_, slot) => policy.pick(slot, 0));
    policy.setPods(
      new Array(20).fill(1),
      Array.from({ length: 20 }, (_, pod) => pod !== 4)
    );
    let moved = 0;
    for (const [slot, pod] of before.entries()) if (pod !== 4 && policy.pick(slot, 0) !== pod) moved++;
    expect(moved / 65_537).toBeLessThan(0.03);
  });
});

test('key hashes spread over all 32 bits', () => {
  const buckets = new Array<number>(64).fill(0);
  const low = new Array<number>(64).fill(0);
  for (let i = 0; i < 64_000; i++) {
    const hash = hashKey(`/item/${i}`);
    buckets[hash >>> 26]!++;
    low[hash & 63]!++;
  }
  expect(cvOf(buckets)).toBeLessThan(0.05);
  expect(cvOf(low)).toBeLessThan(0.05);
});
