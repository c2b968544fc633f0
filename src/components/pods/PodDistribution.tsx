import { css } from '@emotion/css';
import type { BalanceScore } from '@evenkeel/contract/balance';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2, useTheme2 } from '@grafana/ui';
import { useMemo } from 'react';
import { Panel } from '../Panel.tsx';
import { PodCanvas } from './PodCanvas.tsx';
import { PodRows } from './PodRows.tsx';
import { type PodStanding, podBars } from './podBars.ts';
import { standingColor } from './standingColor.ts';

/** More pods than this are drawn as columns without names. */
const MOST_ROWS = 8;

const LEGEND: readonly [PodStanding, string][] = [
  ['even', 'as chance gives'],
  ['off', 'off'],
  ['guarded', 'fails'],
  ['out', 'not ready'],
];

/** A bar per pod against its expected share, with the band that pure chance gives. */
export function PodDistribution({ balance }: { balance: BalanceScore }) {
  const styles = useStyles2(getStyles);
  const theme = useTheme2();
  const bars = useMemo(() => podBars(balance), [balance]);
  const present = new Set(bars.map((bar) => bar.standing));
  return (
    <Panel
      title="Share of the requests"
      aside={
        <ul className={styles.legend}>
          {LEGEND.filter(([standing]) => present.has(standing)).map(([standing, text]) => (
            <li key={standing}>
              <span className={styles.swatch} style={{ background: standingColor(theme, standing) }} />
              {text}
            </li>
          ))}
          <li>
            <span className={styles.expected} />
            expected
          </li>
          <li>
            <span className={styles.band} />
            noise
          </li>
        </ul>
      }
    >
      {bars.length === 0 ? (
        <p className={styles.empty}>The pods appear with the first answers.</p>
      ) : bars.length <= MOST_ROWS ? (
        <PodRows bars={bars} />
      ) : (
        <PodCanvas bars={bars} />
      )}
    </Panel>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  legend: css({
    listStyle: 'none',
    display: 'flex',
    flexWrap: 'wrap',
    justifyContent: 'flex-end',
    gap: theme.spacing(0, 1.5),
    margin: 0,
    padding: 0,
    ...theme.typography.bodySmall,
    color: theme.colors.text.secondary,
    li: { display: 'flex', alignItems: 'center', gap: theme.spacing(0.5), whiteSpace: 'nowrap' },
  }),
  swatch: css({ width: 10, height: 10, borderRadius: 2 }),
  expected: css({ height: 12, borderLeft: `2px solid ${theme.colors.text.primary}` }),
  band: css({ width: 14, height: 10, borderRadius: 2, background: theme.colors.action.disabledText, opacity: 0.5 }),
  empty: css({ margin: 'auto', color: theme.colors.text.secondary }),
});
