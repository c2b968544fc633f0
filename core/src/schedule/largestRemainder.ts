/**
 * Splits a whole number into whole parts proportional to `weights` that add up to it exactly (largest remainder;
 * equal remainders in order). Weights are at least 0 and not all 0.
 */
export function largestRemainder(total: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((a, b) => a + b, 0);
  const exact = weights.map((weight) => (total * weight) / sum);
  const parts = exact.map(Math.floor);
  const byRemainder = exact.map((value, index) => ({ index, remainder: value - parts[index]! }));
  byRemainder.sort((a, b) => b.remainder - a.remainder || a.index - b.index);
  const missing = total - parts.reduce((a, b) => a + b, 0);
  for (let i = 0; i < missing; i++) parts[byRemainder[i]!.index]!++;
  return parts;
}
