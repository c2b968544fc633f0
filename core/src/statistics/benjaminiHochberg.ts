/**
 * Which of many p-values are significant when at most a share `q` of the findings may be false (Benjamini and Hochberg 1995).
 * The answer is in the order of the input.
 */
export function benjaminiHochberg(pValues: readonly number[], q: number): boolean[] {
  const sorted = Float64Array.from(pValues).sort();
  let threshold = -1;
  for (let rank = sorted.length; rank > 0; rank--) {
    const p = sorted[rank - 1]!;
    if (p <= (q * rank) / sorted.length) {
      threshold = p;
      break;
    }
  }
  return pValues.map((p) => p <= threshold);
}
