import { css } from '@emotion/css';
import { OUTCOMES } from '@evenkeel/contract/outcome';
import type { Report } from '@evenkeel/contract/report';
import { countText } from '@evenkeel/core/text/figures';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import { Panel } from './Panel.tsx';

/** Where every request went. Rows that are zero in nearly every run appear only when they are not. */
export function TotalsPanel({ report }: { report: Report }) {
  const styles = useStyles2(getStyles);
  const { totals, outcomes } = report;
  const always: [string, number][] = [
    ['Wanted', totals.offered],
    ['Sent', totals.sent],
    ['Completed', totals.completed],
    ['Connections', totals.connectionsOpened],
  ];
  const sometimes: [string, number][] = [
    ['Dropped', totals.dropped],
    ['Cut off', totals.cancelled],
    ['Unattributed', totals.unattributed],
    ['Balancer errors', totals.balancerErrors],
    ['Retried', totals.retried],
    ['Sent again', totals.resent],
    ...OUTCOMES.filter((outcome) => outcome !== 'ok').map((outcome): [string, number] => [outcome, outcomes[outcome]]),
  ];
  return (
    <Panel title="Requests in full">
      <dl className={styles.rows}>
        {[...always, ...sometimes.filter(([, count]) => count > 0)].map(([name, count]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{countText(count)}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  rows: css({
    margin: 0,
    fontVariantNumeric: 'tabular-nums',
    '& > div': { display: 'flex', justifyContent: 'space-between', padding: theme.spacing(0.25, 0) },
    '& > div + div': { borderTop: `1px solid ${theme.colors.border.weak}` },
    dt: { fontWeight: 'normal', color: theme.colors.text.secondary },
    dd: { margin: 0 },
  }),
});
