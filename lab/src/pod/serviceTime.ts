import type { Random } from '@evenkeel/core/random/random';

/** How long a pod of capacity 1 works on a request. */
export interface ServiceTime {
  readonly kind: 'constant' | 'exponential' | 'log-normal';
  /** Mean in milliseconds, 0 or more. */
  readonly meanMs: number;
  /** Standard deviation of the logarithm; only of `log-normal`. The squared CV of the times is exp(sigma²) - 1. */
  readonly sigma?: number;
}

/** Draws one service time, in milliseconds. */
export function drawServiceTime(time: ServiceTime, random: Random): number {
  switch (time.kind) {
    case 'constant':
      return time.meanMs;
    case 'exponential':
      return time.meanMs * random.exponential();
    case 'log-normal': {
      const sigma = time.sigma ?? 0;
      return time.meanMs * Math.exp(sigma * random.normal() - (sigma * sigma) / 2);
    }
  }
}
