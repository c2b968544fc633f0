import { css } from '@emotion/css';
import { deviationText, shareText } from '@evenkeel/core/text/figures';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2, useTheme2 } from '@grafana/ui';
import { barsSentence, type PodBar, shareAxisEnd } from './podBars.ts';
import { standingColor } from './standingColor.ts';

/** Few pods: a named row each. */
export function PodRows({ bars }: { bars: readonly PodBar[] }) {
  const styles = useStyles2(getStyles);
  const theme = useTheme2();
  const end = shareAxisEnd(bars);
  const at = (share: number) => `${(share / end) * 100}%`;
  return (
    <div className={styles.rows} role="img" aria-label={barsSentence(bars)}>
      {bars.map((bar) => (
        <div key={bar.pod} className={styles.row}>
          <span className={styles.name} title={bar.pod}>
            {bar.pod}
          </span>
          <div className={styles.track}>
            <div
              className={styles.bar}
              style={{ width: at(bar.share), background: standingColor(theme, bar.standing) }}
            />
            <div className={styles.noise} style={{ left: at(bar.noiseLow), width: at(bar.noiseHigh - bar.noiseLow) }} />
            {bar.standing !== 'out' && <div className={styles.expected} style={{ left: at(bar.expectedShare) }} />}
          </div>
          <span className={styles.figure}>{shareText(bar.share)}</span>
          <span className={styles.deviation}>
            {bar.standing === 'out' ? 'not ready' : (bar.guard ?? deviationText(bar.ratio))}
          </span>
        </div>
      ))}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  rows: css({
    flex: 1,
    display: 'grid',
    gridTemplateColumns: 'minmax(64px, max-content) 1fr max-content max-content',
    gridAutoRows: 'minmax(24px, 44px)',
    alignContent: 'center',
    columnGap: theme.spacing(1.5),
  }),
  row: css({ display: 'grid', gridColumn: '1 / -1', gridTemplateColumns: 'subgrid', alignItems: 'center' }),
  name: css({ maxWidth: 220, overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }),
  track: css({
    position: 'relative',
    height: '62%',
    maxHeight: 22,
    borderRadius: 2,
    background: theme.colors.background.secondary,
  }),
  bar: css({
    position: 'absolute',
    inset: '0 auto 0 0',
    borderRadius: 2,
    [theme.transitions.handleMotion('no-preference')]: { transition: 'width 300ms ease-out' },
  }),
  noise: css({
    position: 'absolute',
    top: 0,
    bottom: 0,
    background: theme.isDark ? 'rgba(255, 255, 255, 0.28)' : 'rgba(0, 0, 0, 0.22)',
  }),
  expected: css({
    position: 'absolute',
    top: -3,
    bottom: -3,
    marginLeft: -1,
    borderLeft: `2px solid ${theme.colors.text.primary}`,
  }),
  figure: css({ textAlign: 'right', fontVariantNumeric: 'tabular-nums' }),
  deviation: css({
    minWidth: 54,
    textAlign: 'right',
    fontVariantNumeric: 'tabular-nums',
    color: theme.colors.text.secondary,
  }),
});
