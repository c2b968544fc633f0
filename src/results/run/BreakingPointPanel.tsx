import { css } from '@emotion/css';
import type { BreakingPoint } from '@evenkeel/contract/breakingPoint';
import { scalabilityText } from '@evenkeel/core/scenarios/scalabilityText';
import { latencyText, percentText, rateText, scoreText } from '@evenkeel/core/text/figures';
import type { GrafanaTheme2 } from '@grafana/data';
import { Badge, type BadgeColor, useStyles2 } from '@grafana/ui';
import { getFigureTableStyles } from '../../components/figureTable.ts';
import { Panel } from '../../components/Panel.tsx';
import { ScrollFrame } from '../../components/ScrollFrame.tsx';

type StepVerdict = BreakingPoint['steps'][number]['verdict'];

const VERDICT_LOOKS: Readonly<Record<StepVerdict, { text: string; color: BadgeColor }>> = {
  passed: { text: 'Passed', color: 'green' },
  failed: { text: 'Failed', color: 'red' },
  inconclusive: { text: 'Inconclusive', color: 'orange' },
};

/** How much the service takes, what gives way beyond, and the steps that found it. */
export function BreakingPointPanel({ point }: { point: BreakingPoint }) {
  const styles = useStyles2(getFigureTableStyles);
  const own = useStyles2(getStyles);
  return (
    <Panel title="Breaking point">
      <p className={own.sentence}>{point.sentence}</p>
      <p className={own.why}>
        {point.knee.sentence} {point.scalability.sentence} {scalabilityText(point.scalability)}
      </p>
      <ScrollFrame aria-label="Steps of the search">
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">Step</th>
              <th scope="col">Wanted</th>
              <th scope="col">Good answers</th>
              <th scope="col">p95</th>
              <th scope="col">p99</th>
              <th scope="col">Errors</th>
              <th scope="col">Balance</th>
              <th scope="col">Result</th>
            </tr>
          </thead>
          <tbody>
            {point.steps.map((step) => (
              <tr key={step.number}>
                <th scope="row">
                  {step.number} <span className={styles.quiet}>{step.purpose}</span>
                </th>
                <td>{rateText(step.rate)}</td>
                <td>{rateText(step.goodRate)}</td>
                <td>{latencyText(step.p95Ms)}</td>
                <td>{latencyText(step.p99Ms)}</td>
                <td>{percentText(step.errorRatePercent)}</td>
                <td>{scoreText(step.balance.scorePercent)}</td>
                <td title={step.reasons.join(' ')}>
                  {step.signal && <span className={styles.quiet}>{step.signal} </span>}
                  <Badge {...VERDICT_LOOKS[step.verdict]} />
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
  sentence: css({ ...theme.typography.h5, margin: theme.spacing(0, 0, 0.5), textWrap: 'pretty' }),
  why: css({ margin: theme.spacing(0, 0, 1), color: theme.colors.text.secondary, textWrap: 'pretty' }),
});
