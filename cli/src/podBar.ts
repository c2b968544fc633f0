import { styleText } from 'node:util';
import type { PodBalance } from '@evenkeel/contract/balance';

/** Share of the bar's width that the largest of share, expectation and noise band takes. */
const FILL = 0.92;

/**
 * A bar of `width` cells: filled to the pod's share, a line at its expected share, and the band that chance explains shaded.
 * `largest` is the share that takes most of the width, the same for all pods of one view.
 */
export function podBar(pod: PodBalance, width: number, largest: number): string {
  const cell = (share: number) => (largest > 0 ? (share / largest) * FILL * width : 0);
  const filled = Math.round(cell(pod.share));
  const expected = Math.min(width - 1, Math.max(0, Math.round(cell(pod.expectedShare)) - 1));
  const bandFrom = Math.floor(cell(pod.noiseLowShare));
  const bandTo = Math.ceil(cell(pod.noiseHighShare));
  const colour = pod.significant ? 'red' : 'cyan';
  let bar = '';
  for (let i = 0; i < width; i++) {
    const inBand = i >= bandFrom && i < bandTo;
    if (i === expected) bar += styleText(['bold'], '┃');
    else if (i < filled) bar += styleText([colour], inBand ? '▓' : '█');
    else bar += styleText(['dim'], inBand ? '░' : '·');
  }
  return bar;
}

/** The share that decides the scale of a view's bars. */
export function largestShare(pods: readonly PodBalance[]): number {
  return pods.reduce((max, pod) => Math.max(max, pod.share, pod.expectedShare, pod.noiseHighShare), 0);
}

/** The pods to show when there is room for `room`: all in order, or those farthest from their expectation. */
export function podsWorthShowing(pods: readonly PodBalance[], room: number): readonly PodBalance[] {
  if (pods.length <= room) return pods;
  return pods
    .toSorted((a, b) => Math.abs((b.ratio ?? 1) - 1) - Math.abs((a.ratio ?? 1) - 1))
    .slice(0, Math.max(0, room));
}
