import { css, cx } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import { type ReactNode, useId } from 'react';

interface Props {
  title: string;
  /** Beside the title, at the right end. */
  aside?: ReactNode;
  children: ReactNode;
  className?: string;
}

/** A titled box, as dense as Grafana's own panels. */
export function Panel({ title, aside, children, className }: Props) {
  const styles = useStyles2(getStyles);
  const id = useId();
  return (
    <section className={cx(styles.panel, className)} aria-labelledby={id}>
      <header className={styles.header}>
        <h2 id={id} className={styles.title}>
          {title}
        </h2>
        {aside && <div className={styles.aside}>{aside}</div>}
      </header>
      {children}
    </section>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  panel: css({
    minWidth: 0,
    display: 'flex',
    flexDirection: 'column',
    background: theme.colors.background.primary,
    border: `1px solid ${theme.colors.border.weak}`,
    borderRadius: theme.shape.radius.default,
    padding: theme.spacing(1.25, 1.5, 1.5),
  }),
  header: css({
    display: 'flex',
    alignItems: 'center',
    justifyContent: 'space-between',
    gap: theme.spacing(1),
    minHeight: theme.spacing(3),
    marginBottom: theme.spacing(1),
  }),
  title: css({
    margin: 0,
    fontSize: theme.typography.body.fontSize,
    lineHeight: 1.4,
    fontWeight: theme.typography.fontWeightMedium,
    whiteSpace: 'nowrap',
  }),
  aside: css({ minWidth: 0, display: 'flex', alignItems: 'center', gap: theme.spacing(1) }),
});
