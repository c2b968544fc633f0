import { css } from '@emotion/css';
import type { MetricComparison } from '@evenkeel/contract/comparison';
import { NONE } from '@evenkeel/core/text/figures';
import type { GrafanaTheme2 } from '@grafana/data';
import { Badge, useStyles2 } from '@grafana/ui';
import { getFigureTableStyles } from '../../components/figureTable.ts';
import { Panel } from '../../components/Panel.tsx';
import { ScrollFrame } from '../../components/ScrollFrame.tsx';
import { CHANGE_LOOKS, deltaText, METRIC_NAMES, metricText } from './metricLook.ts';

function intervalText({ metric, lowDelta, highDelta }: MetricComparison): string {
  if (lowDelta === null || highDelta === null) return NONE;
  if (lowDelta === 0 && highDelta === 0) return deltaText(metric, 0);
  // The unit of points is a word; once is enough.
  return `${deltaText(metric, lowDelta).replace(' points', '')} to ${deltaText(metric, highDelta)}`;
}

const probabilityText = (p: number | null): string => (p === null ? NONE : p < 0.001 ? '< 0.001' : p.toFixed(3));

/** Each figure of both runs, the difference with its interval, and whether it means anything. */
export function MetricTable({ metrics }: { metrics: readonly MetricComparison[] }) {
  const styles = useStyles2(getFigureTableStyles);
  const own = useStyles2(getStyles);
  return (
    <Panel title="What changed" className={own.panel}>
      <ScrollFrame aria-label="What changed">
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">Figure</th>
              <th scope="col">Baseline</th>
              <th scope="col">Candidate</th>
              <th scope="col">Difference</th>
              <th scope="col">95 % interval</th>
              <th scope="col" title="Probability of such a difference without any change, corrected for all figures">
                p
              </th>
              <th scope="col">Change</th>
            </tr>
          </thead>
          <tbody>
            {metrics.map((one) => (
              <tr key={one.metric} title={one.sentence}>
                <th scope="row">{METRIC_NAMES[one.metric]}</th>
                <td>{metricText(one.metric, one.baseline)}</td>
                <td>{metricText(one.metric, one.candidate)}</td>
                <td className={one.significant ? own.significant : styles.quiet}>
                  {deltaText(one.metric, one.delta)}
                  {one.deltaPercent !== null && Math.abs(one.deltaPercent) >= 0.5 && one.metric !== 'scorePercent' && (
                    <span className={styles.quiet}>
                      {' '}
                      ({one.deltaPercent > 0 ? '+' : '−'}
                      {Math.abs(one.deltaPercent).toFixed(0)} %)
                    </span>
                  )}
                </td>
                <td className={styles.quiet}>{intervalText(one)}</td>
                <td className={styles.quiet}>{probabilityText(one.p)}</td>
                <td>
                  {one.change === 'no-evidence' ? (
                    <span className={styles.quiet}>no evidence of a change</span>
                  ) : (
                    <Badge {...CHANGE_LOOKS[one.change]} />
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollFrame>
    </Panel>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  panel: css({ marginBottom: theme.spacing(1) }),
  significant: css({ fontWeight: theme.typography.fontWeightMedium }),
});
