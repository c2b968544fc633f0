import { isFinal } from '@evenkeel/contract/run';
import type { Sample } from '@evenkeel/contract/sample';
import { LoadingPlaceholder, useStyles2 } from '@grafana/ui';
import { useMemo } from 'react';
import { BalancePanel } from '../../components/BalancePanel.tsx';
import { EndingPanel, hasEndingsToTell } from '../../components/EndingPanel.tsx';
import { GeneratorPanel } from '../../components/GeneratorPanel.tsx';
import { Headlines } from '../../components/Headlines.tsx';
import { getHeadlineStyles } from '../../components/headlineGrid.ts';
import { Notices } from '../../components/Notices.tsx';
import { PodDistribution } from '../../components/pods/PodDistribution.tsx';
import { PodTable } from '../../components/pods/PodTable.tsx';
import { liveRows, reportRows } from '../../components/pods/podRows.ts';
import { RunCharts } from '../../components/RunCharts.tsx';
import { TotalsPanel } from '../../components/TotalsPanel.tsx';
import type { FollowedRun } from '../../service/live/followRun.ts';
import type { LiveRun } from '../../service/live/liveRun.ts';
import { ConnectionNotice } from './ConnectionNotice.tsx';
import { RunEnd } from './RunEnd.tsx';
import { RunProgress } from './RunProgress.tsx';

function Figures({ live, sample }: { live: LiveRun; sample: Sample }) {
  const styles = useStyles2(getHeadlineStyles);
  const { report, run } = live;
  const balance = report?.balance ?? sample.balance;
  const rows = useMemo(() => (report ? reportRows(report) : liveRows(sample)), [report, sample]);
  return (
    <>
      <div className={styles.headline}>
        <BalancePanel
          balance={balance}
          span={report ? 'whole measured phase' : sample.phase === 'warming' ? 'warm-up: does not count' : 'last 60 s'}
        />
        <PodDistribution balance={balance} />
      </div>
      <RunCharts
        timeline={report?.timeline ?? live.timeline}
        marks={live.marks}
        plannedSeconds={isFinal(run.state) ? null : live.plannedSeconds}
        targetPercent={balance.targetPercent}
      >
        {report ? <TotalsPanel report={report} /> : <GeneratorPanel health={sample.generator} />}
      </RunCharts>
      {report && hasEndingsToTell(report) && <EndingPanel report={report} />}
      <PodTable
        rows={rows}
        span={report ? 'whole measured phase' : 'requests and share: last 60 s; the rest: last second'}
      />
    </>
  );
}

/** A test as it runs, and as it ended. */
export function LiveView({ followed: { live, connection } }: { followed: FollowedRun }) {
  const styles = useStyles2(getHeadlineStyles);
  if (live === null) {
    return (
      <>
        <ConnectionNotice connection={connection} />
        {connection.state === 'connecting' && <LoadingPlaceholder text="Joining the test …" />}
      </>
    );
  }
  return (
    <div style={{ containerType: 'inline-size' }}>
      <ConnectionNotice connection={connection} />
      <Headlines sentences={live.report?.headlines ?? []} />
      <Notices texts={[...live.notices, ...(live.report?.notices ?? [])]} />
      {isFinal(live.run.state) ? <RunEnd live={live} /> : <RunProgress live={live} />}
      <div className={styles.stack}>
        {live.sample ? (
          <Figures live={live} sample={live.sample} />
        ) : (
          !isFinal(live.run.state) && <LoadingPlaceholder text="Waiting for the first second of load …" />
        )}
      </div>
    </div>
  );
}
