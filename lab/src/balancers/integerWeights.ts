const LARGEST = 256;

/**
 * Whole weights of 1 to 256 in the proportions of the given ones, as small as they can be, for programs that know no
 * fractions; 0 stays 0.
 */
export function integerWeights(weights: readonly number[]): number[] {
  const largest = Math.max(...weights);
  if (largest === 0) return weights.map(() => 0);
  const scaled = (factor: number) => weights.map((weight) => (weight * factor) / largest);
  let factor = LARGEST;
  for (let candidate = 1; candidate < LARGEST; candidate++) {
    if (scaled(candidate).every((value) => Math.abs(value - Math.round(value)) < 1e-6)) {
      factor = candidate;
      break;
    }
  }
  return scaled(factor).map((value) => (value === 0 ? 0 : Math.max(1, Math.round(value))));
}
