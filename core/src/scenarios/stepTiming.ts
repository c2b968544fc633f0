import type { BreakingPointSettings } from '@evenkeel/contract/breakingPoint';

export interface StepTiming {
  /** Seconds at the start of a step in which the service settles; they are not judged. */
  readonly settleSeconds: number;
  readonly judgedSeconds: number;
}

/**
 * How a step of a search is divided. It settles for 2 s or a tenth, whichever is longer. Where answers may take longer than that,
 * it settles for as long as they may take, and lasts that much longer: before, fewer answers come than requests go, with no queue.
 */
export function stepTiming({ stepSeconds, p95Ms }: Pick<BreakingPointSettings, 'stepSeconds' | 'p95Ms'>): StepTiming {
  const usual = Math.max(2, Math.ceil(stepSeconds / 10));
  return { settleSeconds: Math.max(usual, Math.ceil(p95Ms / 1000)), judgedSeconds: stepSeconds - usual };
}
