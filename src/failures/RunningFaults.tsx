import { css } from '@emotion/css';
import type { Fault } from '@evenkeel/contract/fault';
import { includesRole } from '@evenkeel/contract/role';
import { effectText, podsText } from '@evenkeel/core/faults/faultText';
import { clockText } from '@evenkeel/core/text/figures';
import type { GrafanaTheme2 } from '@grafana/data';
import { Button, LinkButton, useStyles2 } from '@grafana/ui';
import { useEffect, useState } from 'react';
import { currentRole } from '../app/currentRole.ts';
import { pagePaths } from '../app/pagePaths.ts';
import { Panel } from '../components/Panel.tsx';
import { StateBadge } from '../components/StateBadge.tsx';
import { STATE_LOOKS } from './faultLooks.ts';

interface Props {
  faults: readonly Fault[];
  /** The service's clock minus the browser's, in milliseconds. */
  clockOffsetMs: number;
  onRevert: (id: string) => Promise<void>;
}

/** Faults that are not over, with the time that is left. */
export function RunningFaults({ faults, clockOffsetMs, onRevert }: Props) {
  const styles = useStyles2(getStyles);
  const now = useNow() + clockOffsetMs;
  return (
    <Panel title="Active now">
      {faults.map((fault) => (
        <RunningFault key={fault.id} fault={fault} now={now} onRevert={onRevert} />
      ))}
      {faults.length === 0 && <p className={styles.quiet}>No fault is active.</p>}
    </Panel>
  );
}

function RunningFault({ fault, now, onRevert }: { fault: Fault; now: number; onRevert: Props['onRevert'] }) {
  const styles = useStyles2(getStyles);
  const [isReverting, setIsReverting] = useState(false);
  const { effect, pods, state, createdAt, expiresAt, runId, steps } = fault;
  const share = Math.min(1, Math.max(0, (expiresAt - now) / (expiresAt - createdAt)));
  const revert = () => {
    setIsReverting(true);
    onRevert(fault.id).finally(() => setIsReverting(false));
  };
  return (
    <div className={styles.fault}>
      <div className={styles.line}>
        <StateBadge {...STATE_LOOKS[state]} />
        <strong>
          {effectText(effect)} on {podsText(pods.map(({ pod }) => pod))}
        </strong>
        <span className={styles.time} role="timer">
          {clockText(Math.ceil(Math.max(0, expiresAt - now) / 1000))} left
        </span>
        {runId !== null && (
          <LinkButton size="sm" variant="secondary" icon="eye" href={pagePaths.loadTest({ run: runId })}>
            Watch the run
          </LinkButton>
        )}
        {includesRole(currentRole(), 'Admin') && (
          <Button size="sm" variant="secondary" icon="history-alt" disabled={isReverting} onClick={revert}>
            {isReverting ? 'Reverting …' : 'Revert'}
          </Button>
        )}
      </div>
      <div className={styles.track}>
        <div className={styles.bar} style={{ width: `${100 * share}%` }} />
      </div>
      {state !== 'active' && <span className={styles.quiet}>{steps.at(-1)?.text}</span>}
    </div>
  );
}

/** The browser's time, twice a second. */
function useNow(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, []);
  return now;
}

const getStyles = (theme: GrafanaTheme2) => ({
  fault: css({
    display: 'flex',
    flexDirection: 'column',
    gap: theme.spacing(0.5),
    '& + &': { marginTop: theme.spacing(1.5) },
  }),
  line: css({ display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: theme.spacing(1) }),
  time: css({ marginLeft: 'auto', fontVariantNumeric: 'tabular-nums' }),
  track: css({ height: 4, background: theme.colors.background.secondary, borderRadius: 2 }),
  bar: css({ height: '100%', background: theme.colors.warning.main, borderRadius: 2 }),
  quiet: css({ margin: 0, ...theme.typography.bodySmall, color: theme.colors.text.secondary }),
});
