import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';

/** The balance at the left, the pods beside it; below each other where there is no room. */
export const getHeadlineStyles = (theme: GrafanaTheme2) => ({
  stack: css({ display: 'flex', flexDirection: 'column', gap: theme.spacing(1) }),
  headline: css({
    display: 'grid',
    gridTemplateColumns: 'minmax(340px, 2fr) minmax(380px, 3fr)',
    gap: theme.spacing(1),
    '@container (max-width: 760px)': { gridTemplateColumns: '1fr' },
  }),
});
