import { regularisedGammaUpper } from './gamma.ts';

/** Density of the standard normal distribution. */
export function normalDensity(z: number): number {
  return Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);
}

/** P(Z <= z) of the standard normal distribution, with full relative precision in the lower tail. */
export function normalCdf(z: number): number {
  const tail = 0.5 * regularisedGammaUpper(0.5, 0.5 * z * z);
  return z > 0 ? 1 - tail : tail;
}

/** The z with P(Z <= z) = p, for p in [0, 1]; infinite at the ends. */
export function normalQuantile(p: number): number {
  if (p <= 0) return -Infinity;
  if (p >= 1) return Infinity;
  if (p > 0.5) return -normalQuantile(1 - p);
  // Abramowitz and Stegun 26.2.23 is good to 4.5e-4; two Halley steps bring that to full precision.
  const t = Math.sqrt(-2 * Math.log(p));
  let z = (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))) - t;
  for (let step = 0; step < 2; step++) {
    const error = (normalCdf(z) - p) / normalDensity(z);
    z -= error / (1 + 0.5 * z * error);
  }
  return z;
}
