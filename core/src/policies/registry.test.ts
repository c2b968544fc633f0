import { Random } from '../random/random.ts';
import { hashKey } from './hash.ts';
import { isPolicyName, POLICIES, POLICY_NAMES } from './registry.ts';
import { countsOf, policyOver } from './testing/policyTrial.ts';

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
