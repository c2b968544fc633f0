import type { PreviewPoint, ScenarioPreview } from './scenarioPreview.ts';

const BARS = ' ▁▂▃▄▅▆▇█';

/**
 * A preview as one line of bars for a terminal, `width` columns wide, and what it spans. Each column shows the highest level within
 * its share of the time, so that a short spike is never lost between two columns; only a level of 0 is an empty column.
 */
export function previewText({ points, seconds, model, search }: ScenarioPreview, width = 60): string {
  const top = Math.max(...points.map(({ level }) => level));
  const columns = Array.from({ length: width }, (_, i) => {
    const level = highestWithin(points, (i * seconds) / width, ((i + 1) * seconds) / width);
    return BARS[top === 0 ? 0 : Math.ceil((level / top) * (BARS.length - 1))];
  });
  const unit = model === 'users' ? 'users' : 'requests/s';
  const about = search ? `searches up to ${top} ${unit}` : `up to ${top} ${unit}, ${Math.round(seconds)} s`;
  return `${columns.join('')}  ${about}`;
}

/** Highest level of the line between two times. It is straight between corners, so corners and ends are enough. */
function highestWithin(points: readonly PreviewPoint[], from: number, to: number): number {
  let highest = 0;
  for (let i = 1; i < points.length; i++) {
    const [a, b] = [points[i - 1]!, points[i]!];
    // What only touches the column's border belongs to its neighbour.
    if (b.second <= from || a.second >= to || a.second === b.second) continue;
    const at = (second: number) => a.level + ((b.level - a.level) * (second - a.second)) / (b.second - a.second);
    highest = Math.max(highest, at(Math.max(from, a.second)), at(Math.min(to, b.second)));
  }
  return highest;
}
