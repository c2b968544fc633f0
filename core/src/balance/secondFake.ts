import type { BalanceSecond, PodBalanceSecond } from './balanceWindow.ts';

export type PodFake = Partial<PodBalanceSecond> & { readonly decisions: number };

/**
 * One second for tests: pods named pod-0, pod-1, … that answered everything that was decided for them, in 10 ms, without errors.
 * A number stands for an eligible pod with so many decisions.
 */
export function secondFake(pods: readonly (number | PodFake)[], second: Partial<BalanceSecond> = {}): BalanceSecond {
  return {
    counts: true,
    unattributed: 0,
    unanswered: 0,
    ...second,
    pods: pods.map((entry, index) => {
      const pod = typeof entry === 'number' ? { decisions: entry } : entry;
      return {
        pod: `pod-${index}`,
        served: pod.decisions,
        errors: 0,
        serviceMicroseconds: 10_000 * pod.decisions,
        weight: 1,
        eligible: true,
        ...pod,
      };
    }),
  };
}
