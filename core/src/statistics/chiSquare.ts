import { logGamma, regularisedGammaLower, regularisedGammaUpper } from './gamma.ts';
import { normalQuantile } from './normal.ts';
import { findRoot } from './root.ts';

/** P(X <= x) of the chi-square distribution with `degrees` > 0 degrees of freedom (any real number). */
export function chiSquareCdf(x: number, degrees: number): number {
  return regularisedGammaLower(degrees / 2, x / 2);
}

/** P(X >= x): the p-value of a chi-square statistic. */
export function chiSquareSurvival(x: number, degrees: number): number {
  return regularisedGammaUpper(degrees / 2, x / 2);
}

/** The x with P(X <= x) = p, for p in [0, 1). */
export function chiSquareQuantile(p: number, degrees: number): number {
  if (p <= 0) return 0;
  if (p >= 1) return Infinity;
  // Wilson and Hilferty (1931): the cube root of X / degrees is nearly normal; good enough to open a bracket.
  const spread = 2 / (9 * degrees);
  const guess = degrees * Math.max(1e-3, 1 - spread + normalQuantile(p) * Math.sqrt(spread)) ** 3;
  let high = 2 * guess + 1;
  while (chiSquareCdf(high, degrees) < p) high *= 2;
  // P(X <= x) is never above (x/2)^a / Γ(a + 1), which gives the lower end. Few degrees of freedom have quantiles like 1e-30:
  // only the logarithm finds those.
  const a = degrees / 2;
  const low = Math.LN2 + (Math.log(p) + logGamma(a + 1)) / a;
  return Math.exp(findRoot((x) => chiSquareCdf(Math.exp(x), degrees) - p, low - 1e-9, Math.log(high), 1e-12));
}
