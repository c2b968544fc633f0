import type { LoadModel } from '@evenkeel/contract/scenario';
import { loadProfile } from '@evenkeel/core/schedule/loadProfile';

export interface LoadCurve {
  /** Outline of the load in a box of `width` by `height`, as an SVG path; '' when there is nothing to draw. */
  readonly line: string;
  /** The same, closed along the bottom. */
  readonly area: string;
  readonly highest: number;
  readonly durationSeconds: number;
  /** All requests of the profile; null in the users model. */
  readonly requests: number | null;
}

/** Draws a load from the very functions that the engine plays it by. */
export function loadCurve(load: LoadModel, width: number, height: number, points = 160): LoadCurve {
  const profile = loadProfile(load);
  const { durationSeconds, requests } = profile;
  const times = new Set<number>();
  for (let i = 0; i <= points; i++) times.add((durationSeconds * i) / points);
  if (load.model === 'rate') {
    // A jump between two stages has to be upright, not leaning by the width of a step.
    let t = 0;
    for (const stage of load.stages) {
      t += stage.durationSeconds;
      times.add(Math.max(0, t - 1e-6)).add(Math.min(durationSeconds, t));
    }
  }
  const sorted = [...times].filter((t) => t >= 0 && t <= durationSeconds).sort((a, b) => a - b);
  const levels = sorted.map((t) => profile.levelAt(Math.min(t, durationSeconds - 1e-6)));
  const highest = Math.max(0, ...levels);
  if (!(durationSeconds > 0) || highest === 0) return { line: '', area: '', highest, durationSeconds, requests };
  const place = (value: number) => value.toFixed(1);
  const line = sorted
    .map((t, i) => {
      const x = (t / durationSeconds) * width;
      const y = height - (levels[i]! / highest) * height;
      return `${i === 0 ? 'M' : 'L'}${place(x)},${place(y)}`;
    })
    .join('');
  return { line, area: `${line}L${width},${height}L0,${height}Z`, highest, durationSeconds, requests };
}
