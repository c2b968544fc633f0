import type { LatencySummary } from '@evenkeel/contract/latency';
import type { Report } from '@evenkeel/contract/report';
import { latencyText } from '@evenkeel/core/text/figures';
import { useStyles2 } from '@grafana/ui';
import { getFigureTableStyles } from '../../components/figureTable.ts';
import { Panel } from '../../components/Panel.tsx';
import { ScrollFrame } from '../../components/ScrollFrame.tsx';

const COLUMNS: readonly [keyof LatencySummary, string][] = [
  ['mean', 'Mean'],
  ['p50', 'p50'],
  ['p90', 'p90'],
  ['p95', 'p95'],
  ['p99', 'p99'],
  ['p999', 'p99.9'],
  ['max', 'Max'],
];

/** The three latencies: what a caller feels, what the service took, what the generator was late by. */
export function LatencyPanel({ report }: { report: Report }) {
  const styles = useStyles2(getFigureTableStyles);
  const rows: [string, string, LatencySummary][] = [
    ['Response', 'From the moment at which the request should have been sent', report.response],
    ['Service', 'From the moment at which it was sent', report.service],
    ['Sent late', 'How late the generator sent', report.lateness],
  ];
  return (
    <Panel title="Latency in full">
      <ScrollFrame aria-label="Latency in full">
        <table className={styles.table}>
          <thead>
            <tr>
              <td />
              {COLUMNS.map(([key, title]) => (
                <th key={key} scope="col">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(([name, meaning, summary]) => (
              <tr key={name}>
                <th scope="row" title={meaning}>
                  {name}
                </th>
                {COLUMNS.map(([key]) => (
                  <td key={key}>{latencyText(summary[key])}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollFrame>
    </Panel>
  );
}
