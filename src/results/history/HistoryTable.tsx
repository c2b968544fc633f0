import { css, cx } from '@emotion/css';
import type { RunSort } from '@evenkeel/contract/api';
import { isFinal } from '@evenkeel/contract/run';
import type { RunSummary } from '@evenkeel/contract/runSummary';
import { durationText, latencyText, percentText, rateText } from '@evenkeel/core/text/figures';
import { dateTimeFormat, type GrafanaTheme2 } from '@grafana/data';
import { Badge, Checkbox, Icon, Stack, TextLink, useStyles2 } from '@grafana/ui';
import type { ReactNode } from 'react';
import { pagePaths } from '../../app/pagePaths.ts';
import { ConclusionBadge } from '../../components/ConclusionBadge.tsx';
import { RunStateBadge } from '../../components/RunStateBadge.tsx';
import { ScrollFrame } from '../../components/ScrollFrame.tsx';
import { nextSort } from './historyQuery.ts';
import { ScoreCell } from './ScoreCell.tsx';

interface Props {
  runs: readonly RunSummary[];
  sort: RunSort;
  onSort: (sort: RunSort) => void;
  onLabel: (label: string) => void;
  picked: readonly string[];
  onPick: (id: string) => void;
}

type Sortable = Parameters<typeof nextSort>[1];

const COLUMNS: readonly { title: string; sort?: Sortable; right?: boolean }[] = [
  { title: 'Started', sort: 'createdAt' },
  { title: 'Scenario and target' },
  { title: 'Result' },
  { title: 'Balance', sort: 'score' },
  { title: 'Rate', sort: 'rate', right: true },
  { title: 'p95', sort: 'p95', right: true },
  { title: 'p99', sort: 'p99', right: true },
  { title: 'Errors', sort: 'errorRate', right: true },
];

const lengthOf = (run: RunSummary): string =>
  run.startedAt !== null && run.endedAt !== null ? durationText((run.endedAt - run.startedAt) / 1000) : '';

function ResultCell({ run }: { run: RunSummary }): ReactNode {
  if (!isFinal(run.state)) return <RunStateBadge state={run.state} />;
  return (
    <Stack gap={0.5} wrap="wrap">
      {run.result && <ConclusionBadge conclusion={run.result.conclusion} />}
      {(run.state !== 'finished' || !run.result) && <RunStateBadge state={run.state} />}
    </Stack>
  );
}

/** The runs of one page of the history. */
export function HistoryTable({ runs, sort, onSort, onLabel, picked, onPick }: Props) {
  const styles = useStyles2(getStyles);
  const ariaSort = (column: Sortable | undefined) =>
    sort === column ? 'ascending' : sort === `-${column}` ? 'descending' : column ? 'none' : undefined;
  return (
    <ScrollFrame className={styles.frame} aria-label="Runs">
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">
              <span className="sr-only">Compare</span>
            </th>
            {COLUMNS.map(({ title, sort: column, right }) => (
              <th key={title} scope="col" aria-sort={ariaSort(column)} className={cx(right && styles.right)}>
                {column ? (
                  <button type="button" className={styles.sort} onClick={() => onSort(nextSort(sort, column))}>
                    {(sort === column || sort === `-${column}`) && (
                      <Icon name={sort === column ? 'arrow-up' : 'arrow-down'} size="sm" />
                    )}
                    {title}
                  </button>
                ) : (
                  title
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {runs.map((run) => {
            const { id, result } = run;
            const isActive = !isFinal(run.state);
            return (
              <tr key={id} className={cx(picked.includes(id) && styles.picked)}>
                <td>
                  <Checkbox
                    aria-label={`Compare the run of ${run.scenarioName} started ${dateTimeFormat(run.createdAt)}`}
                    disabled={result === null}
                    checked={picked.includes(id)}
                    onChange={() => onPick(id)}
                  />
                </td>
                <td className={styles.when}>
                  <TextLink href={isActive ? pagePaths.loadTest({ run: id }) : pagePaths.run(id)} inline={false}>
                    {dateTimeFormat(run.createdAt, { format: 'YYYY-MM-DD HH:mm:ss' })}
                  </TextLink>
                  <div className={styles.small}>
                    {isActive ? 'running' : lengthOf(run)}
                    {run.startedBy && ` · ${run.startedBy}`}
                  </div>
                </td>
                <td className={styles.what}>
                  <div className={styles.name}>
                    {run.scenarioName}
                    {run.baseline && <Badge color="purple" icon="bookmark" text="Baseline" />}
                  </div>
                  <div className={styles.labels}>
                    <span>on {run.targetName}</span>
                    {Object.entries(run.labels).map(([name, value]) => (
                      <button
                        key={name}
                        type="button"
                        className={styles.label}
                        title={`Show only runs with ${name} = ${value}`}
                        onClick={() => onLabel(`${name}:${value}`)}
                      >
                        {name}={value}
                      </button>
                    ))}
                    {run.note && (
                      <span className={styles.note} title={run.note}>
                        {run.note}
                      </span>
                    )}
                  </div>
                </td>
                <td>
                  <ResultCell run={run} />
                </td>
                <td>{result && <ScoreCell result={result} />}</td>
                <td className={styles.right}>{rateText(result?.achievedRate)}</td>
                <td className={styles.right}>{latencyText(result?.p95Ms)}</td>
                <td className={styles.right}>{latencyText(result?.p99Ms)}</td>
                <td className={styles.right}>{percentText(result?.errorRatePercent)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </ScrollFrame>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  frame: css({
    containerType: 'inline-size',
    marginBottom: theme.spacing(1),
    background: theme.colors.background.primary,
    border: `1px solid ${theme.colors.border.weak}`,
    borderRadius: theme.shape.radius.default,
  }),
  table: css({
    width: '100%',
    minWidth: 720,
    fontVariantNumeric: 'tabular-nums',
    'th, td': { padding: theme.spacing(0.75, 1), verticalAlign: 'top', textAlign: 'left', whiteSpace: 'nowrap' },
    th: {
      ...theme.typography.bodySmall,
      color: theme.colors.text.secondary,
      borderBottom: `1px solid ${theme.colors.border.weak}`,
      verticalAlign: 'middle',
    },
    'th:first-child, td:first-child': { width: theme.spacing(4), paddingLeft: theme.spacing(1.5) },
    'th:last-child, td:last-child': { paddingRight: theme.spacing(1.5) },
    'tbody tr + tr td': { borderTop: `1px solid ${theme.colors.border.weak}` },
    'tbody tr:hover': { background: theme.colors.background.secondary },
    '@container (max-width: 900px)': {
      ...theme.typography.bodySmall,
      'th, td': { padding: theme.spacing(0.75, 0.5) },
      a: { fontSize: 'inherit' },
    },
  }),
  picked: css({ '& td:first-child': { boxShadow: `inset 3px 0 0 ${theme.colors.primary.main}` } }),
  right: css({ '&&': { textAlign: 'right' } }),
  sort: css({
    display: 'inline-flex',
    alignItems: 'center',
    verticalAlign: 'middle',
    gap: 2,
    padding: 0,
    border: 0,
    background: 'none',
    color: 'inherit',
    font: 'inherit',
    '&:hover': { color: theme.colors.text.primary },
  }),
  when: css({ width: 130 }),
  what: css({ '&&': { whiteSpace: 'normal' }, width: '40%', '@container (max-width: 900px)': { width: '24%' } }),
  name: css({ display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: theme.spacing(0, 1) }),
  small: css({ ...theme.typography.bodySmall, color: theme.colors.text.secondary }),
  labels: css({
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(0.5),
    ...theme.typography.bodySmall,
    color: theme.colors.text.secondary,
  }),
  label: css({
    padding: theme.spacing(0, 0.5),
    border: `1px solid ${theme.colors.border.weak}`,
    borderRadius: theme.shape.radius.default,
    background: 'none',
    color: 'inherit',
    font: 'inherit',
    '&:hover': { color: theme.colors.text.primary, borderColor: theme.colors.border.medium },
  }),
  note: css({
    maxWidth: 320,
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
    '@container (max-width: 900px)': { whiteSpace: 'normal' },
  }),
});
