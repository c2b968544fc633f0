import type { BalanceGuard, BalanceScore } from '@evenkeel/contract/balance';

export type PodStanding =
  /** Within what chance alone gives. */
  | 'even'
  /** Significantly above or below its expected share. */
  | 'off'
  /** Fails the balance by itself: starved, hot, cold, a black hole. */
  | 'guarded'
  /** Not ready: nothing is expected of it. */
  | 'out';

export interface PodBar {
  readonly pod: string;
  readonly share: number;
  readonly expectedShare: number;
  readonly noiseLow: number;
  readonly noiseHigh: number;
  /** Requests over expected ones; null when nothing was expected. */
  readonly ratio: number | null;
  readonly requests: number;
  readonly standing: PodStanding;
  readonly guard: BalanceGuard['kind'] | null;
}

const byName = new Intl.Collator('en', { numeric: true });

/** One bar per pod, by name, so that a pod keeps its place from second to second. */
export function podBars(balance: BalanceScore): PodBar[] {
  const guards = new Map(balance.guards.map((guard) => [guard.pod, guard.kind]));
  return balance.perPod
    .map((pod): PodBar => {
      const guard = guards.get(pod.pod) ?? null;
      const isOut = pod.expected === 0;
      const standing: PodStanding = guard ? 'guarded' : isOut ? 'out' : pod.significant ? 'off' : 'even';
      return {
        pod: pod.pod,
        share: pod.share,
        expectedShare: pod.expectedShare,
        noiseLow: pod.noiseLowShare,
        noiseHigh: pod.noiseHighShare,
        ratio: pod.ratio,
        requests: pod.requests,
        standing,
        guard,
      };
    })
    .sort((a, b) => byName.compare(a.pod, b.pod));
}

/** Top of the share axis: a little above the highest bar, band or expectation; never 0. */
export function shareAxisEnd(bars: readonly PodBar[]): number {
  let top = 0;
  for (const bar of bars) top = Math.max(top, bar.share, bar.noiseHigh, bar.expectedShare);
  return top === 0 ? 1 : top * 1.08;
}

/** What the picture shows, in a sentence for those who do not see it. */
export function barsSentence(bars: readonly PodBar[]): string {
  if (bars.length === 0) return 'No pods yet';
  const off = bars.filter((bar) => bar.standing === 'off' || bar.standing === 'guarded');
  const most = bars.reduce((a, b) => (b.share > a.share ? b : a));
  const least = bars.reduce((a, b) => (b.share < a.share ? b : a));
  const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
  const ends = `most ${most.pod} with ${percent(most.share)}, least ${least.pod} with ${percent(least.share)}`;
  return `${bars.length} pods, ${off.length} outside of what chance gives; ${ends}`;
}
