import type { TimelinePoint } from '@evenkeel/contract/report';
import { rulerStart } from './rulerStart.ts';

/** Where the score's axis begins, so that neither a dip is cut off nor a healthy line pressed to the top. */
export function scoreAxisStart(timeline: readonly TimelinePoint[], targetPercent: number): number {
  let least: number | null = null;
  for (const { scorePercent } of timeline) {
    if (scorePercent !== null && (least === null || scorePercent < least)) least = scorePercent;
  }
  return rulerStart(least, targetPercent);
}

/** Ends of the score's axis: a little above 100, so that the line of a perfect score is not half cut off. */
export const scoreRange = (start: number): { min: number; max: number } => ({
  min: start,
  max: 100 + (100 - start) * 0.03,
});
