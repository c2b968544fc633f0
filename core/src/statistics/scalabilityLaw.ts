/** X(N) = lambda N / (1 + sigma (N - 1) + kappa N (N - 1)): the universal scalability law (Gunther 2007). */
export interface ScalabilityLaw {
  /** Throughput at N = 1. */
  readonly lambda: number;
  /** Contention, at least 0. */
  readonly sigma: number;
  /** Crosstalk, at least 0. */
  readonly kappa: number;
}

/** One steady level: throughput `x` at `n` requests in the system, both above 0. */
export interface LoadLevel {
  readonly n: number;
  readonly x: number;
}

export function throughputAt({ lambda, sigma, kappa }: ScalabilityLaw, n: number): number {
  return (lambda * n) / (1 + sigma * (n - 1) + kappa * n * (n - 1));
}

/** The level of highest throughput; null when it only ever levels off. */
export function peakLevel({ sigma, kappa }: ScalabilityLaw): number | null {
  return kappa > 0 && sigma < 1 ? Math.sqrt((1 - sigma) / kappa) : null;
}

/** Coefficient of determination of a law over levels; can be negative when it fits worse than a constant. */
export function determination(law: ScalabilityLaw, levels: readonly LoadLevel[]): number {
  const mean = levels.reduce((sum, { x }) => sum + x, 0) / levels.length;
  const total = levels.reduce((sum, { x }) => sum + (x - mean) ** 2, 0);
  const residual = levels.reduce((sum, { n, x }) => sum + (x - throughputAt(law, n)) ** 2, 0);
  return total === 0 ? 0 : 1 - residual / total;
}

/**
 * The law that fits levels best, by least squares of throughput; null when there are fewer than 3 different levels.
 *
 * N / X is linear in 1 / lambda, sigma / lambda and kappa / lambda. A residual of N / X is one of X times N / (X X'), so weighting
 * by the square of X X' / N, with X' of the fit before, makes the linear problem that of throughput; a few rounds settle it.
 * Of the fits with sigma, kappa or both held at 0 the best one whose parameters are not negative is taken.
 */
export function fitScalabilityLaw(levels: readonly LoadLevel[]): ScalabilityLaw | null {
  if (new Set(levels.map(({ n }) => n)).size < 3) return null;
  let best: { law: ScalabilityLaw; r2: number } | null = null;
  for (const free of [
    [true, true],
    [true, false],
    [false, true],
    [false, false],
  ] as const) {
    const law = fitWith(levels, free);
    if (law === null) continue;
    const r2 = determination(law, levels);
    if (best === null || r2 > best.r2) best = { law, r2 };
  }
  return best?.law ?? null;
}

const ROUNDS = 30;
/** Relative change of the fitted throughput below which another round changes nothing that matters. */
const SETTLED = 1e-9;

function fitWith(
  levels: readonly LoadLevel[],
  [freeSigma, freeKappa]: readonly [boolean, boolean]
): ScalabilityLaw | null {
  let fitted = levels.map(({ x }) => x);
  let law: ScalabilityLaw | null = null;
  for (let round = 0; round < ROUNDS; round++) {
    const rows = levels.map(({ n, x }, i) => {
      const weight = (x * fitted[i]!) / n;
      const columns = [1, ...(freeSigma ? [n - 1] : []), ...(freeKappa ? [n * (n - 1)] : [])];
      return { columns: columns.map((value) => value * weight), value: (n / x) * weight };
    });
    const solution = leastSquares(rows);
    if (solution === null) return null;
    const [inverse, first = 0, second = 0] = solution;
    const [b, c] = freeSigma ? [first, second] : [0, first];
    if (!(inverse! > 0) || b < 0 || c < 0) return null;
    law = { lambda: 1 / inverse!, sigma: b / inverse!, kappa: c / inverse! };
    const before = fitted;
    fitted = levels.map(({ n }) => throughputAt(law!, n));
    if (fitted.some((x) => !(x > 0))) return null;
    if (fitted.every((x, i) => Math.abs(x - before[i]!) <= SETTLED * x)) break;
  }
  return law;
}

/** Solves a small least-squares problem by the normal equations with pivoting; null when it is singular. */
function leastSquares(rows: readonly { columns: readonly number[]; value: number }[]): number[] | null {
  const size = rows[0]!.columns.length;
  // Columns of very different size (1, N, N²) would lose digits: scale each to length 1 first.
  const scale = Array.from({ length: size }, (_, j) => Math.hypot(...rows.map((row) => row.columns[j]!)) || 1);
  const matrix = Array.from({ length: size }, (_, i) =>
    Array.from({ length: size + 1 }, (_, j) =>
      rows.reduce(
        (sum, { columns, value }) => sum + (columns[i]! / scale[i]!) * (j === size ? value : columns[j]! / scale[j]!),
        0
      )
    )
  );
  for (let column = 0; column < size; column++) {
    let pivot = column;
    for (let row = column + 1; row < size; row++) {
      if (Math.abs(matrix[row]![column]!) > Math.abs(matrix[pivot]![column]!)) pivot = row;
    }
    [matrix[column], matrix[pivot]] = [matrix[pivot]!, matrix[column]!];
    if (Math.abs(matrix[column]![column]!) < 1e-12) return null;
    for (let row = 0; row < size; row++) {
      if (row === column) continue;
      const factor = matrix[row]![column]! / matrix[column]![column]!;
      for (let j = column; j <= size; j++) matrix[row]![j]! -= factor * matrix[column]![j]!;
    }
  }
  return matrix.map((row, i) => row[size]! / row[i]! / scale[i]!);
}
