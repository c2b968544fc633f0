import { css } from '@emotion/css';
import type { Report } from '@evenkeel/contract/report';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import { useMemo } from 'react';
import { BalancePanel } from '../../components/BalancePanel.tsx';
import { EndingPanel, hasEndingsToTell } from '../../components/EndingPanel.tsx';
import { Headlines } from '../../components/Headlines.tsx';
import { getHeadlineStyles } from '../../components/headlineGrid.ts';
import { Notices } from '../../components/Notices.tsx';
import { PodDistribution } from '../../components/pods/PodDistribution.tsx';
import { PodTable } from '../../components/pods/PodTable.tsx';
import { reportRows } from '../../components/pods/podRows.ts';
import { RunCharts } from '../../components/RunCharts.tsx';
import { TotalsPanel } from '../../components/TotalsPanel.tsx';
import { BreakingPointPanel } from './BreakingPointPanel.tsx';
import { ConclusionLine } from './ConclusionLine.tsx';
import { DriftPanel } from './DriftPanel.tsx';
import { FaultPanel } from './FaultPanel.tsx';
import { LatencyPanel } from './LatencyPanel.tsx';
import { RecoveryPanel } from './RecoveryPanel.tsx';
import { ThresholdPanel } from './ThresholdPanel.tsx';

/** A report as a page: the verdict first, then how, then everything. */
export function ReportView({ report }: { report: Report }) {
  const styles = useStyles2(getHeadlineStyles);
  const own = useStyles2(getStyles);
  const rows = useMemo(() => reportRows(report), [report]);
  return (
    <div style={{ containerType: 'inline-size' }}>
      <Headlines sentences={report.headlines} />
      <ConclusionLine report={report} />
      <Notices texts={report.notices} />
      <div className={styles.stack}>
        <div className={styles.headline}>
          <BalancePanel balance={report.balance} span="whole measured phase" />
          <PodDistribution balance={report.balance} />
        </div>
        {report.breakingPoint && <BreakingPointPanel point={report.breakingPoint} />}
        {report.recovery && <RecoveryPanel recovery={report.recovery} />}
        {report.drift && <DriftPanel drift={report.drift} />}
        <RunCharts
          timeline={report.timeline}
          marks={report.events}
          plannedSeconds={null}
          targetPercent={report.balance.targetPercent}
        >
          <TotalsPanel report={report} />
        </RunCharts>
        {hasEndingsToTell(report) && <EndingPanel report={report} />}
        {report.faults && report.faults.length > 0 && <FaultPanel faults={report.faults} />}
        {report.thresholds.length > 0 ? (
          <div className={own.halves}>
            <ThresholdPanel report={report} />
            <LatencyPanel report={report} />
          </div>
        ) : (
          <LatencyPanel report={report} />
        )}
        <PodTable rows={rows} span="whole measured phase" />
      </div>
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  halves: css({
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 2fr) minmax(0, 3fr)',
    gap: theme.spacing(1),
    '@container (max-width: 860px)': { gridTemplateColumns: '1fr' },
  }),
});
