import { chiSquareCdf } from './chiSquare.ts';
import { poissonMass, regularisedGammaLower } from './gamma.ts';
import { normalCdf, normalDensity } from './normal.ts';
import { findRoot } from './root.ts';

/** Above this noncentrality the saddle-point form is closer than 1e-6 to the sum, and far cheaper. */
const SUM_UP_TO = 5000;
const NEGLIGIBLE = 1e-17;

/** The Poisson mixture of central distributions, summed outwards from its largest term, so nothing underflows. */
function byMixture(x: number, degrees: number, noncentrality: number): number {
  const mean = noncentrality / 2;
  const half = x / 2;
  const mode = Math.floor(mean);
  const modeWeight = poissonMass(mode, mean);
  const modeShape = degrees / 2 + mode;
  const modeCdf = regularisedGammaLower(modeShape, half);
  const modeStep = poissonMass(modeShape, half);
  let sum = modeWeight * modeCdf;

  // P(a + 1, x) = P(a, x) - x^a e^-x / Γ(a + 1), and the reverse downwards.
  let weight = modeWeight;
  let cdf = modeCdf;
  let step = modeStep;
  for (let j = mode; ; j++) {
    cdf -= step;
    step *= half / (degrees / 2 + j + 1);
    weight *= mean / (j + 1);
    if (cdf <= 0 || weight < NEGLIGIBLE) break;
    sum += weight * cdf;
  }
  weight = modeWeight;
  cdf = modeCdf;
  step = modeStep;
  for (let j = mode; j > 0; j--) {
    step *= (degrees / 2 + j) / half;
    cdf = Math.min(1, cdf + step);
    weight *= j / mean;
    if (weight < NEGLIGIBLE) break;
    sum += weight * cdf;
  }
  return Math.min(1, Math.max(0, sum));
}

/** Lugannani and Rice (1980), with the saddle point of this distribution in closed form. */
function bySaddlePoint(x: number, degrees: number, noncentrality: number): number {
  const u = (degrees + Math.sqrt(degrees * degrees + 4 * noncentrality * x)) / (2 * x);
  const offset = 1 - u;
  const exponent = (noncentrality * offset * offset) / (2 * u * u) + 0.5 * degrees * (offset / u + Math.log1p(-offset));
  const w = Math.sign(offset) * Math.sqrt(2 * Math.max(0, exponent));
  const secondCumulant = (4 * noncentrality) / u ** 3 + (2 * degrees) / (u * u);
  if (Math.abs(w) < 1e-3) {
    const thirdCumulant = (24 * noncentrality) / u ** 4 + (8 * degrees) / u ** 3;
    return normalCdf(w) + thirdCumulant / (6 * Math.sqrt(2 * Math.PI) * secondCumulant ** 1.5);
  }
  const v = 0.5 * offset * Math.sqrt(secondCumulant);
  return Math.min(1, Math.max(0, normalCdf(w) + normalDensity(w) * (1 / w - 1 / v)));
}

/**
 * P(X <= x) of the noncentral chi-square distribution with `degrees` > 0 and `noncentrality` >= 0. Up to a noncentrality of
 * 5,000 the Poisson mixture is summed (absolute error about 1e-12); beyond, the saddle-point approximation of Lugannani and
 * Rice serves (absolute error below 1e-6, shrinking as the noncentrality grows).
 */
export function noncentralChiSquareCdf(x: number, degrees: number, noncentrality: number): number {
  if (x <= 0) return 0;
  if (noncentrality === 0) return chiSquareCdf(x, degrees);
  return noncentrality <= SUM_UP_TO ? byMixture(x, degrees, noncentrality) : bySaddlePoint(x, degrees, noncentrality);
}

/**
 * The noncentrality under which an observed `x` is at quantile `p`; 0 when even the central distribution puts it lower.
 * It inverts the distribution for a confidence interval: quantile 0.975 gives the lower bound, 0.025 the upper one.
 */
export function noncentralityAt(x: number, degrees: number, p: number): number {
  if (chiSquareCdf(x, degrees) <= p) return 0;
  // On the scale of the root the function is close to linear, so few steps suffice.
  const excess = (root: number) => noncentralChiSquareCdf(x, degrees, root * root) - p;
  let high = Math.sqrt(x) + 4;
  while (excess(high) > 0) high *= 2;
  return findRoot(excess, 0, high, 1e-9 * high) ** 2;
}
