import type { Drift } from '@evenkeel/contract/drift';
import { driftSchema } from '@evenkeel/contract/drift';
import { Histogram } from '../histogram/histogram.ts';
import { Random } from '../random/random.ts';
import { type DriftSecond, DriftTracker } from './driftTracker.ts';

interface Service {
  readonly seconds: number;
  readonly perSecond?: number;
  readonly seed?: number;
  /** Added to every answer of pod-2, in milliseconds per second of the run. */
  readonly leakMsPerSecond?: number;
  /** Added to every answer of pod-2 from this second on. */
  readonly jump?: { readonly second: number; readonly ms: number };
  /** Share of errors at a second. */
  readonly errorShare?: (second: number) => number;
  /** Share of the requests that pod-0 gets at a second. */
  readonly firstShare?: (second: number) => number;
  /** How much one second's speed resembles that of the one before; 0 for not at all. */
  readonly mood?: number;
  /** Seconds that are left out, as those of a saturated generator are. */
  readonly without?: (second: number) => boolean;
}

const PODS = 4;

/** What a service of four pods shows, second by second: about 20 ms an answer, spread by chance. */
function observe(service: Service): DriftTracker {
  const { seconds, perSecond = 40, seed = 1, leakMsPerSecond = 0, mood = 0 } = service;
  const random = new Random(seed);
  const tracker = new DriftTracker();
  let temper = random.normal();
  for (let second = 0; second < seconds; second++) {
    temper = mood * temper + Math.sqrt(1 - mood ** 2) * random.normal();
    const pods = Array.from({ length: PODS }, (_, i) => ({ pod: `pod-${i}`, served: 0, microseconds: 0 }));
    const response = new Histogram();
    let errors = 0;
    for (let i = 0; i < perSecond; i++) {
      const pod = pods[random.next() < (service.firstShare?.(second) ?? 0.25) ? 0 : 1 + random.below(PODS - 1)]!;
      const base = (12 + 8 * random.exponential()) * Math.exp(mood === 0 ? 0 : 0.1 * temper);
      const jumped = service.jump && second >= service.jump.second ? service.jump.ms : 0;
      const ms = base + (pod.pod === 'pod-2' ? leakMsPerSecond * second + jumped : 0);
      pod.served++;
      pod.microseconds += ms * 1000;
      response.record(ms * 1000);
      if (random.next() < (service.errorShare?.(second) ?? 0)) errors++;
    }
    if (service.without?.(second)) continue;
    tracker.add({ second, response, completed: perSecond, errors, balance: balanceOf(pods) });
  }
  return tracker;
}

function balanceOf(pods: readonly { pod: string; served: number; microseconds: number }[]): DriftSecond['balance'] {
  return {
    counts: true,
    unattributed: 0,
    unanswered: 0,
    pods: pods.map(({ pod, served, microseconds }) => ({
      pod,
      decisions: served,
      served,
      errors: 0,
      serviceMicroseconds: microseconds,
      weight: 1,
      eligible: true,
    })),
  };
}

const of = (drift: Drift, series: string) => drift.findings.find((finding) => finding.series === series)!;

it('finds the pod that leaks 1 ms per second, and by how much', () => {
  for (const seconds of [60, 300]) {
    const drift = driftSchema.parse(observe({ seconds, leakMsPerSecond: 1 }).result());
    expect(drift.verdict).toBe('worse');
    const pod = of(drift, 'pod');
    expect(pod).toMatchObject({ pod: 'pod-2', direction: 'rising' });
    expect(pod.perMinuteLow).toBeLessThanOrEqual(60);
    expect(pod.perMinuteHigh).toBeGreaterThanOrEqual(60);
    expect(pod.perMinute / 60).toBeCloseTo(1, 0);
    expect(drift.findings.filter((finding) => finding.series === 'pod')).toHaveLength(1);
  }
});

it('sizes a leak by the time that passed, also when seconds are left out', () => {
  const without = (second: number) => second > 60 && second % 3 === 0;
  const drift = observe({ seconds: 240, leakMsPerSecond: 1, without }).result();
  expect(drift.seconds).toBe(181);
  expect(of(drift, 'pod').perMinute / 60).toBeCloseTo(1, 1);
});

it('misses none of 50 leaks of 1 ms per second within a minute, and tells the right pod', () => {
  let found = 0;
  for (let seed = 1; seed <= 50; seed++) {
    const drift = observe({ seconds: 60, leakMsPerSecond: 1, seed, mood: 0.5, perSecond: 20 }).result();
    if (drift.findings.some(({ pod, direction }) => pod === 'pod-2' && direction === 'rising')) found++;
  }
  expect(found).toBe(50);
});

it.each([
  [60, 30],
  [60, 45],
  [120, 20],
  [600, 400],
])('finds the pod that jumps to a slower level, in %d s at second %d', (seconds, second) => {
  let found = 0;
  for (let seed = 1; seed <= 10; seed++) {
    const service = { seconds, seed, mood: 0.5, perSecond: 20, jump: { second, ms: 40 } };
    const drift = driftSchema.parse(observe(service).result());
    const pods = drift.findings.filter(({ pod }) => pod !== null);
    if (pods.length === 1 && pods[0]!.pod === 'pod-2' && Math.abs(pods[0]!.jumpAtSecond! - second) <= 8) found++;
  }
  expect(found).toBe(10);
  const drift = observe({ seconds, jump: { second, ms: 40 } }).result();
  expect(drift.verdict).toBe('worse');
  expect(of(drift, 'pod').sentence).toMatch(
    /^The mean service time of pod-2 jumps in second \d+: from (19|20|21)(\.\d)? to (59|60|61)(\.\d)? ms\.$/
  );
});

it('does not call a leak a jump', () => {
  const drift = observe({ seconds: 120, leakMsPerSecond: 1 }).result();
  expect(of(drift, 'pod')).toMatchObject({ direction: 'rising' });
  expect(of(drift, 'pod').jumpAtSecond).toBeUndefined();
});

it.each([
  ['a minute, steady', 60, 0, 0.01],
  ['a minute with moods that last seconds', 60, 0.5, 0.01],
  ['a minute with moods that last long', 60, 0.8, 0.03],
  ['three minutes with moods that last long', 180, 0.8, 0.01],
])('claims drift by mistake in at most the stated share: %s', (_name, seconds, mood, share) => {
  let alarms = 0;
  for (let seed = 1; seed <= 100; seed++) {
    if (observe({ seconds, seed, mood, perSecond: 12 }).result().verdict !== 'steady') alarms++;
  }
  expect(alarms / 100).toBeLessThanOrEqual(share);
});

it('finds errors that become more frequent', () => {
  const drift = observe({ seconds: 120, errorShare: (second) => second / 600 }).result();
  expect(drift.verdict).toBe('worse');
  expect(of(drift, 'errorRate')).toMatchObject({ direction: 'rising' });
  expect(of(drift, 'errorRate').to).toBeGreaterThan(15);
  expect(drift.sentence).toMatch(/^The error rate rises by [\d.]+ % a minute \([\d.]+ to [\d.]+\): from .* to .* %\./);
});

it('finds a balance that gets lost', () => {
  const drift = observe({ seconds: 300, perSecond: 80, firstShare: (second) => 0.25 + second / 1000 }).result();
  expect(drift.verdict).toBe('worse');
  expect(of(drift, 'balance')).toMatchObject({ direction: 'falling' });
});

it('calls an error rate that falls better', () => {
  const drift = observe({ seconds: 120, errorShare: (second) => 0.2 - second / 600 }).result();
  expect(drift.verdict).toBe('better');
});

it('keeps quiet about a change that is real but too small to matter', () => {
  const tracker = new DriftTracker();
  const random = new Random(3);
  for (let second = 0; second < 60; second++) {
    const response = new Histogram();
    for (let i = 0; i < 20; i++) response.record(20_000 + 20 * second + 200 * random.normal());
    tracker.add({
      second,
      response,
      completed: 20,
      errors: 0,
      balance: balanceOf([{ pod: 'a', served: 20, microseconds: 1 }]),
    });
  }
  const drift = tracker.result();
  expect(of(drift, 'p50').p).toBeLessThan(1e-6);
  expect(drift.verdict).toBe('steady');
});

it('says when there was too little to tell', () => {
  expect(observe({ seconds: 59 }).result()).toMatchObject({ verdict: 'too-short', findings: [], seconds: 59 });
  expect(observe({ seconds: 60 }).result().verdict).toBe('steady');
  expect(observe({ seconds: 60, perSecond: 0 }).result().verdict).toBe('too-short');
});

it.each([
  [60, 1],
  [128, 1],
  [129, 2],
  [256, 2],
  [257, 4],
  [600, 8],
  [3600, 32],
])('gathers %d s into points of %d s', (seconds, secondsPerPoint) => {
  expect(observe({ seconds, perSecond: 4 }).result()).toMatchObject({ seconds, secondsPerPoint });
});

it('leaves out a pod that was there for a part of the run only', () => {
  const tracker = new DriftTracker();
  for (let second = 0; second < 60; second++) {
    const response = new Histogram();
    response.record(1000);
    const late = second < 10 ? [] : [{ pod: 'late', served: 10, microseconds: 1e5 * second }];
    const balance = balanceOf([{ pod: 'always', served: 10, microseconds: 1e5 }, ...late]);
    tracker.add({ second, response, completed: 1, errors: 0, balance });
  }
  expect(tracker.result().findings.filter(({ pod }) => pod !== null)).toEqual([]);
});
