import { css } from '@emotion/css';
import type { Report } from '@evenkeel/contract/report';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import { useMemo } from 'react';
import { CHART_FORMATS } from '../../components/chart/chartFormats.ts';
import { TimeSeriesChart } from '../../components/chart/TimeSeriesChart.tsx';
import { scoreAxisStart, scoreRange } from '../../components/scoreAxis.ts';
import { comparedAxis, comparedCharts } from './comparisonSeries.ts';

/** Both runs on the same axes, second by second from their own start. */
export function ComparedCharts({ baseline, candidate }: { baseline: Report; candidate: Report }) {
  const styles = useStyles2(getStyles);
  const axis = useMemo(() => comparedAxis(baseline, candidate), [baseline, candidate]);
  const charts = useMemo(() => comparedCharts(baseline, candidate, axis.seconds), [baseline, candidate, axis]);
  const target = candidate.balance.targetPercent;
  const scoreStart = Math.min(scoreAxisStart(baseline.timeline, target), scoreAxisStart(candidate.timeline, target));
  return (
    <div className={styles.grid}>
      {charts.map(({ id, title, series }) => (
        <TimeSeriesChart
          key={title}
          title={title}
          axis={axis}
          series={series}
          format={CHART_FORMATS[id]}
          whole={id === 'errors' || id === 'inFlight'}
          syncKey="compare"
          range={id === 'score' ? scoreRange(scoreStart) : undefined}
          reference={id === 'score' ? target : undefined}
        />
      ))}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  grid: css({
    display: 'grid',
    gridTemplateColumns: 'repeat(3, minmax(0, 1fr))',
    '@media (max-width: 1100px)': { gridTemplateColumns: 'repeat(2, minmax(0, 1fr))' },
    gap: theme.spacing(1),
    marginBottom: theme.spacing(1),
  }),
});
