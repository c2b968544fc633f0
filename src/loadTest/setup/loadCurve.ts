import type { ScenarioPreview } from '@evenkeel/core/scenarios/scenarioPreview';

export interface LoadCurve {
  /** Outline of the load in a box of `width` by `height`, as an SVG path; '' when there is nothing to draw. */
  readonly line: string;
  /** The same, closed along the bottom. */
  readonly area: string;
  readonly highest: number;
}

/** Draws what a scenario will do: the very line that the command draws, which is straight between its corners. */
export function loadCurve({ points, seconds }: ScenarioPreview, width: number, height: number): LoadCurve {
  const highest = Math.max(0, ...points.map(({ level }) => level));
  if (!(seconds > 0) || !(highest > 0)) return { line: '', area: '', highest };
  const place = (value: number) => value.toFixed(1);
  const line = points
    .map(({ second, level }, i) => {
      const [x, y] = [(second / seconds) * width, height - (level / highest) * height];
      return `${i === 0 ? 'M' : 'L'}${place(x)},${place(y)}`;
    })
    .join('');
  return { line, area: `${line}L${width},${height}L0,${height}Z`, highest };
}
