import { css } from '@emotion/css';
import type { Mark } from '@evenkeel/contract/stream';
import { clockText } from '@evenkeel/core/text/figures';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2, useTheme2 } from '@grafana/ui';
import { markColor } from './markColor.ts';

/** More than these would push the charts away; the newest are the ones that somebody asks about. */
const MOST = 6;
/** Phases are shaded, and the steps of a search have a table of their own; a fault on its way in or out says so by what follows. */
const QUIET: readonly string[] = ['phase', 'step', 'fault-injecting', 'fault-reverting'];

/** What the vertical lines in the charts mean, as text; nothing when there are none. */
export function MarkList({ marks }: { marks: readonly Mark[] }) {
  const styles = useStyles2(getStyles);
  const theme = useTheme2();
  const told = marks.filter(({ kind }) => !QUIET.includes(kind));
  if (told.length === 0) return null;
  const earlier = told.length - MOST;
  return (
    <ul className={styles.list} aria-label="What happened">
      {earlier > 0 && <li>{earlier} earlier ones</li>}
      {told.slice(-MOST).map(({ second, kind, text }) => (
        <li key={`${second} ${kind} ${text}`}>
          <span className={styles.line} style={{ borderColor: markColor(theme, kind) }} />
          {clockText(second)} <span className={styles.text}>{text}</span>
        </li>
      ))}
    </ul>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  list: css({
    listStyle: 'none',
    display: 'flex',
    flexWrap: 'wrap',
    gap: theme.spacing(0.25, 2),
    margin: theme.spacing(0.5, 0),
    padding: theme.spacing(0, 1.5),
    ...theme.typography.bodySmall,
    fontVariantNumeric: 'tabular-nums',
    color: theme.colors.text.secondary,
    li: { display: 'flex', alignItems: 'center', gap: theme.spacing(0.75) },
  }),
  line: css({ height: 12, borderLeft: '2px dashed' }),
  text: css({ color: theme.colors.text.primary }),
});
