import { css } from '@emotion/css';
import type { BalanceScore } from '@evenkeel/contract/balance';
import { scoreText } from '@evenkeel/core/text/figures';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2, useTheme2 } from '@grafana/ui';
import { rulerStart } from './rulerStart.ts';
import { VERDICT_LOOKS } from './verdictLook.ts';

/** The interval of the score and the target on one line, so that "how sure" and "how far" are seen, not read. */
export function ScoreRuler({ balance }: { balance: BalanceScore }) {
  const theme = useTheme2();
  const styles = useStyles2(getStyles);
  const { scorePercent, lowPercent, highPercent, targetPercent, verdict } = balance;
  const start = rulerStart(lowPercent ?? scorePercent, targetPercent);
  const at = (percent: number) => `${((Math.max(start, percent) - start) / (100 - start)) * 100}%`;
  const color = VERDICT_LOOKS[verdict].color(theme);
  const label =
    scorePercent === null
      ? `No score yet; the target is ${targetPercent}`
      : `Score ${scoreText(scorePercent)} between ${scoreText(lowPercent)} and ${scoreText(highPercent)}; the target is ${targetPercent}`;
  return (
    <div className={styles.ruler} role="img" aria-label={label}>
      <div className={styles.track}>
        {lowPercent !== null && highPercent !== null && (
          <div
            className={styles.interval}
            style={{ left: at(lowPercent), right: `calc(100% - ${at(highPercent)})`, background: color }}
          />
        )}
        {scorePercent !== null && (
          <div className={styles.score} style={{ left: at(scorePercent), background: color }} />
        )}
        <div className={styles.target} style={{ left: at(targetPercent) }} />
      </div>
      <div className={styles.scale}>
        <span>{start}</span>
        <span className={styles.targetText} style={{ left: `clamp(48px, ${at(targetPercent)}, calc(100% - 52px))` }}>
          target {targetPercent}
        </span>
        <span>100</span>
      </div>
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  ruler: css({ marginTop: theme.spacing(1.5) }),
  track: css({ position: 'relative', height: 8, borderRadius: 4, background: theme.colors.background.secondary }),
  interval: css({ position: 'absolute', top: 0, bottom: 0, minWidth: 2, borderRadius: 4, opacity: 0.35 }),
  score: css({ position: 'absolute', top: -2, bottom: -2, width: 4, marginLeft: -2, borderRadius: 2 }),
  target: css({
    position: 'absolute',
    top: -4,
    bottom: -4,
    width: 0,
    borderLeft: `2px dotted ${theme.colors.text.secondary}`,
  }),
  scale: css({
    position: 'relative',
    display: 'flex',
    justifyContent: 'space-between',
    marginTop: theme.spacing(0.5),
    fontSize: 11,
    lineHeight: '14px',
    fontVariantNumeric: 'tabular-nums',
    color: theme.colors.text.secondary,
  }),
  targetText: css({ position: 'absolute', transform: 'translateX(-50%)', whiteSpace: 'nowrap' }),
});
