import type { PodBalance } from '@evenkeel/contract/balance';
import { benjaminiHochberg } from '../statistics/benjaminiHochberg.ts';
import { binomialPValue } from '../statistics/binomial.ts';
import type { BalanceTotals, PodTotals } from './balanceWindow.ts';

/** At most this share of the pods that are called significant may be so by chance. */
const FALSE_DISCOVERY_RATE = 0.01;
/** Normal quantile of 0.975. */
const BAND_Z = 1.959964;

/** Two-sided p-value of a pod's count under chance: the binomial with the mean and variance that was expected of it. */
function pValueOf({ requests, expected, variance }: PodTotals): number {
  if (expected <= 0 || variance <= 0) return 1;
  const chance = 1 - variance / expected;
  return binomialPValue(requests, expected / chance, chance);
}

/** The table of pods: shares, the band that chance alone gives, and whose count is beyond chance. */
export function podTable({ pods, requests }: BalanceTotals): PodBalance[] {
  const judged = pods.filter((pod) => pod.eligible);
  const significant = new Set<PodTotals>();
  benjaminiHochberg(judged.map(pValueOf), FALSE_DISCOVERY_RATE).forEach((found, index) => {
    if (found) significant.add(judged[index]!);
  });
  const share = (count: number) => (requests > 0 ? Math.min(1, Math.max(0, count / requests)) : 0);
  return pods.map((totals) => {
    const { pod, requests: count, expected, variance, leaked } = totals;
    const band = BAND_Z * Math.sqrt(variance);
    return {
      pod,
      requests: count,
      expected,
      share: share(count),
      expectedShare: share(expected),
      ratio: expected > 0 ? count / expected : null,
      noiseLowShare: share(expected - band),
      noiseHighShare: share(expected + band),
      z: variance > 0 ? (count - expected) / Math.sqrt(variance) : 0,
      significant: significant.has(totals),
      leaked,
    };
  });
}
