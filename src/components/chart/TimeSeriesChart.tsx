import { css } from '@emotion/css';
import { clockText } from '@evenkeel/core/text/figures';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2, useTheme2 } from '@grafana/ui';
import { useEffect, useMemo, useRef, useState } from 'react';
import uPlot from 'uplot';
import { Panel } from '../Panel.tsx';
import { chartOptions } from './chartOptions.ts';
import type { ChartSeries, TimeAxis } from './chartSeries.ts';
import './uplotStyles.ts';
import { useElementWidth } from './useElementWidth.ts';

interface Props {
  title: string;
  axis: TimeAxis;
  series: readonly ChartSeries[];
  /** Turns a value of the y axis into text. */
  format: (value: number | null) => string;
  /** Fixed ends of the y axis; a missing end follows the data. */
  range?: { min?: number; max?: number };
  /** Charts with the same key share a cursor. */
  syncKey: string;
  height?: number;
  /** A value to draw a line at, such as the target of the score. */
  reference?: number;
  /** The y axis has whole numbers only: what it counts comes in ones. */
  whole?: boolean;
}

/** Index of the last second that counts: the seconds of the drain after it are empty and would be the legend of every finished run. */
function lastMeasured({ seconds, phases }: TimeAxis): number {
  const drain = phases.at(-1);
  if (drain?.phase !== 'draining') return seconds.length - 1;
  return seconds.findLastIndex((second) => second < drain.from);
}

/** A panel with a time series: what Grafana's own would draw, with the values under the cursor (or the last) as its legend. */
export function TimeSeriesChart({
  title,
  axis,
  series,
  format,
  range,
  syncKey,
  height = 140,
  reference,
  whole = false,
}: Props) {
  const theme = useTheme2();
  const styles = useStyles2(getStyles);
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const [cursor, setCursor] = useState<number | null>(null);
  const width = useElementWidth(host);

  const data = useMemo(
    () => [axis.seconds, ...series.map((one) => one.values)] as unknown as uPlot.AlignedData,
    [axis.seconds, series]
  );
  // The drawing reads these when it draws, so new data never needs a new plot.
  const latest = useRef({ axis, series, data, format, range, reference, whole });
  latest.current = { axis, series, data, format, range, reference, whole };
  const shape = series.map(({ label, color, style }) => `${label}|${color}|${style}`).join(',');

  // biome-ignore lint/correctness/useExhaustiveDependencies: shape stands for the series without their values
  useEffect(() => {
    if (!host.current || width === 0) return;
    const made = new uPlot(
      chartOptions({ theme, width, height, syncKey, latest, onCursor: setCursor }),
      latest.current.data,
      host.current
    );
    plot.current = made;
    return () => {
      plot.current = null;
      made.destroy();
    };
  }, [theme, width > 0, height, syncKey, shape]);

  useEffect(() => {
    if (width > 0) plot.current?.setSize({ width, height });
  }, [width, height]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the axis carries marks and phases that are drawn too
  useEffect(() => plot.current?.setData(data), [data, axis]);

  const hovered = cursor !== null && cursor < axis.seconds.length ? cursor : null;
  const measured = lastMeasured(axis);
  const shownOf = ({ values }: ChartSeries) =>
    hovered === null
      ? (values.findLast((value, i) => value !== null && i <= measured) ?? null)
      : (values[hovered] ?? null);
  const legend = series.filter((one) => one.label !== '');
  return (
    <Panel title={title} aside={hovered === null ? undefined : clockText(axis.seconds[hovered] ?? 0)}>
      <ul className={styles.legend}>
        {legend.map((one) => (
          <li key={one.label}>
            <span
              className={styles.swatch}
              style={{
                background: theme.visualization.getColorByName(one.color),
                opacity: one.style === 'faint' ? 0.6 : 1,
              }}
            />
            {one.label}
            <strong>{format(shownOf(one))}</strong>
          </li>
        ))}
      </ul>
      <div
        ref={host}
        style={{ height }}
        role="img"
        aria-label={`${title}: ${legend.map((one) => `${one.label} ${format(shownOf(one))}`).join(', ')}`}
      />
    </Panel>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  legend: css({
    listStyle: 'none',
    display: 'flex',
    gap: theme.spacing(0, 1.5),
    margin: theme.spacing(-0.75, 0, 0.5),
    padding: 0,
    overflow: 'hidden',
    fontSize: theme.typography.bodySmall.fontSize,
    lineHeight: '16px',
    color: theme.colors.text.secondary,
    fontVariantNumeric: 'tabular-nums',
    whiteSpace: 'nowrap',
    strong: { marginLeft: theme.spacing(0.5), fontWeight: 'normal', color: theme.colors.text.primary },
  }),
  swatch: css({
    display: 'inline-block',
    width: 10,
    height: 3,
    borderRadius: 2,
    marginRight: theme.spacing(0.5),
    verticalAlign: 'middle',
  }),
});
