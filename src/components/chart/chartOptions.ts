import { clockText } from '@evenkeel/core/text/figures';
import type { GrafanaTheme2 } from '@grafana/data';
import type uPlot from 'uplot';
import type { ChartSeries, TimeAxis } from './chartSeries.ts';
import { drawMarks } from './drawMarks.ts';

export interface Drawn {
  readonly axis: TimeAxis;
  readonly series: readonly ChartSeries[];
  readonly format: (value: number | null) => string;
  readonly range?: { readonly min?: number; readonly max?: number };
  readonly reference?: number;
  readonly whole: boolean;
}

interface Settings {
  readonly theme: GrafanaTheme2;
  readonly width: number;
  readonly height: number;
  readonly syncKey: string;
  readonly latest: { readonly current: Drawn };
  readonly onCursor: (index: number | null) => void;
}

const X_STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200];

const WHOLE_STEPS = Array.from({ length: 24 }, (_, i) => [1, 2, 5][i % 3]! * 10 ** Math.floor(i / 3));

/** An axis needs no decimals that are zero: `20 ms`, not `20.0 ms`. */
const axisText = (text: string): string => text.replace(/\.0+(?=\D|$)/, '');

function uplotSeries(theme: GrafanaTheme2, { color, style }: ChartSeries): uPlot.Series {
  const stroke = theme.visualization.getColorByName(color);
  const points = { show: false };
  switch (style) {
    case 'band-high':
    case 'band-low':
      return { stroke: 'transparent', width: 0, points };
    case 'area':
      return { stroke, width: 1.5, fill: `${stroke}1f`, points };
    case 'dashed':
      return { stroke, width: 1, dash: [4, 4], points };
    case 'faint':
      return { stroke: `${stroke}99`, width: 1, points };
    case 'line':
      return { stroke, width: 1.5, points };
  }
}

/** Options of a plot in the look of Grafana's time series panel. */
export function chartOptions({ theme, width, height, syncKey, latest, onCursor }: Settings): uPlot.Options {
  const { series } = latest.current;
  const high = series.findIndex((one) => one.style === 'band-high');
  const axis: uPlot.Axis = {
    stroke: theme.colors.text.secondary,
    font: `11px ${theme.typography.fontFamily}`,
    grid: { stroke: theme.isDark ? 'rgba(240, 250, 255, 0.07)' : 'rgba(0, 10, 23, 0.07)', width: 1 },
    ticks: { show: false },
  };
  return {
    width,
    height,
    padding: [6, 16, 0, 0],
    legend: { show: false },
    cursor: {
      sync: { key: syncKey },
      drag: { x: false, y: false },
      y: false,
      points: { size: 6, width: 1 },
    },
    scales: {
      x: { time: false, range: () => [0, latest.current.axis.end] },
      y: {
        range: (_plot, dataMin, dataMax) => {
          const { min = 0, max } = latest.current.range ?? {};
          const top = Math.max(dataMax ?? 0, latest.current.reference ?? 0);
          const low =
            latest.current.range?.min === undefined ? Math.min(0, dataMin ?? 0) : Math.min(min, dataMin ?? min);
          return [low, max ?? (top <= low ? low + 1 : top * 1.1)];
        },
      },
    },
    axes: [
      { ...axis, size: 18, gap: 4, space: 60, incrs: X_STEPS, values: (_plot, splits) => splits.map(clockText) },
      {
        ...axis,
        size: 52,
        gap: 6,
        space: 32,
        values: (_plot, splits) => splits.map((value) => axisText(latest.current.format(value))),
        ...(latest.current.whole ? { incrs: WHOLE_STEPS } : {}),
      },
    ],
    series: [{}, ...series.map((one) => uplotSeries(theme, one))],
    bands:
      high < 0
        ? []
        : [{ series: [high + 1, high + 2], fill: `${theme.visualization.getColorByName(series[high]!.color)}33` }],
    hooks: {
      drawClear: [(plot) => drawMarks(plot, theme, latest.current)],
      setCursor: [(plot) => onCursor(plot.cursor.idx ?? null)],
    },
  };
}
