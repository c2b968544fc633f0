import type { Report } from '@evenkeel/contract/report';
import type { ThresholdResult } from '@evenkeel/contract/threshold';
import { Badge, useStyles2 } from '@grafana/ui';
import { getFigureTableStyles } from '../../components/figureTable.ts';
import { clockText, latencyText, NONE, percentText, rateText, scoreText } from '../../components/figureText.ts';
import { Panel } from '../../components/Panel.tsx';
import { ScrollFrame } from '../../components/ScrollFrame.tsx';
import { thresholdText } from '../../components/thresholdText.ts';

function observedText({ threshold, observed }: ThresholdResult): string {
  if (observed === null) return NONE;
  switch (threshold.metric) {
    case 'errorRate':
      return percentText(observed);
    case 'balance':
      return scoreText(observed);
    case 'rate':
      return rateText(observed);
    default:
      return latencyText(observed);
  }
}

/** What the run was held to, and whether it held; for runs that had thresholds. */
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
                  <Badge
                    color={result.passed ? 'green' : 'red'}
                    icon={result.passed ? 'check' : 'times'}
                    text={result.passed ? 'Held' : 'Broken'}
                  />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollFrame>
    </Panel>
  );
}
