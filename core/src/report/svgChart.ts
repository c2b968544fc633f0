import { escapeMarkup } from './escapeMarkup.ts';

const WIDTH = 920;
const HEIGHT = 190;
const LEFT = 62;
const RIGHT = 12;
const TOP = 10;
const BOTTOM = 24;

export interface Series {
  readonly name: string;
  /** CSS class that carries the colour: c1 to c6. */
  readonly colour: string;
  readonly values: readonly (number | null)[];
}

export interface Chart {
  readonly title: string;
  readonly unit: string;
  /** Seconds of each point, ascending. */
  readonly seconds: readonly number[];
  readonly series: readonly Series[];
  /** Drawn as a band below the lines, like an interval. */
  readonly band?: { readonly low: readonly (number | null)[]; readonly high: readonly (number | null)[] };
  /** Horizontal line with a name, like a target. */
  readonly line?: { readonly name: string; readonly value: number };
  /** Shaded spans, like a warm-up. */
  readonly spans?: readonly { readonly from: number; readonly to: number; readonly name: string }[];
  readonly range?: { readonly min: number; readonly max: number };
}

/** A line chart as self-contained SVG: no script, colours by class, gaps where a value is null. */
export function svgChart(chart: Chart): string {
  const { seconds } = chart;
  const first = seconds[0] ?? 0;
  const last = Math.max(first + 1, seconds.at(-1) ?? 1);
  const { min, max, ticks } = axis(chart);
  const x = (second: number) => round(LEFT + ((second - first) / (last - first)) * (WIDTH - LEFT - RIGHT));
  const y = (value: number) =>
    round(TOP + (1 - (Math.min(max, Math.max(min, value)) - min) / (max - min)) * (HEIGHT - TOP - BOTTOM));

  const grid = ticks.map(
    (tick) =>
      `<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(tick)}" y2="${y(tick)}"/>` +
      `<text class="tick" x="${LEFT - 6}" y="${y(tick) + 3.5}" text-anchor="end">${compact(tick)}</text>`
  );
  const times = niceTicks(first, last, 8).map(
    (tick) => `<text class="tick" x="${x(tick)}" y="${HEIGHT - 6}" text-anchor="middle">${tick} s</text>`
  );
  const spans = (chart.spans ?? []).map(
    ({ from, to, name }) =>
      `<rect class="span" x="${x(from)}" y="${TOP}" width="${round(Math.max(0, x(Math.min(to, last)) - x(from)))}" height="${HEIGHT - TOP - BOTTOM}">` +
      `<title>${escapeMarkup(name)}</title></rect>`
  );
  const band = chart.band ? bandPath(seconds, chart.band, x, y) : '';
  const line = chart.line
    ? `<line class="target" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(chart.line.value)}" y2="${y(chart.line.value)}"><title>${escapeMarkup(chart.line.name)}</title></line>`
    : '';
  const lines = chart.series.map(
    ({ name, colour, values }) =>
      `<path class="line ${colour}" d="${linePath(seconds, values, x, y)}"><title>${escapeMarkup(name)}</title></path>`
  );
  const legend = chart.series
    .map(({ name, colour }) => `<span class="key ${colour}">${escapeMarkup(name)}</span>`)
    .join('');
  return (
    `<figure><figcaption><b>${escapeMarkup(chart.title)}</b> <i>${escapeMarkup(chart.unit)}</i>${legend}</figcaption>` +
    `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escapeMarkup(chart.title)}">` +
    `${spans.join('')}${grid.join('')}${band}${line}${lines.join('')}${times.join('')}</svg></figure>`
  );
}

function axis(chart: Chart): { min: number; max: number; ticks: number[] } {
  if (chart.range) return { ...chart.range, ticks: niceTicks(chart.range.min, chart.range.max, 5) };
  let highest = chart.line?.value ?? 0;
  for (const { values } of chart.series)
    for (const value of values) if (value !== null && value > highest) highest = value;
  const max = highest > 0 ? highest * 1.08 : 1;
  return { min: 0, max, ticks: niceTicks(0, max, 5) };
}

function linePath(
  seconds: readonly number[],
  values: readonly (number | null)[],
  x: (second: number) => number,
  y: (value: number) => number
): string {
  let path = '';
  let drawing = false;
  values.forEach((value, i) => {
    if (value !== null) path += `${drawing ? 'L' : 'M'}${x(seconds[i]!)} ${y(value)}`;
    drawing = value !== null;
  });
  return path;
}

function bandPath(
  seconds: readonly number[],
  { low, high }: NonNullable<Chart['band']>,
  x: (second: number) => number,
  y: (value: number) => number
): string {
  const known = seconds.map((_, i) => i).filter((i) => low[i] !== null && high[i] !== null);
  if (known.length === 0) return '';
  const upper = known.map((i) => `${x(seconds[i]!)} ${y(high[i]!)}`);
  const lower = known.toReversed().map((i) => `${x(seconds[i]!)} ${y(low[i]!)}`);
  return `<path class="band" d="M${[...upper, ...lower].join('L')}Z"/>`;
}

/** Ticks at 1, 2 or 5 times a power of ten (Heckbert, "Nice numbers for graph labels"). */
function niceTicks(min: number, max: number, about: number): number[] {
  const rough = (max - min) / about;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].find((factor) => factor * power >= rough)! * power;
  const ticks: number[] = [];
  for (let i = Math.ceil(min / step); i * step <= max; i++) ticks.push(Number((i * step).toPrecision(12)));
  return ticks;
}

const compact = (value: number) => (value >= 10_000 ? `${Number((value / 1000).toPrecision(3))}k` : String(value));
const round = (value: number) => Math.round(value * 10) / 10;
