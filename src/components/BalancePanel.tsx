import { css } from '@emotion/css';
import type { BalanceScore } from '@evenkeel/contract/balance';
import { countText, NONE, scoreText } from '@evenkeel/core/text/figures';
import type { GrafanaTheme2 } from '@grafana/data';
import { IconButton, useStyles2, useTheme2 } from '@grafana/ui';
import { Panel } from './Panel.tsx';
import { ScoreRuler } from './ScoreRuler.tsx';
import { VerdictBadge } from './VerdictBadge.tsx';
import { VERDICT_LOOKS } from './verdictLook.ts';

interface Props {
  balance: BalanceScore;
  /** Which requests the score is about: "last 60 s", "whole measured phase". */
  span: string;
}

/** The story at a glance: the score, how sure it is, the verdict, and why in one sentence. */
export function BalancePanel({ balance, span }: Props) {
  const theme = useTheme2();
  const styles = useStyles2(getStyles);
  const { verdict, scorePercent, lowPercent, highPercent } = balance;
  const look = VERDICT_LOOKS[verdict];
  const facts: [string, string, string][] = [
    ['Requests', countText(balance.requests), 'First-attempt routing decisions over ready pods'],
    ['Pods', countText(balance.pods), 'Pods that should have received traffic'],
    ['Raw score', scoreText(balance.rawPercent), 'The score without the correction for chance'],
    [
      'By chance',
      balance.noiseFloorCv === null ? NONE : scoreText(Math.max(0, 100 * (1 - balance.noiseFloorCv))),
      'What a fair random balancer would show uncorrected at this number of requests',
    ],
  ];
  return (
    <Panel title="Balance" aside={<span className={styles.span}>{span}</span>}>
      <div className={styles.top}>
        {scorePercent === null ? (
          <div className={styles.noScore}>No score</div>
        ) : (
          <div className={styles.score} style={{ color: look.color(theme) }}>
            {scoreText(scorePercent)}
            <span className={styles.unit}>%</span>
          </div>
        )}
        <div className={styles.verdict}>
          <VerdictBadge verdict={verdict} />
          <div className={styles.interval}>
            {lowPercent === null || highPercent === null
              ? 'no interval'
              : `${scoreText(lowPercent)} to ${scoreText(highPercent)}`}
            <IconButton
              name="info-circle"
              size="sm"
              className={styles.info}
              tooltip="The score lies in this interval with 95 % confidence. The verdict needs the whole interval on one side of the target."
            />
          </div>
        </div>
      </div>
      <ScoreRuler balance={balance} />
      <p className={styles.sentence}>{balance.sentence}</p>
      {balance.work && <p className={styles.work}>{balance.work.sentence}</p>}
      <dl className={styles.facts}>
        {facts.map(([name, value, meaning]) => (
          <div key={name} title={meaning}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <div className="sr-only" role="status">
        {look.text}
      </div>
    </Panel>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  span: css({ ...theme.typography.bodySmall, color: theme.colors.text.secondary }),
  top: css({ display: 'flex', alignItems: 'center', gap: theme.spacing(2) }),
  score: css({
    fontSize: 60,
    lineHeight: '60px',
    fontWeight: theme.typography.fontWeightMedium,
    letterSpacing: '-0.03em',
    fontVariantNumeric: 'tabular-nums',
    whiteSpace: 'nowrap',
  }),
  noScore: css({ fontSize: 32, lineHeight: '60px', color: theme.colors.text.secondary, whiteSpace: 'nowrap' }),
  unit: css({ fontSize: 24, letterSpacing: 0, marginLeft: 4, color: theme.colors.text.secondary }),
  verdict: css({ display: 'flex', flexDirection: 'column', alignItems: 'flex-start', gap: theme.spacing(0.5) }),
  interval: css({
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(0.5),
    fontVariantNumeric: 'tabular-nums',
    whiteSpace: 'nowrap',
    color: theme.colors.text.secondary,
  }),
  info: css({ color: theme.colors.text.secondary }),
  sentence: css({ margin: theme.spacing(1.5, 0, 0), textWrap: 'pretty' }),
  work: css({ margin: theme.spacing(0.5, 0, 0), color: theme.colors.text.secondary }),
  facts: css({
    display: 'grid',
    gridTemplateColumns: 'repeat(4, auto)',
    justifyContent: 'space-between',
    gap: theme.spacing(1),
    margin: 'auto 0 0',
    paddingTop: theme.spacing(1.5),
    dt: { ...theme.typography.bodySmall, fontWeight: 'normal', color: theme.colors.text.secondary },
    dd: { margin: 0, fontVariantNumeric: 'tabular-nums' },
  }),
});
