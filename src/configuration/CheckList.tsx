import { css } from '@emotion/css';
import type { GrafanaTheme2, IconName } from '@grafana/data';
import { Icon, useStyles2, useTheme2 } from '@grafana/ui';
import { Panel } from '../components/Panel.tsx';
import type { Check } from './connectionChecks.ts';

const ICONS: Readonly<Record<Check['outcome'], IconName>> = {
  ok: 'check-circle',
  warning: 'exclamation-triangle',
  failed: 'times-circle',
};

/** What the connection test found, in the order in which it looked. */
export function CheckList({ checks }: { checks: readonly Check[] }) {
  const styles = useStyles2(getStyles);
  const theme = useTheme2();
  const colors = {
    ok: theme.colors.success.text,
    warning: theme.colors.warning.text,
    failed: theme.colors.error.text,
  };
  const works = checks.every((check) => check.outcome !== 'failed');
  return (
    <Panel title={works ? 'The connection works' : 'The connection does not work'}>
      <ul className={styles.list}>
        {checks.map(({ outcome, title, advice }) => (
          <li key={title}>
            <Icon name={ICONS[outcome]} style={{ color: colors[outcome] }} title={outcome} />
            <div>
              {title}
              {advice && <div className={styles.advice}>{advice}</div>}
            </div>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  list: css({
    listStyle: 'none',
    margin: 0,
    padding: 0,
    li: { display: 'flex', gap: theme.spacing(1), padding: theme.spacing(0.5, 0) },
    svg: { flexShrink: 0, marginTop: 2 },
  }),
  advice: css({ color: theme.colors.text.secondary, textWrap: 'pretty' }),
});
