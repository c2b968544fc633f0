import { Random } from '../random/random.ts';
import { hashKey } from './hash.ts';
import { Maglev } from './maglev.ts';
import type { Policy } from './policy.ts';
import { isPolicyName, POLICIES, POLICY_NAMES, type PolicyName } from './registry.ts';
import { RingHash } from './ringHash.ts';

const SECOND = 1_000_000;

function policyOver(name: PolicyName, weights: number[], eligible = weights.map(() => true), seed = 7): Policy {
  const policy = POLICIES[name].create(new Random(seed));
  policy.setPods(weights, eligible);
  return policy;
}

/** Counts per pod of `n` requests with random keys, each ended before the next one begins. */
function countsOf(policy: Policy, pods: number, n: number, seed = 11): number[] {
  const random = new Random(seed);
  const counts = new Array<number>(pods).fill(0);
  for (let i = 0; i < n; i++) {
    const now = i * 1000;
    const pod = policy.pick(random.bits() >>> 0, now);
    policy.started(pod, now);
    counts[pod]!++;
    policy.finished(pod, now + 500, 500, true);
  }
  return counts;
}

function cvOf(counts: number[]): number {
  const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  return Math.sqrt(counts.reduce((sum, count) => sum + (count - mean) ** 2, 0) / counts.length) / mean;
}

function letters(policy: Policy, n: number): string {
  return Array.from({ length: n }, () => 'ABCDEFGH'[policy.pick(0, 0)]).join(' ');
}

describe('every policy', () => {
  test('is in the registry under its own name', () => {
    for (const name of POLICY_NAMES) {
      expect(POLICIES[name].name).toBe(name);
      expect(isPolicyName(name)).toBe(true);
    }
    expect(isPolicyName('toString')).toBe(false);
  });

  test.each(POLICY_NAMES)('%s: no pod, or none eligible, gives -1', (name) => {
    const policy = POLICIES[name].create(new Random(1));
    policy.setPods([], []);
    expect(policy.pick(1, 0)).toBe(-1);
    policy.setPods([1, 1], [false, false]);
    expect(policy.pick(1, 0)).toBe(-1);
    policy.setPods([0, 0], [true, true]);
    expect(policy.pick(1, 0)).toBe(-1);
  });

  test.each(POLICY_NAMES)('%s: the only eligible pod gets everything', (name) => {
    expect(countsOf(policyOver(name, [1, 1, 1], [false, true, false]), 3, 50)).toEqual([0, 50, 0]);
  });

  test.each(POLICY_NAMES)('%s: pods that may not be picked never are, through changes at run time', (name) => {
    const random = new Random(3);
    const policy = POLICIES[name].create(new Random(5));
    const outstanding: { pod: number; at: number }[] = [];
    let now = 0;
    for (let round = 0; round < 200; round++) {
      const count = 1 + random.below(8);
      const weights = Array.from({ length: 8 }, (_, pod) => (pod < count ? [0, 0.33, 1, 1, 5][random.below(5)]! : 0));
      const eligible = weights.map(() => random.below(4) > 0);
      policy.setPods(weights, eligible);
      const some = weights.some((weight, pod) => weight > 0 && eligible[pod]);
      for (let i = 0; i < 20; i++) {
        now += random.below(5000);
        const pod = policy.pick(random.bits() >>> 0, now);
        if (!some) {
          expect(pod).toBe(-1);
          continue;
        }
        expect(eligible[pod] && weights[pod]! > 0).toBe(true);
        policy.started(pod, now);
        outstanding.push({ pod, at: now });
        if (random.below(3) > 0) {
          const [ended] = outstanding.splice(random.below(outstanding.length), 1);
          policy.finished(ended!.pod, now, now - ended!.at, random.below(10) > 0);
        }
      }
    }
  });

  test.each(POLICY_NAMES)('%s: refuses weights that are none', (name) => {
    const policy = POLICIES[name].create(new Random(1));
    expect(() => policy.setPods([1, -1], [true, true])).toThrow('the weight of pod 1 is -1');
    expect(() => policy.setPods([Number.NaN], [true])).toThrow(RangeError);
    expect(() => policy.setPods([1], [true, true])).toThrow('1 weights but 2 eligibility flags');
  });

  test.each(POLICY_NAMES)('%s: the same seed gives the same choices', (name) => {
    const picks = () => {
      const policy = policyOver(name, [1, 2, 1, 1], [true, true, true, true], 42);
      return Array.from({ length: 100 }, (_, i) => policy.pick(hashKey(`/item/${i}`), i));
    };
    expect(picks()).toEqual(picks());
  });
});

describe('round-robin', () => {
  test('gives exact counts whatever the weights', () => {
    expect(countsOf(policyOver('round-robin', [1, 5, 1, 1]), 4, 1000)).toEqual([250, 250, 250, 250]);
  });

  test('goes on where it was when pods come and go', () => {
    const policy = policyOver('round-robin', [1, 1, 1, 1]);
    const first = policy.pick(0, 0);
    const next = (first + 1) % 4;
    policy.setPods(
      [1, 1, 1, 1],
      [0, 1, 2, 3].map((pod) => pod !== next)
    );
    expect(policy.pick(0, 0)).toBe((first + 2) % 4);
    policy.setPods([1, 1, 1, 1], [true, true, true, true]);
    expect(policy.pick(0, 0)).toBe((first + 3) % 4);
  });

  test('independent balancers do not start at the same pod', () => {
    const starts = new Set(
      Array.from({ length: 40 }, (_, seed) =>
        policyOver('round-robin', [1, 1, 1, 1], [true, true, true, true], seed).pick(0, 0)
      )
    );
    expect(starts.size).toBe(4);
  });
});

describe('weighted round-robin', () => {
  test("is nginx's smooth order", () => {
    expect(letters(policyOver('weighted-round-robin', [5, 1, 1]), 14)).toBe('A A B A C A A A A B A C A A');
  });

  test('gives exact shares, with fractional weights too', () => {
    expect(countsOf(policyOver('weighted-round-robin', [1, 2, 0.5, 0.5]), 4, 4000)).toEqual([1000, 2000, 500, 500]);
  });
});

describe('random', () => {
  test('is uniform', () => {
    const n = 100_000;
    const counts = countsOf(policyOver('random', new Array(10).fill(1)), 10, n);
    const chiSquare = counts.reduce((sum, count) => sum + (count - n / 10) ** 2 / (n / 10), 0);
    // 99.9 % quantile of chi-square with 9 degrees of freedom; far below 1 would be suspicious as well.
    expect(chiSquare).toBeLessThan(27.88);
    expect(chiSquare).toBeGreaterThan(1);
  });

  test('follows the weights', () => {
    const weights = [1, 5, 0.33, 2, 0, 1];
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const n = 200_000;
    const counts = countsOf(policyOver('random', weights), 6, n);
    for (const [pod, weight] of weights.entries()) expect(counts[pod]! / n).toBeCloseTo(weight / total, 2);
  });
});

describe('power of two choices', () => {
  /** Throws as many requests that never end as there are pods; the fullest pod's load. */
  const fullest = (name: PolicyName, pods: number, seed: number) => {
    const policy = policyOver(name, new Array(pods).fill(1), new Array(pods).fill(true), seed);
    const load = new Array<number>(pods).fill(0);
    for (let i = 0; i < pods; i++) {
      const pod = policy.pick(0, i);
      policy.started(pod, i);
      load[pod]!++;
    }
    return Math.max(...load);
  };

  test('keeps the fullest pod far below what random gives', () => {
    // Means over many throws of n balls into n = 1000 bins are about 5.5 and 3.0.
    let random = 0;
    let choices = 0;
    for (let seed = 0; seed < 30; seed++) {
      random += fullest('random', 1000, seed);
      choices += fullest('power-of-two-choices', 1000, seed);
    }
    expect(random / 30).toBeGreaterThan(5);
    expect(choices / 30).toBeLessThan(3.3);
  });

  test('the two pods differ: with two pods the emptier one always wins', () => {
    const policy = policyOver('power-of-two-choices', [1, 1]);
    policy.started(0, 0);
    for (let i = 0; i < 100; i++) expect(policy.pick(0, 0)).toBe(1);
  });

  test('counts outstanding requests per weight', () => {
    const policy = policyOver('power-of-two-choices', [4, 1]);
    for (let i = 0; i < 3; i++) policy.started(0, 0);
    policy.started(1, 0);
    for (let i = 0; i < 100; i++) expect(policy.pick(0, 0)).toBe(0);
  });

  test('draws pairs evenly when idle', () => {
    expect(cvOf(countsOf(policyOver('power-of-two-choices', new Array(5).fill(1)), 5, 50_000))).toBeLessThan(0.02);
  });

  test('a weight that outweighs all others does not hang the draw', () => {
    expect(countsOf(policyOver('power-of-two-choices', [100, 1e-9, 1e-9]), 3, 1000)[0]).toBeGreaterThan(0);
  });
});

describe('least connections', () => {
  test('ties rotate', () => {
    expect(countsOf(policyOver('least-connections', [1, 1, 1, 1]), 4, 400)).toEqual([100, 100, 100, 100]);
  });

  test('ties follow the weights', () => {
    expect(countsOf(policyOver('least-connections', [2, 1, 1]), 3, 400)).toEqual([200, 100, 100]);
  });

  test('picks the least loaded per weight', () => {
    const policy = policyOver('least-connections', [1, 3, 1]);
    policy.started(0, 0);
    policy.started(1, 0);
    policy.started(2, 0);
    for (let i = 0; i < 2; i++) {
      expect(policy.pick(0, 0)).toBe(1);
      policy.started(1, 0);
    }
    policy.started(1, 0);
    expect([0, 2]).toContain(policy.pick(0, 0));
  });

  test('a pod that fails at once does not swallow the traffic', () => {
    // 10 pods at 30 % load; pod 0 answers with an error in a hundredth of the service time. Fixed-order ties give it over 90 %.
    const share = blackHoleShare('least-connections', 0.3);
    expect(share).toBeGreaterThan(0.1);
    expect(share).toBeLessThan(0.2);
  });

  test('a known policy learns of requests in flight that were started elsewhere', () => {
    const policy = policyOver('least-connections', [1, 1]);
    policy.started(0, 0);
    policy.setPods([1, 1, 1], [true, true, true]);
    policy.started(2, 0);
    expect(policy.pick(0, 0)).toBe(1);
  });
});

/** Share of the requests that go to pod 0 of 10, which fails 100 times faster than the others (exponential, mean 1) work. */
function blackHoleShare(name: PolicyName, load: number): number {
  const random = new Random(99);
  const policy = policyOver(name, new Array(10).fill(1));
  const busyUntil = new Array<number>(10).fill(0);
  let running: { at: number; pod: number; since: number }[] = [];
  let now = 0;
  let hits = 0;
  const requests = 20_000;
  for (let i = 0; i < requests; i++) {
    now += random.exponential() / (10 * load);
    for (const { at, pod, since } of running.filter((it) => it.at <= now)) {
      policy.finished(pod, at * SECOND, (at - since) * SECOND, pod !== 0);
    }
    running = running.filter((it) => it.at > now);
    const pod = policy.pick(0, now * SECOND);
    if (pod === 0) hits++;
    policy.started(pod, now * SECOND);
    busyUntil[pod] = Math.max(now, busyUntil[pod]!) + (pod === 0 ? 0.01 : random.exponential());
    running.push({ at: busyUntil[pod]!, pod, since: now });
  }
  return hits / requests;
}

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
