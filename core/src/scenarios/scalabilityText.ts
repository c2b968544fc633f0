import type { Scalability } from '@evenkeel/contract/breakingPoint';

/** The fitted law in figures, each with its 95 % interval; null when there is no fit. */
export function scalabilityText({ fit }: Scalability): string | null {
  if (fit === null) return null;
  const shown = ({ value, low, high }: typeof fit.lambda) => `${short(value)} (${short(low)} to ${short(high)})`;
  return (
    `Scalability law over ${fit.points} rates: λ ${shown(fit.lambda)} requests/s, contention σ ${shown(fit.sigma)}, ` +
    `crosstalk κ ${shown(fit.kappa)}; R² ${fit.r2.toFixed(3)}.`
  );
}

/** Three digits, also of very small numbers. */
const short = (value: number): string => String(Number(value.toPrecision(3)));
