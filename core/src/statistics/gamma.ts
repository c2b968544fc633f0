const HALF_LOG_TWO_PI = 0.9189385332046728;
const CONVERGED = 1e-16;
const MAX_TERMS = 1_000_000;

/** Stirling's series for ln Γ(x) - [(x - 1/2) ln x - x + ln √(2π)]; full precision for x >= 10 (Abramowitz and Stegun 6.1.41). */
function stirlingRest(x: number): number {
  const inverse = 1 / x;
  const square = inverse * inverse;
  return (
    inverse *
    (1 / 12 -
      square * (1 / 360 - square * (1 / 1260 - square * (1 / 1680 - square * (1 / 1188 - square * (691 / 360360))))))
  );
}

/** ln Γ(x) for x > 0; relative error about 1e-15 away from its zeros at 1 and 2. */
export function logGamma(x: number): number {
  let product = 1;
  let shifted = x;
  while (shifted < 10) {
    product *= shifted;
    shifted += 1;
  }
  return (shifted - 0.5) * Math.log(shifted) - shifted + HALF_LOG_TWO_PI + stirlingRest(shifted) - Math.log(product);
}

/** `x ln(x / m) + m - x` without the cancellation near x = m (Loader 2000, "Fast and accurate computation of binomial probabilities"). */
function deviance(x: number, m: number): number {
  if (Math.abs(x - m) >= 0.1 * (x + m)) return x * Math.log(x / m) + m - x;
  const ratio = (x - m) / (x + m);
  let sum = (x - m) * ratio;
  let term = 2 * x * ratio;
  for (let odd = 3; odd < 1000; odd += 2) {
    term *= ratio * ratio;
    const next = sum + term / odd;
    if (next === sum) break;
    sum = next;
  }
  return sum;
}

/**
 * `mean^k e^-mean / Γ(k + 1)`: the Poisson probability of k, continued to every real k >= 0. Loader's saddle-point form keeps
 * full relative precision where the plain logarithms would cancel (means of 10^8).
 */
export function poissonMass(k: number, mean: number): number {
  if (mean === 0) return k === 0 ? 1 : 0;
  if (k === 0) return Math.exp(-mean);
  if (k < 10) return Math.exp(k * Math.log(mean) - mean - logGamma(k + 1));
  return Math.exp(-stirlingRest(k) - deviance(k, mean)) / Math.sqrt(2 * Math.PI * k);
}

/** P(a, x) by its power series; converges fast for x < a + 1. */
function lowerSeries(a: number, x: number): number {
  let term = 1;
  let sum = 1;
  for (let n = 1; n < MAX_TERMS; n++) {
    term *= x / (a + n);
    sum += term;
    if (term < sum * CONVERGED) break;
  }
  return Math.min(1, sum * poissonMass(a, x));
}

/** Q(a, x) by Legendre's continued fraction (modified Lentz); converges fast for x > a + 1. */
function upperFraction(a: number, x: number): number {
  const tiny = 1e-300;
  let b = x + 1 - a;
  let c = 1 / tiny;
  let d = 1 / b;
  let fraction = d;
  for (let n = 1; n < MAX_TERMS; n++) {
    const numerator = -n * (n - a);
    b += 2;
    d = numerator * d + b;
    d = 1 / (Math.abs(d) < tiny ? tiny : d);
    c = b + numerator / c;
    if (Math.abs(c) < tiny) c = tiny;
    const factor = d * c;
    fraction *= factor;
    if (Math.abs(factor - 1) < 4 * CONVERGED) break;
  }
  return Math.min(1, fraction * a * poissonMass(a, x));
}

/** Regularised lower incomplete gamma function P(a, x), for a > 0 and x >= 0. */
export function regularisedGammaLower(a: number, x: number): number {
  if (x <= 0) return 0;
  return x < a + 1 ? lowerSeries(a, x) : 1 - upperFraction(a, x);
}

/** Regularised upper incomplete gamma function Q(a, x) = 1 - P(a, x), without cancellation in the far tail. */
export function regularisedGammaUpper(a: number, x: number): number {
  if (x <= 0) return 1;
  return x < a + 1 ? 1 - lowerSeries(a, x) : upperFraction(a, x);
}
