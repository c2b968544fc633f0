import { Random } from '../../random/random.ts';
import type { Policy } from '../policy.ts';
import { POLICIES, type PolicyName } from '../registry.ts';

export const SECOND = 1_000_000;

export function policyOver(name: PolicyName, weights: number[], eligible = weights.map(() => true), seed = 7): Policy {
  const policy = POLICIES[name].create(new Random(seed));
  policy.setPods(weights, eligible);
  return policy;
}

/** Counts per pod of `n` requests with random keys, each ended before the next one begins. */
export function countsOf(policy: Policy, pods: number, n: number, seed = 11): number[] {
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

export function cvOf(counts: number[]): number {
  const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  return Math.sqrt(counts.reduce((sum, count) => sum + (count - mean) ** 2, 0) / counts.length) / mean;
}

/** Share of the requests that go to pod 0 of 10, which fails 100 times faster than the others (exponential, mean 1) work. */
export function blackHoleShare(name: PolicyName, load: number): number {
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
