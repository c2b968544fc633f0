import { css } from '@emotion/css';
import type { Report } from '@evenkeel/contract/report';
import { countText, durationText, percentText, rateText } from '@evenkeel/core/text/figures';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import { ConclusionBadge } from '../../components/ConclusionBadge.tsx';
import { RunStateBadge } from '../../components/RunStateBadge.tsx';

/** How the run ended, why, and its size. */
export function ConclusionLine({ report }: { report: Report }) {
  const styles = useStyles2(getStyles);
  const { run, reasons, headlines, totals } = report;
  const all = run.reason && !reasons.includes(run.reason) ? [run.reason, ...reasons] : reasons;
  // What is above it needs no second telling.
  const why = all.filter((reason) => !headlines.includes(reason));
  return (
    <div className={styles.conclusion}>
      <ConclusionBadge conclusion={report.conclusion} />
      {run.state !== 'finished' && <RunStateBadge state={run.state} />}
      <span className={styles.size}>
        {countText(totals.completed)} requests at {rateText(report.achievedRate)} in{' '}
        {durationText(report.seconds.measured)} measured, {percentText(report.errorRatePercent)} errors.
      </span>
      {why.length === 1 && <span>{why[0]}</span>}
      {why.length > 1 && (
        <ul className={styles.why} aria-label="Why">
          {why.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      )}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  conclusion: css({
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(0.5, 1.5),
    marginBottom: theme.spacing(1.5),
    fontVariantNumeric: 'tabular-nums',
  }),
  size: css({ color: theme.colors.text.secondary }),
  why: css({ flexBasis: '100%', margin: 0, paddingLeft: theme.spacing(2.5), textWrap: 'pretty' }),
});
