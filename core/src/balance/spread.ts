/** One pod's part in a spread: what it got, what it should have got, and the variance that chance gives its count. */
export interface Cell {
  readonly observed: number;
  readonly expected: number;
  /** In requests: Σ n_t w_it (1 - w_it). */
  readonly variance: number;
  /** Requests that were expected of the pod; the same as `expected` unless something else than requests is spread. */
  readonly expectedRequests: number;
}

export interface Spread {
  /** Requests behind the spread. */
  readonly requests: number;
  /** Population coefficient of variation of observed over expected, weighted by the expected share. */
  readonly cv: number;
  /** n CV²: Pearson's statistic Σ (x_i - e_i)² / e_i when requests are spread. */
  readonly chiSquare: number;
  /** Σ variance_i / e_i: k - 1 for k pods that stay; the mean of `chiSquare` under a fair random balancer. */
  readonly degrees: number;
  /** Σ (1/2)² / e_i: counts are whole, so a smaller chi-square is no evidence that they are any closer. */
  readonly resolution: number;
  /** sqrt(degrees / n): the CV of a fair random balancer. */
  readonly noiseFloorCv: number;
  /** (CV² - degrees / n) n / (n - 1): unbiased for the squared CV of the routing probabilities; may be negative. */
  readonly correctedSquare: number;
  /** sqrt of it, at least 0. */
  readonly correctedCv: number;
}

/**
 * How far apart `observed` and `expected` are: CV² = (1 / Σe) Σ (x_i - e_i)² / e_i. Pods of which nothing was expected have no part.
 * Null when there is nothing to compare: fewer than two requests, nothing observed, or never a choice between pods.
 */
export function spreadOf(cells: readonly Cell[]): Spread | null {
  let total = 0;
  let requests = 0;
  let squares = 0;
  let degrees = 0;
  let resolution = 0;
  for (const { observed, expected, variance, expectedRequests } of cells) {
    if (expectedRequests <= 0) continue;
    requests += expectedRequests;
    degrees += variance / expectedRequests;
    resolution += 0.25 / expectedRequests;
    if (expected <= 0) continue;
    total += expected;
    squares += (observed - expected) ** 2 / expected;
  }
  if (total <= 0 || requests < 1.5 || degrees <= 0) return null;
  const square = squares / total;
  const correctedSquare = ((square - degrees / requests) * requests) / (requests - 1);
  return {
    requests,
    cv: Math.sqrt(square),
    chiSquare: requests * square,
    degrees,
    resolution,
    noiseFloorCv: Math.sqrt(degrees / requests),
    correctedSquare,
    correctedCv: Math.sqrt(Math.max(0, correctedSquare)),
  };
}

/** 100 x (1 - cv), never below 0. */
export function percentOf(cv: number): number {
  return 100 * Math.max(0, 1 - cv);
}
