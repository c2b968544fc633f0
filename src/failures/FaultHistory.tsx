import type { Fault, FaultEnding } from '@evenkeel/contract/fault';
import { effectText, podsText } from '@evenkeel/core/faults/faultText';
import { durationText, NONE } from '@evenkeel/core/text/figures';
import { dateTimeFormat } from '@grafana/data';
import { TextLink, useStyles2 } from '@grafana/ui';
import { pagePaths } from '../app/pagePaths.ts';
import { getFigureTableStyles } from '../components/figureTable.ts';
import { Panel } from '../components/Panel.tsx';
import { ScrollFrame } from '../components/ScrollFrame.tsx';
import { StateBadge } from '../components/StateBadge.tsx';
import { STATE_LOOKS } from './faultLooks.ts';

const ENDINGS: Readonly<Record<FaultEnding, string>> = {
  expired: 'its time was over',
  reverted: 'reverted by a person',
  guard: 'the steady state was left',
  'safety-stop': 'the safety lever',
  'run-ended': 'its run ended',
  'inject-failed': 'could not be injected',
  'not-effective': 'no effect was seen',
  lost: 'its pods were restarted',
  interrupted: 'the service died; taken back on its next start',
  shutdown: 'the service was shut down',
};

/** Faults that are over, the newest first. */
export function FaultHistory({ faults }: { faults: readonly Fault[] }) {
  const styles = useStyles2(getFigureTableStyles);
  if (faults.length === 0) return null;
  return (
    <Panel title="History">
      <ScrollFrame aria-label="History of faults">
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">Fault</th>
              <th scope="col">Pods</th>
              <th scope="col">Began</th>
              <th scope="col">Lasted</th>
              <th scope="col">Ended because</th>
              <th scope="col">By</th>
              <th scope="col">Run</th>
              <th scope="col">State</th>
            </tr>
          </thead>
          <tbody>
            {faults.map((fault) => (
              <tr key={fault.id}>
                <th scope="row">{effectText(fault.effect)}</th>
                <td>{podsText(fault.pods.map(({ pod }) => pod))}</td>
                <td>{dateTimeFormat(fault.createdAt)}</td>
                <td>{fault.endedAt === null ? NONE : durationText((fault.endedAt - fault.createdAt) / 1000)}</td>
                <td title={fault.reason ?? undefined}>{fault.ending === null ? NONE : ENDINGS[fault.ending]}</td>
                <td>{fault.startedBy}</td>
                <td>
                  {fault.runId === null ? (
                    NONE
                  ) : (
                    <TextLink href={pagePaths.run(fault.runId)} inline={false}>
                      {fault.planned ? 'planned in it' : 'during it'}
                    </TextLink>
                  )}
                </td>
                <td>
                  <StateBadge {...STATE_LOOKS[fault.state]} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollFrame>
    </Panel>
  );
}
