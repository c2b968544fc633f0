import { countText } from './figures.ts';

/** A number of requests to plan with: upwards to two digits, 12,345 -> 13,000. */
export function aboutText(count: number): string {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, count))) - 1);
  return countText(Math.ceil(count / unit) * unit);
}

/** A ratio: 1.25x. Ratios that differ from 1 by less than half a percent show as 1x. */
export function timesText(ratio: number): string {
  return `${Number(ratio.toFixed(ratio >= 10 ? 0 : 2))}x`;
}

/** A pod's name, cut at the front when it would crowd a sentence: its end is what tells replicas apart. */
export function podText(pod: string): string {
  return pod.length <= 40 ? pod : `…${pod.slice(-39)}`;
}

/** A duration in milliseconds, to two digits: 3.2 ms, 48 ms; whole from there on. */
export function millisecondsText(ms: number): string {
  return `${ms >= 100 ? countText(ms) : Number(ms.toPrecision(2))} ms`;
}
