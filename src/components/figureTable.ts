import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';

/** Small tables of figures inside a panel: names at the left, figures in columns at the right. */
export const getFigureTableStyles = (theme: GrafanaTheme2) => ({
  table: css({
    width: '100%',
    fontVariantNumeric: 'tabular-nums',
    'th, td': { padding: theme.spacing(0.5, 0.625), textAlign: 'right', fontWeight: 'normal', whiteSpace: 'nowrap' },
    'th:first-child, td:first-child': { textAlign: 'left', paddingLeft: 0 },
    'th:last-child, td:last-child': { paddingRight: 0 },
    thead: { ...theme.typography.bodySmall, color: theme.colors.text.secondary },
    'tbody tr': { borderTop: `1px solid ${theme.colors.border.weak}` },
    '@container (max-width: 800px)': { ...theme.typography.bodySmall },
  }),
  /** A cell whose words may wrap; figures never do. */
  words: css({ '&&': { whiteSpace: 'normal', textWrap: 'pretty' } }),
  quiet: css({ color: theme.colors.text.secondary }),
});
