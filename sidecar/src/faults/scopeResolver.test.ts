import fc from 'fast-check';
import { type Candidate, resolveScope } from './scopeResolver.ts';

const candidates = (count: number, unhealthy: readonly number[] = []): Candidate[] =>
  Array.from({ length: count }, (_, i) => ({
    pod: `pod-${String(i + 1).padStart(2, '0')}`,
    healthy: !unhealthy.includes(i),
    rested: true,
    labels: { zone: i % 2 === 0 ? 'a' : 'b' },
  }));

const podsOf = (...resolution: Parameters<typeof resolveScope>) => {
  const resolved = resolveScope(...resolution);
  return resolved.ok ? resolved.pods : resolved.refusal;
};

it.each([
  [{ percent: 25 }, 4, 1],
  [{ percent: 25 }, 3, 1],
  [{ percent: 25 }, 7, 1],
  [{ percent: 25 }, 8, 2],
  [{ percent: 50 }, 5, 2],
  [{ percent: 1 }, 10, 1],
  [{ percent: 100 }, 4, 4],
  [{ count: 3 }, 4, 3],
])('%j of %d healthy pods are %d', (scope, healthy, expected) => {
  expect(podsOf(scope, candidates(healthy), 1)).toHaveLength(expected);
});

it('a draw is decided by the seed, whatever the order of the list, and takes healthy pods only', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 40 }),
      fc.nat(0xffff),
      fc.array(fc.nat(39), { maxLength: 10 }),
      (count, seed, unhealthy) => {
        const list = candidates(count, unhealthy);
        const healthy = list.filter((each) => each.healthy).length;
        const wanted = Math.ceil(healthy / 2);
        if (wanted === 0) return;
        const first = podsOf({ count: wanted }, list, seed);
        expect(podsOf({ count: wanted }, [...list].reverse(), seed)).toEqual(first);
        expect(new Set(first).size).toBe(wanted);
        for (const pod of first) expect(list.find((each) => each.pod === pod)!.healthy).toBe(true);
      }
    ),
    { seed: 6 }
  );
});

it('a draw takes only pods that have rested, though the share is of all healthy ones', () => {
  const list = candidates(4).map((each) => ({ ...each, rested: each.pod > 'pod-02' }));
  for (let seed = 0; seed < 20; seed++) {
    expect(podsOf({ percent: 50 }, list, seed)).toEqual(['pod-03', 'pod-04']);
    expect(['pod-03', 'pod-04']).toContainEqual(podsOf({ count: 1 }, list, seed)[0]);
  }
  expect(podsOf({ count: 3 }, list, 1)).toContain('only 2 have rested from their last fault');
});

it('every pod is drawn equally often', () => {
  const hits = new Map<string, number>();
  for (let seed = 0; seed < 4000; seed++) {
    for (const pod of podsOf({ count: 1 }, candidates(4), seed)) hits.set(pod, (hits.get(pod) ?? 0) + 1);
  }
  // Four standard deviations of a binomial count: sqrt(4000 * 1/4 * 3/4) = 27.
  for (const count of hits.values()) expect(Math.abs(count - 1000)).toBeLessThan(4 * 27.4);
});

it('a name or a label means exactly those pods, healthy or not', () => {
  expect(podsOf({ pod: 'pod-02' }, candidates(4, [1]), 1)).toEqual(['pod-02']);
  expect(podsOf({ label: 'zone=a' }, candidates(4, [0]), 1)).toEqual(['pod-01', 'pod-03']);
});

it.each([
  [{ pod: 'x' }, candidates(2), 'There is no pod "x"; the pods are pod-01, pod-02.'],
  [{ label: 'zone=c' }, candidates(2), 'No pod has the label zone=c.'],
  [{ count: 3 }, candidates(4, [0, 1]), '3 pods are asked for; only 2 are healthy'],
  [{ percent: 50 }, candidates(1, [0]), 'No pod is healthy'],
])('%j is refused in words', (scope, list, why) => {
  expect(podsOf(scope, list, 1)).toContain(why);
});
