import { css } from '@emotion/css';
import type { TimelinePoint } from '@evenkeel/contract/report';
import type { Mark } from '@evenkeel/contract/stream';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import { type ReactNode, useMemo } from 'react';
import { CHART_FORMATS } from './chart/chartFormats.ts';
import { timeAxis } from './chart/chartSeries.ts';
import { MarkList } from './chart/MarkList.tsx';
import { runCharts } from './chart/runSeries.ts';
import { TimeSeriesChart } from './chart/TimeSeriesChart.tsx';
import { scoreAxisStart, scoreRange } from './scoreAxis.ts';

interface Props {
  timeline: readonly TimelinePoint[];
  marks: readonly Mark[];
  /** Length of a running run's axis; null when it is over. */
  plannedSeconds: number | null;
  targetPercent: number;
  /** One more panel that fills the last cell of the grid. */
  children?: ReactNode;
}

/** A run over time. */
export function RunCharts({ timeline, marks, plannedSeconds, targetPercent, children }: Props) {
  const styles = useStyles2(getStyles);
  const axis = useMemo(() => timeAxis(timeline, marks, plannedSeconds), [timeline, marks, plannedSeconds]);
  const charts = useMemo(() => runCharts(timeline), [timeline]);
  const scoreStart = scoreAxisStart(timeline, targetPercent);
  return (
    <div>
      <MarkList marks={marks} />
      <div className={styles.grid}>
        {charts.map(({ id, title, series }) => (
          <TimeSeriesChart
            key={id}
            title={title}
            axis={axis}
            series={series}
            format={CHART_FORMATS[id]}
            whole={id === 'errors' || id === 'inFlight'}
            syncKey="run"
            range={id === 'score' ? scoreRange(scoreStart) : undefined}
            reference={id === 'score' ? targetPercent : undefined}
          />
        ))}
        {children}
      </div>
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  grid: css({
    display: 'grid',
    gridTemplateColumns: 'repeat(3, minmax(0, 1fr))',
    gap: theme.spacing(1),
    // Six panels: any other number of columns would leave a hole.
    '@container (max-width: 900px)': { gridTemplateColumns: 'repeat(2, minmax(0, 1fr))' },
    '@container (max-width: 560px)': { gridTemplateColumns: 'minmax(0, 1fr)' },
  }),
});
