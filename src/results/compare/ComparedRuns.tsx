import { css } from '@emotion/css';
import type { Comparison } from '@evenkeel/contract/comparison';
import type { RunSummary } from '@evenkeel/contract/runSummary';
import { countText, rateText } from '@evenkeel/core/text/figures';
import { dateTimeFormat, type GrafanaTheme2 } from '@grafana/data';
import { Badge, Combobox, TextLink, useStyles2, useTheme2 } from '@grafana/ui';
import { pagePaths } from '../../app/pagePaths.ts';
import { useRuns } from '../../service/useRuns.ts';
import { ScoreCell } from '../history/ScoreCell.tsx';

interface Props {
  candidateId: string;
  comparison: Comparison | null;
  onBaseline: (id: string) => void;
}

const when = (run: RunSummary) => dateTimeFormat(run.startedAt ?? run.createdAt, { format: 'YYYY-MM-DD HH:mm:ss' });

function RunCard({ part, color, run }: { part: string; color: string; run: RunSummary }) {
  const styles = useStyles2(getStyles);
  const theme = useTheme2();
  return (
    <section
      className={styles.card}
      style={{ borderTopColor: theme.visualization.getColorByName(color) }}
      aria-label={part}
    >
      <div>
        <div className={styles.part}>{part}</div>
        <TextLink href={pagePaths.run(run.id)}>
          {run.scenarioName} on {run.targetName}
        </TextLink>
        {run.baseline && <Badge className={styles.badge} color="purple" icon="bookmark" text="Baseline" />}
        <div className={styles.small}>
          {when(run)}
          {Object.entries(run.labels).map(([name, value]) => ` · ${name}=${value}`)}
        </div>
        {run.note && <div className={styles.small}>{run.note}</div>}
      </div>
      {run.result && (
        <div className={styles.result}>
          <ScoreCell result={run.result} />
          <div className={styles.small}>
            {countText(run.result.completed)} answers, {rateText(run.result.achievedRate)}
          </div>
        </div>
      )}
    </section>
  );
}

/** The two runs, and a way to take another baseline. */
export function ComparedRuns({ candidateId, comparison, onBaseline }: Props) {
  const styles = useStyles2(getStyles);
  const others = useRuns({ limit: 100, sort: '-createdAt', targetId: comparison?.candidate.targetId });
  const options = (others.data?.runs ?? [])
    .filter((run) => run.id !== candidateId && run.result !== null)
    .map((run) => ({
      value: run.id,
      label: `${when(run)} ${run.scenarioName}`,
      description: [run.baseline ? 'Baseline' : '', run.note].filter(Boolean).join(' · ') || undefined,
    }));
  return (
    <>
      <div className={styles.picker}>
        <label htmlFor="compare-baseline">Compare with</label>
        <Combobox
          id="compare-baseline"
          width={48}
          placeholder="Choose a run"
          options={options}
          value={comparison?.baseline.id ?? null}
          onChange={({ value }) => onBaseline(value)}
        />
      </div>
      {comparison && (
        <div className={styles.pair}>
          <RunCard part="Baseline" color="orange" run={comparison.baseline} />
          <RunCard part="Candidate" color="blue" run={comparison.candidate} />
        </div>
      )}
    </>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  picker: css({ display: 'flex', alignItems: 'center', gap: theme.spacing(1), marginBottom: theme.spacing(1.5) }),
  pair: css({ display: 'grid', gridTemplateColumns: '1fr 1fr', gap: theme.spacing(1), marginBottom: theme.spacing(1) }),
  card: css({
    display: 'flex',
    justifyContent: 'space-between',
    gap: theme.spacing(2),
    minWidth: 0,
    padding: theme.spacing(1.25, 1.5),
    background: theme.colors.background.primary,
    border: `1px solid ${theme.colors.border.weak}`,
    borderTop: '3px solid',
    borderRadius: theme.shape.radius.default,
  }),
  part: css({ ...theme.typography.bodySmall, color: theme.colors.text.secondary }),
  badge: css({ marginLeft: theme.spacing(1) }),
  small: css({ ...theme.typography.bodySmall, color: theme.colors.text.secondary, fontVariantNumeric: 'tabular-nums' }),
  result: css({ textAlign: 'right', whiteSpace: 'nowrap', fontVariantNumeric: 'tabular-nums' }),
});
