import type { Random } from '../../random/random.ts';

/** Values of which each resembles the one before: an autoregressive series of standard deviation 1. */
export function dependentValues(n: number, correlation: number, random: Random): number[] {
  let value = random.normal();
  return Array.from({ length: n }, () => {
    const now = value;
    value = correlation * value + Math.sqrt(1 - correlation ** 2) * random.normal();
    return now;
  });
}
