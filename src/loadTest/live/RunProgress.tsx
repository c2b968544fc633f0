import { css } from '@emotion/css';
import { isFinal } from '@evenkeel/contract/run';
import { clockText } from '@evenkeel/core/text/figures';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import { RunStateBadge } from '../../components/RunStateBadge.tsx';
import type { LiveRun } from '../../service/live/liveRun.ts';
import { useRunClock } from './useRunClock.ts';

/** Where the test is: phase, time gone, time planned. */
export function RunProgress({ live }: { live: LiveRun }) {
  const styles = useStyles2(getStyles);
  const elapsed = useRunClock(live);
  const { plannedSeconds, run } = live;
  const part = isFinal(run.state) ? 100 : Math.min(100, (elapsed / Math.max(1, plannedSeconds)) * 100);
  return (
    <div className={styles.line}>
      <RunStateBadge state={run.state} />
      <div
        className={styles.track}
        role="progressbar"
        aria-label="Progress of the test"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(part)}
      >
        <div className={styles.done} style={{ width: `${part}%` }} />
      </div>
      <span className={styles.time}>
        {clockText(elapsed)} / {clockText(plannedSeconds)}
      </span>
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  line: css({ display: 'flex', alignItems: 'center', gap: theme.spacing(1.5), marginBottom: theme.spacing(1.5) }),
  track: css({
    flex: 1,
    height: 4,
    borderRadius: 2,
    overflow: 'hidden',
    background: theme.colors.background.secondary,
  }),
  done: css({
    height: '100%',
    background: theme.colors.primary.main,
    [theme.transitions.handleMotion('no-preference')]: { transition: 'width 500ms linear' },
  }),
  time: css({ fontVariantNumeric: 'tabular-nums', color: theme.colors.text.secondary, whiteSpace: 'nowrap' }),
});
