import { css } from '@emotion/css';
import type { RunResult } from '@evenkeel/contract/runSummary';
import { scoreText } from '@evenkeel/core/text/figures';
import type { GrafanaTheme2 } from '@grafana/data';
import { Icon, useStyles2, useTheme2 } from '@grafana/ui';
import { VERDICT_LOOKS } from '../../components/verdictLook.ts';

/** Score, interval and verdict in the width of a table cell. */
export function ScoreCell({ result }: { result: RunResult }) {
  const theme = useTheme2();
  const styles = useStyles2(getStyles);
  const look = VERDICT_LOOKS[result.verdict];
  return (
    <div className={styles.cell}>
      <span style={{ color: look.color(theme) }}>
        <Icon name={look.icon} size="sm" /> {scoreText(result.scorePercent)}
      </span>
      <div className={styles.interval}>
        {result.lowPercent !== null && result.highPercent !== null
          ? `${scoreText(result.lowPercent)} to ${scoreText(result.highPercent)}`
          : look.text.toLowerCase()}
      </div>
      <span className="sr-only">{look.text}</span>
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  cell: css({ position: 'relative' }),
  interval: css({ ...theme.typography.bodySmall, color: theme.colors.text.secondary }),
});
