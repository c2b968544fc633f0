import type { BreakingPointStep, Knee } from '@evenkeel/contract/breakingPoint';
import { type CurvePoint, kneedle } from '../statistics/kneedle.ts';

/** Rates below which a curve is too coarse to speak of its knee. */
const MIN_RATES = 6;

/** Where throughput stops to follow the offered rate, over all steps that say something about the target. */
export function kneeOfSteps(steps: readonly BreakingPointStep[]): Knee {
  const byRate = new Map<number, BreakingPointStep[]>();
  for (const step of steps) {
    if (step.verdict === 'inconclusive') continue;
    byRate.set(step.rate, [...(byRate.get(step.rate) ?? []), step]);
  }
  const points: CurvePoint[] = [...byRate]
    .map(([x, same]) => ({ x, y: same.reduce((sum, step) => sum + step.goodRate, 0) / same.length }))
    .sort((a, b) => a.x - b.x);
  if (points.length < MIN_RATES) {
    return { rate: null, sentence: `No knee: it takes ${MIN_RATES} different rates, and ${points.length} were tried.` };
  }
  const knee = kneedle(points, 'concave');
  if (knee === null) {
    return { rate: null, sentence: 'No knee: throughput followed the offered rate all the way.' };
  }
  return {
    rate: knee.x,
    sentence: `Up to about ${knee.x} requests/s throughput follows the offered rate; beyond, more load buys little.`,
  };
}
