import type { BalanceScore, PodBalance } from '@evenkeel/contract/balance';
import type { LatencySummary } from '@evenkeel/contract/latency';
import type { OutcomeCounts } from '@evenkeel/contract/outcome';
import type { Phase, Sample } from '@evenkeel/contract/sample';
import { DEFAULT_TARGET_PERCENT } from '@evenkeel/contract/targetPercent';
import { Random } from '@evenkeel/core/random/random';

const Z = 1.96;

/** A sample of `podNames.length` pods under an even load with a little seeded noise; the figures only have to look right. */
export function syntheticSample(
  podNames: readonly string[],
  second: number,
  phase: Phase,
  startedAt: number,
  ratePerPod = 50
): Sample {
  const random = new Random(second + 1);
  const noise = () => random.next() * 2 - 1;
  const expected = ratePerPod * Math.min(60, second + 1);
  const spread = Math.sqrt(expected);
  const requestsPerPod = podNames.map(() => Math.max(0, Math.round(expected + noise() * 1.5 * spread)));
  const requests = requestsPerPod.reduce((sum, n) => sum + n, 0);
  const completed = podNames.length * ratePerPod;
  const expectedShare = 1 / podNames.length;
  const half = (Z * spread) / Math.max(1, requests);
  const perPod: PodBalance[] = podNames.map((pod, i) => ({
    pod,
    requests: requestsPerPod[i]!,
    expected,
    share: requestsPerPod[i]! / requests,
    expectedShare,
    ratio: requestsPerPod[i]! / expected,
    noiseLowShare: Math.max(0, expectedShare - half),
    noiseHighShare: Math.min(1, expectedShare + half),
    z: (requestsPerPod[i]! - expected) / spread,
    significant: false,
    leaked: 0,
  }));
  const p50 = 12 + noise();
  const latency = (scale: number): LatencySummary => ({
    count: completed,
    mean: p50 * 1.1 * scale,
    p50: p50 * scale,
    p90: p50 * 1.8 * scale,
    p95: p50 * 2.2 * scale,
    p99: p50 * 3.4 * scale,
    p999: p50 * 5 * scale,
    max: p50 * 6 * scale,
  });
  const outcomes: OutcomeCounts = {
    ok: completed,
    'http-4xx': 0,
    'http-5xx': 0,
    timeout: 0,
    connect: 0,
    reset: 0,
    tls: 0,
    other: 0,
    unexpected: 0,
  };
  const balance: BalanceScore = {
    verdict: 'balanced',
    cause: 'even',
    sentence: `The load is even: the ${podNames.length} pods differ no more than chance makes them.`,
    targetPercent: DEFAULT_TARGET_PERCENT,
    scorePercent: 98.6,
    lowPercent: 97.4,
    highPercent: 99.6,
    rawPercent: 96.2,
    cv: 0.038,
    correctedCv: 0.014,
    noiseFloorCv: 1 / spread,
    requests,
    requestsNeeded: null,
    pods: podNames.length,
    unattributed: 0,
    unattributedShare: 0,
    guards: [],
    effectiveDecisions: requests,
    measures: null,
    work: null,
    perPod,
  };
  return {
    second,
    at: startedAt + second * 1000,
    phase,
    offered: completed,
    sent: completed,
    completed,
    dropped: 0,
    inFlight: Math.round(completed * 0.012),
    users: null,
    outcomes,
    endings: completed > 0 ? { 200: completed } : {},
    response: latency(1),
    service: latency(0.9),
    unattributed: 0,
    balance,
    generator: {
      state: 'ok',
      reasons: [],
      eventLoopUtilisation: 0.3,
      eventLoopDelayP99Ms: 11,
      lateness: latency(0.02),
      dropped: 0,
      cpuCores: 0.6,
      openConnections: 100,
    },
    pods: podNames.map((pod) => ({
      pod,
      requests: ratePerPod,
      errors: 0,
      meanMs: p50 + noise(),
      p95Ms: p50 * 2.2 + noise(),
      p99Ms: p50 * 3.4 + noise(),
      ready: true,
      cpuCores: 0.2 + random.next() * 0.05,
      memoryBytes: 60e6 + random.next() * 5e6,
      activeConnections: Math.round(random.next() * 8),
    })),
  };
}
