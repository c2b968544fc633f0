/**
 * Which of many p-values are significant when the probability of even one false finding may be at most `alpha` (Holm 1979).
 * The answer is in the order of the input.
 */
export function holm(pValues: readonly number[], alpha: number): boolean[] {
  const order = pValues.map((_, i) => i).sort((a, b) => pValues[a]! - pValues[b]!);
  const significant = pValues.map(() => false);
  for (const [rank, i] of order.entries()) {
    if (pValues[i]! > alpha / (pValues.length - rank)) break;
    significant[i] = true;
  }
  return significant;
}
