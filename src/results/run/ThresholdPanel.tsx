import type { Report } from '@evenkeel/contract/report';
import { clockText } from '@evenkeel/core/text/figures';
import { observedText, thresholdOutcomeText, thresholdText } from '@evenkeel/core/text/thresholdText';
import { Badge, useStyles2 } from '@grafana/ui';
import { getFigureTableStyles } from '../../components/figureTable.ts';
import { Panel } from '../../components/Panel.tsx';
import { ScrollFrame } from '../../components/ScrollFrame.tsx';

/** What was not judged is not broken, so it is not red. */
const OUTCOME_LOOKS = {
  met: { color: 'green', icon: 'check' },
  missed: { color: 'red', icon: 'times' },
  'not judged': { color: 'orange', icon: 'question-circle' },
} as const;

/** What the run was held to, and whether it was met; for runs that had thresholds. */
export function ThresholdPanel({ report }: { report: Report }) {
  const styles = useStyles2(getFigureTableStyles);
  return (
    <Panel title="Thresholds">
      <ScrollFrame aria-label="Thresholds">
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">Threshold</th>
              <th scope="col">Observed</th>
              <th scope="col">Result</th>
            </tr>
          </thead>
          <tbody>
            {report.thresholds.map((result) => (
              <tr key={thresholdText(result.threshold)}>
                <th scope="row" className={styles.words}>
                  {thresholdText(result.threshold)}
                </th>
                <td>{observedText(result)}</td>
                <td>
                  {result.breachedAtSecond !== null && (
                    <span className={styles.quiet}>at {clockText(result.breachedAtSecond)} </span>
                  )}
                  <Badge {...OUTCOME_LOOKS[thresholdOutcomeText(result)]} text={thresholdOutcomeText(result)} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollFrame>
    </Panel>
  );
}
