import { logGamma } from './gamma.ts';
import { findRoot } from './root.ts';

/**
 * Probability of a |t| at least this large, two-sided, for Student's t with `degrees` degrees of freedom (real, above 0).
 * 1 - I_x(1/2, degrees/2) as I_{degrees/(degrees+t²)}(degrees/2, 1/2); NIST DLMF 8.17.
 */
export function studentTwoSidedP(t: number, degrees: number): number {
  if (!Number.isFinite(t)) return 0;
  return incompleteBeta(degrees / (degrees + t * t), degrees / 2, 0.5);
}

/** The t whose two-sided probability is `p` (0 < p < 1): 2.262 for p = 0.05 and 9 degrees. */
export function studentTwoSidedQuantile(p: number, degrees: number): number {
  let high = 2;
  while (studentTwoSidedP(high, degrees) > p) high *= 2;
  return findRoot((t) => studentTwoSidedP(t, degrees) - p, 0, high, 1e-9);
}

/** Regularised incomplete beta function I_x(a, b), by its continued fraction (DLMF 8.17.22). */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  // The fraction converges fast only below the mean; above it the mirrored one does.
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front = Math.exp(a * Math.log(x) + b * Math.log1p(-x) + logGamma(a + b) - logGamma(a) - logGamma(b)) / a;
  return front * betaFraction(x, a, b);
}

/** 1 / (1 + d1/(1 + d2/(1 + …))) by the modified Lentz algorithm. */
function betaFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300;
  let c = 1;
  let d = 1 - ((a + b) * x) / (a + 1);
  d = 1 / (Math.abs(d) < tiny ? tiny : d);
  let fraction = d;
  for (let m = 1; m <= 500; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    let change = 1;
    for (const term of [even, odd]) {
      d = 1 + term * d;
      d = 1 / (Math.abs(d) < tiny ? tiny : d);
      c = 1 + term / c;
      if (Math.abs(c) < tiny) c = tiny;
      change = c * d;
      fraction *= change;
    }
    if (Math.abs(change - 1) < 1e-14) break;
  }
  return fraction;
}
