import type { BreakingPointStep, Scalability } from '@evenkeel/contract/breakingPoint';
import { Random } from '../random/random.ts';
import {
  determination,
  fitScalabilityLaw,
  type LoadLevel,
  peakLevel,
  type ScalabilityLaw,
  throughputAt,
} from '../statistics/scalabilityLaw.ts';

const MIN_LEVELS = 6;
const MIN_R2 = 0.9;
/** A peak or an asymptote further out than this many times what was measured is a guess. */
const MAX_EXTRAPOLATION = 2;
const RESAMPLES = 200;

/**
 * The universal scalability law over the steps that a target kept up with, or why there is none. The number in the system is
 * not chosen in an open model; it follows from Little's law: throughput times mean response time. Intervals are of 95 %, by
 * resampling the residuals with a fixed seed, so the same steps give the same intervals.
 */
export function scalabilityOfSteps(steps: readonly BreakingPointStep[], seed = 1): Scalability {
  const levels = steadyLevels(steps);
  if (levels.length < MIN_LEVELS) {
    return refused(
      `No scalability fit: it needs ${MIN_LEVELS} rates that the target kept up with, and there are ${levels.length}.`
    );
  }
  const law = fitScalabilityLaw(levels);
  const r2 = law === null ? 0 : determination(law, levels);
  if (law === null || r2 < MIN_R2) {
    return refused(
      `No scalability fit: the law explains ${percent(Math.max(0, r2))} of the differences in throughput, below the ${percent(MIN_R2)} that it takes.`
    );
  }
  const largest = Math.max(...levels.map(({ n }) => n));
  const peak = peakLevel(law);
  if (peak !== null && peak > MAX_EXTRAPOLATION * largest && peakMatters(law, peak, largest)) {
    return refused(
      `No scalability fit: its peak would lie at ${round(peak)} requests in flight, more than ${MAX_EXTRAPOLATION} times the ${round(largest)} that were measured.`
    );
  }
  const resampled = resample(law, levels, new Random(seed));
  const of = (pick: (law: ScalabilityLaw) => number) => interval(pick(law), resampled.map(pick));
  const kappa = of((one) => one.kappa);
  // A fall beyond a peak is claimed only when no plausible fit does without it.
  const peakInFlight = peak !== null && peak <= MAX_EXTRAPOLATION * largest && kappa.low > 0 ? peak : null;
  const maxRate = highestRate(law, levels, peak);
  return {
    fit: {
      lambda: of((one) => one.lambda),
      sigma: of((one) => one.sigma),
      kappa,
      r2,
      peakInFlight,
      maxRate,
      points: levels.length,
    },
    sentence: sentenceOf(
      law,
      peakInFlight,
      maxRate,
      steps.some(({ verdict }) => verdict === 'failed')
    ),
  };
}

/** One level per rate: repeated steps are averaged. Steps that did not keep up are no steady state and say nothing. */
function steadyLevels(steps: readonly BreakingPointStep[]): LoadLevel[] {
  const byRate = new Map<number, LoadLevel[]>();
  for (const step of steps) {
    const kept = step.verdict === 'passed' || step.signal === 'latency' || step.signal === 'balance';
    if (!kept || step.meanMs === null || step.meanMs <= 0 || step.goodRate <= 0) continue;
    const level = { n: (step.goodRate * step.meanMs) / 1000, x: step.goodRate };
    byRate.set(step.rate, [...(byRate.get(step.rate) ?? []), level]);
  }
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return Array.from(byRate.values(), (same) => ({
    n: mean(same.map(({ n }) => n)),
    x: mean(same.map(({ x }) => x)),
  }));
}

/** A far peak is harmless where the crosstalk behind it takes next to nothing from what was measured. */
function peakMatters(law: ScalabilityLaw, peak: number, largest: number): boolean {
  const without = throughputAt({ ...law, kappa: 0 }, largest);
  return throughputAt(law, largest) < 0.95 * without && peak > largest;
}

/** Where the law tops out, if that is near enough to what was measured to be believed. */
function highestRate(law: ScalabilityLaw, levels: readonly LoadLevel[], peak: number | null): number | null {
  const measured = Math.max(...levels.map(({ x }) => x));
  const top =
    peak !== null ? throughputAt(law, peak) : law.sigma > 0 ? law.lambda / law.sigma : Number.POSITIVE_INFINITY;
  return top <= MAX_EXTRAPOLATION * measured ? top : null;
}

function resample(law: ScalabilityLaw, levels: readonly LoadLevel[], random: Random): ScalabilityLaw[] {
  // Residuals of a fit with three parameters are too small by this factor; relative ones, since busy levels vary more.
  const inflation = Math.sqrt(levels.length / (levels.length - 3));
  const residuals = levels.map(({ n, x }) => (x / throughputAt(law, n) - 1) * inflation);
  const fits: ScalabilityLaw[] = [];
  for (let i = 0; i < RESAMPLES; i++) {
    const drawn = levels.map(({ n }) => ({
      n,
      x: throughputAt(law, n) * Math.max(0.01, 1 + residuals[random.below(residuals.length)]!),
    }));
    const fit = fitScalabilityLaw(drawn);
    if (fit !== null) fits.push(fit);
  }
  return fits;
}

function interval(value: number, resampled: readonly number[]): { value: number; low: number; high: number } {
  const sorted = [...resampled].sort((a, b) => a - b);
  const at = (q: number) => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? value;
  return { value, low: Math.min(value, at(0.025)), high: Math.max(value, at(0.975)) };
}

function sentenceOf(law: ScalabilityLaw, peak: number | null, maxRate: number | null, gaveWay: boolean): string {
  const contention = `${percent(law.sigma)} of the work cannot overlap`;
  if (maxRate === null) {
    const grows = 'By the scalability law throughput grows almost in step with the load';
    return gaveWay
      ? `${grows} as far as the service keeps up: what ends it is a wall, not contention that grows.`
      : `${grows}: no ceiling is in sight in what was measured.`;
  }
  if (peak !== null) {
    return `By the scalability law throughput peaks at ${round(maxRate)} requests/s with ${round(peak)} in flight and falls beyond; ${contention}.`;
  }
  return `By the scalability law throughput levels off at ${round(maxRate)} requests/s; ${contention}.`;
}

const refused = (sentence: string): Scalability => ({ fit: null, sentence });
const percent = (share: number) => `${Number((100 * share).toPrecision(2))} %`;
const round = (value: number) => Number(value.toPrecision(3));
