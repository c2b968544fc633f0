import { Random } from '@evenkeel/core/random/random';
import { ConnectionTally, SpreadSums } from './connectionSpread.ts';

/** The definition, with everything kept: Σ_c Σ_i (x_ci − n_c p_i)² / p_i / (n (k − 1)) · C / (C − 1), at least 1. */
function byDefinition(connections: readonly (readonly number[])[]): number {
  const used = connections.filter((counts) => counts.some((x) => x > 0));
  const pods = Math.max(...used.map((counts) => counts.length));
  const totals = Array.from({ length: pods }, (_, pod) => used.reduce((sum, counts) => sum + (counts[pod] ?? 0), 0));
  const n = totals.reduce((a, b) => a + b, 0);
  const k = totals.filter((total) => total > 0).length;
  let sum = 0;
  for (const counts of used) {
    const size = counts.reduce((a, b) => a + b, 0);
    for (let pod = 0; pod < pods; pod++) {
      const p = totals[pod]! / n;
      if (p > 0) sum += ((counts[pod] ?? 0) - size * p) ** 2 / p;
    }
  }
  return Math.max(1, ((sum / (n * (k - 1))) * used.length) / (used.length - 1));
}

function record(sums: SpreadSums, counts: readonly number[], random: Random, tally = new ConnectionTally()): void {
  const left = counts.flatMap((count, pod) => Array<number>(count).fill(pod));
  while (left.length > 0) sums.record(tally, left.splice(random.below(left.length), 1)[0]!);
}

test('running sums give the definition to rounding, in any order and over workers', () => {
  const random = new Random(11);
  for (let round = 0; round < 40; round++) {
    const pods = 2 + random.below(40);
    const connections = Array.from({ length: 2 + random.below(30) }, () => {
      const favourite = random.below(pods);
      return Array.from({ length: pods }, (_, pod) => random.below(3) + (pod === favourite ? random.below(30) : 0));
    });
    const all = new SpreadSums();
    const workers = [new SpreadSums(), new SpreadSums()];
    for (const [index, counts] of connections.entries()) {
      record(all, counts, random);
      // The second worker knows the pods in the opposite order.
      record(workers[index % 2]!, index % 2 === 0 ? counts : counts.toReversed(), random);
    }
    const merged = new SpreadSums();
    merged.add(workers[0]!, (pod) => pod);
    merged.add(workers[1]!, (pod) => pods - 1 - pod);
    expect(all.summary().designEffect).toBeCloseTo(byDefinition(connections), 8);
    expect(merged.summary()).toEqual({
      ...all.summary(),
      designEffect: expect.closeTo(all.summary().designEffect, 8),
    });
  }
});

test('pinned connections: each is one decision', () => {
  const sums = new SpreadSums();
  const random = new Random(1);
  for (let connection = 0; connection < 40; connection++) {
    record(
      sums,
      [0, 1, 2, 3].map((pod) => (pod === connection % 4 ? 25 : 0)),
      random
    );
  }
  const { designEffect, ...counts } = sums.summary();
  expect(counts).toEqual({ connections: 40, pinned: 40, reused: 40 });
  expect(designEffect).toBeCloseTo((25 * 40) / 39, 10);
});

test('round robin per request: connections do not matter', () => {
  const sums = new SpreadSums();
  for (let connection = 0; connection < 10; connection++) record(sums, [5, 5, 5], new Random(2));
  expect(sums.summary()).toEqual({ connections: 10, pinned: 0, reused: 10, designEffect: 1 });
});

test('a connection is pinned only from its second response on, and only while it stays with one pod', () => {
  const sums = new SpreadSums();
  const tally = new ConnectionTally();
  const seen = [2, 2, 2, 0, 2].map((pod) => {
    sums.record(tally, pod);
    return [sums.connections, sums.reused, sums.pinned];
  });
  expect(seen).toEqual([
    [1, 0, 0],
    [1, 1, 1],
    [1, 1, 1],
    [1, 1, 0],
    [1, 1, 0],
  ]);
});

test('a replaced connection is another connection', () => {
  const sums = new SpreadSums();
  const random = new Random(3);
  for (const counts of [
    [3, 0],
    [0, 3],
    [3, 0],
    [0, 3],
  ]) {
    record(sums, counts, random);
  }
  expect(sums.summary()).toEqual({ connections: 4, pinned: 4, reused: 4, designEffect: 4 });
});

test('a million connections of one request need no counts and are independent', () => {
  const sums = new SpreadSums();
  let tally = new ConnectionTally();
  for (let i = 0; i < 1_000_000; i++) {
    tally = new ConnectionTally();
    sums.record(tally, i % 5);
  }
  expect(tally.counts).toBeNull();
  expect(sums.summary()).toEqual({ connections: 1_000_000, pinned: 0, reused: 0, designEffect: 1 });
});

test('nothing to compare: no response, one connection, one pod', () => {
  expect(new SpreadSums().summary()).toEqual({ connections: 0, pinned: 0, reused: 0, designEffect: 1 });
  const one = new SpreadSums();
  record(one, [4, 4], new Random(4));
  expect(one.summary().designEffect).toBe(1);
  const stuck = new SpreadSums();
  for (let connection = 0; connection < 3; connection++) record(stuck, [10], new Random(5));
  expect(stuck.summary()).toEqual({ connections: 3, pinned: 3, reused: 3, designEffect: 10 });
});
