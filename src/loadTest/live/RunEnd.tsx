import { css } from '@emotion/css';
import { thresholdText } from '@evenkeel/core/text/thresholdText';
import type { GrafanaTheme2 } from '@grafana/data';
import { LinkButton, useStyles2 } from '@grafana/ui';
import { pagePaths } from '../../app/pagePaths.ts';
import { ConclusionBadge } from '../../components/ConclusionBadge.tsx';
import { RunStateBadge } from '../../components/RunStateBadge.tsx';
import type { LiveRun } from '../../service/live/liveRun.ts';

/** How the test ended, and where to go from here. */
export function RunEnd({ live: { run, report } }: { live: LiveRun }) {
  const styles = useStyles2(getStyles);
  const passed = report?.thresholds.filter((result) => result.passed) ?? [];
  const sentence = run.reason ?? (report && report.reasons.length > 0 ? report.reasons.join(' ') : null);
  return (
    <section className={styles.end} aria-label="How the test ended">
      {report && <ConclusionBadge conclusion={report.conclusion} />}
      {run.state !== 'finished' && <RunStateBadge state={run.state} />}
      <span className={styles.sentence}>
        {sentence ??
          (passed.length > 0
            ? `Every threshold was met: ${passed.map((result) => thresholdText(result.threshold)).join('; ')}.`
            : 'The test ran to its end. It had no thresholds to judge it by.')}
      </span>
      {report && (
        <LinkButton size="sm" variant="secondary" icon="file-alt" href={pagePaths.run(run.id)}>
          Open the report
        </LinkButton>
      )}
    </section>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  end: css({
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(1.5),
    marginBottom: theme.spacing(1),
    padding: theme.spacing(1, 1.5),
    background: theme.colors.background.primary,
    border: `1px solid ${theme.colors.border.weak}`,
    borderRadius: theme.shape.radius.default,
  }),
  sentence: css({ flex: 1, minWidth: 0, textWrap: 'pretty' }),
});
