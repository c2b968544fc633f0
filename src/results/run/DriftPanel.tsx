import { css } from '@emotion/css';
import type { Drift, DriftFinding } from '@evenkeel/contract/drift';
import { clockText, latencyText, percentText, scoreText } from '@evenkeel/core/text/figures';
import type { GrafanaTheme2 } from '@grafana/data';
import { Badge, type BadgeColor, useStyles2 } from '@grafana/ui';
import { getFigureTableStyles } from '../../components/figureTable.ts';
import { Panel } from '../../components/Panel.tsx';
import { ScrollFrame } from '../../components/ScrollFrame.tsx';
import { StateBadge } from '../../components/StateBadge.tsx';

const LOOKS: Readonly<Record<Drift['verdict'], { text: string; color: BadgeColor }>> = {
  steady: { text: 'Steady', color: 'green' },
  worse: { text: 'Gets worse', color: 'red' },
  better: { text: 'Gets better', color: 'blue' },
  'too-short': { text: 'Too short to tell', color: 'darkgrey' },
};

const NAMES: Readonly<Record<Exclude<DriftFinding['series'], 'pod'>, string>> = {
  p50: 'Median latency',
  p95: '95th percentile',
  errorRate: 'Error rate',
  balance: 'Balance score',
};

const VALUE_TEXT: Readonly<Record<DriftFinding['series'], (value: number) => string>> = {
  p50: latencyText,
  p95: latencyText,
  pod: latencyText,
  errorRate: percentText,
  balance: scoreText,
};

/** Colour of a direction: a balance that falls is bad, of everything else what rises. */
function colorOf({ series, direction }: DriftFinding): BadgeColor {
  if (direction === 'none') return 'blue';
  return (series === 'balance') === (direction === 'falling') ? 'red' : 'green';
}

const changeText = (value: number) => `${value > 0 ? '+' : ''}${Number(value.toPrecision(3))}`;

/** Whether the service stayed the same under a load that did. */
export function DriftPanel({ drift }: { drift: Drift }) {
  const styles = useStyles2(getFigureTableStyles);
  const own = useStyles2(getStyles);
  return (
    <Panel title="Drift over time" aside={<StateBadge {...LOOKS[drift.verdict]} />}>
      <p className={own.sentence}>{drift.sentence}</p>
      {drift.findings.length > 0 && (
        <ScrollFrame aria-label="Drift of each series">
          <table className={styles.table}>
            <thead>
              <tr>
                <th scope="col">Series</th>
                <th scope="col">From</th>
                <th scope="col">To</th>
                <th scope="col">Change per minute</th>
                <th scope="col">95 % interval</th>
                <th scope="col">Result</th>
              </tr>
            </thead>
            <tbody>
              {drift.findings.map((finding) => (
                <tr key={finding.pod ?? finding.series} title={finding.sentence}>
                  <th scope="row">
                    {finding.series === 'pod' ? `Service time of ${finding.pod}` : NAMES[finding.series]}
                  </th>
                  <td>{VALUE_TEXT[finding.series](Math.max(0, finding.from))}</td>
                  <td>{VALUE_TEXT[finding.series](Math.max(0, finding.to))}</td>
                  {finding.jumpAtSecond === undefined ? (
                    <>
                      <td>{changeText(finding.perMinute)}</td>
                      <td>
                        {changeText(finding.perMinuteLow)} to {changeText(finding.perMinuteHigh)}
                      </td>
                    </>
                  ) : (
                    <td colSpan={2}>jumps at {clockText(finding.jumpAtSecond)}</td>
                  )}
                  <td>
                    <Badge
                      color={colorOf(finding)}
                      text={finding.direction === 'none' ? 'does not drift' : finding.direction}
                    />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollFrame>
      )}
    </Panel>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  sentence: css({ ...theme.typography.h5, margin: theme.spacing(0, 0, 1), textWrap: 'pretty' }),
});
