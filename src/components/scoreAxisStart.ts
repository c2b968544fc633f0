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
