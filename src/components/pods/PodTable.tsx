import { css, cx } from '@emotion/css';
import { countText } from '@evenkeel/core/text/figures';
import type { GrafanaTheme2 } from '@grafana/data';
import { FilterInput, Icon, useStyles2 } from '@grafana/ui';
import { useMemo, useState } from 'react';
import { Panel } from '../Panel.tsx';
import { ScrollFrame } from '../ScrollFrame.tsx';
import { POD_COLUMNS } from './podColumns.tsx';
import { type PodColumn, type PodRow, type PodSort, sortRows } from './podRows.ts';
import { visibleRows } from './visibleRows.ts';

const ROW_HEIGHT = 28;
const TALLEST = 16 * ROW_HEIGHT;
/** From this many pods on a name filter is worth its place. */
const FILTER_FROM = 20;

interface Props {
  rows: readonly PodRow[];
  /** What the figures are over. */
  span: string;
}

/** Every pod with its figures. Only the rows in view exist, so a thousand pods cost what twenty do. */
export function PodTable({ rows, span }: Props) {
  const styles = useStyles2(getStyles);
  const [sort, setSort] = useState<PodSort>({ column: 'pod', descending: false });
  const [filter, setFilter] = useState('');
  const [scrollTop, setScrollTop] = useState(0);

  const hasConnections = rows.some((row) => row.connections !== null);
  const columns = hasConnections ? POD_COLUMNS : POD_COLUMNS.filter((column) => column.key !== 'connections');
  const sorted = useMemo(() => {
    const wanted = filter.trim().toLowerCase();
    return sortRows(wanted ? rows.filter((row) => row.pod.toLowerCase().includes(wanted)) : rows, sort);
  }, [rows, filter, sort]);

  const { from, to } = visibleRows(scrollTop, TALLEST, ROW_HEIGHT, sorted.length);
  const toggle = (column: PodColumn) =>
    setSort((old) => ({ column, descending: old.column === column ? !old.descending : column !== 'pod' }));

  return (
    <Panel
      title={`Pods (${countText(rows.length)})`}
      aside={
        <>
          <span className={styles.span}>{span}</span>
          {rows.length >= FILTER_FROM && (
            <FilterInput
              width={24}
              placeholder="Find a pod"
              aria-label="Find a pod"
              value={filter}
              onChange={setFilter}
            />
          )}
        </>
      }
    >
      <ScrollFrame
        className={styles.frame}
        aria-label="Pods, scrollable"
        // By whole rows: between them the same rows are in view, and there is nothing to draw anew.
        onScroll={(event) => setScrollTop(Math.floor(event.currentTarget.scrollTop / ROW_HEIGHT) * ROW_HEIGHT)}
      >
        <table className={styles.table} aria-rowcount={sorted.length + 1}>
          <colgroup>
            {columns.map(({ key, width }) => (
              <col key={key} style={{ width }} />
            ))}
          </colgroup>
          <thead>
            <tr aria-rowindex={1}>
              {columns.map(({ key, title }) => (
                <th
                  key={key}
                  scope="col"
                  aria-sort={sort.column === key ? (sort.descending ? 'descending' : 'ascending') : 'none'}
                >
                  <button type="button" className={styles.sort} onClick={() => toggle(key)}>
                    {sort.column === key && <Icon name={sort.descending ? 'arrow-down' : 'arrow-up'} size="sm" />}
                    {title}
                  </button>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {from > 0 && <tr aria-hidden style={{ height: from * ROW_HEIGHT }} />}
            {sorted.slice(from, to).map((row, i) => (
              <tr key={row.pod} aria-rowindex={from + i + 2} className={cx(!row.ready && styles.out)}>
                {columns.map(({ key, cell }) =>
                  key === 'pod' ? (
                    <th key={key} scope="row" title={row.pod}>
                      {cell(row)}
                    </th>
                  ) : (
                    <td key={key} className={cx(key === 'ratio' && row.isOff && styles.off)}>
                      {cell(row)}
                    </td>
                  )
                )}
              </tr>
            ))}
            {to < sorted.length && <tr aria-hidden style={{ height: (sorted.length - to) * ROW_HEIGHT }} />}
          </tbody>
        </table>
      </ScrollFrame>
      {sorted.length === 0 && <p className={styles.none}>{filter ? 'No pod has this in its name.' : 'No pods yet.'}</p>}
    </Panel>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  span: css({ ...theme.typography.bodySmall, color: theme.colors.text.secondary }),
  frame: css({ containerType: 'inline-size', maxHeight: TALLEST, margin: theme.spacing(0, -1.5, -1) }),
  table: css({
    width: '100%',
    minWidth: 720,
    tableLayout: 'fixed',
    fontVariantNumeric: 'tabular-nums',
    'th, td': {
      height: ROW_HEIGHT,
      padding: theme.spacing(0, 0.75),
      fontWeight: 'normal',
      textAlign: 'right',
      whiteSpace: 'nowrap',
    },
    'th:first-child': {
      paddingLeft: theme.spacing(1.5),
      textAlign: 'left',
      overflow: 'hidden',
      textOverflow: 'ellipsis',
    },
    'th:last-child, td:last-child': { paddingRight: theme.spacing(1.5) },
    'thead th': {
      position: 'sticky',
      top: 0,
      zIndex: 1,
      background: theme.colors.background.primary,
      boxShadow: `inset 0 -1px 0 ${theme.colors.border.weak}`,
    },
    'tbody tr:hover': { background: theme.colors.background.secondary },
    '@container (max-width: 960px)': {
      ...theme.typography.bodySmall,
      'th, td': { height: ROW_HEIGHT, padding: theme.spacing(0, 0.5) },
    },
  }),
  off: css({ color: theme.colors.warning.text }),
  out: css({ color: theme.colors.text.secondary }),
  sort: css({
    display: 'inline-flex',
    alignItems: 'center',
    gap: 2,
    height: ROW_HEIGHT,
    padding: 0,
    border: 0,
    background: 'none',
    ...theme.typography.bodySmall,
    color: theme.colors.text.secondary,
    '&:hover': { color: theme.colors.text.primary },
  }),
  none: css({ padding: theme.spacing(1, 0, 0), margin: 0, color: theme.colors.text.secondary }),
});
