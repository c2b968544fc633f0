import { css } from '@emotion/css';
import type { SpikeRecovery } from '@evenkeel/contract/spikeRecovery';
import { clockText, durationText, latencyText } from '@evenkeel/core/text/figures';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import { Panel } from '../../components/Panel.tsx';

/** How long the service took to be as before, once the spike was over. */
export function RecoveryPanel({ recovery }: { recovery: SpikeRecovery }) {
  const styles = useStyles2(getStyles);
  const { spikeFromSecond, spikeToSecond, baselineP95Ms, limitP95Ms, worstP95Ms, recoverySeconds } = recovery;
  const figures: [string, string][] = [
    ['Spike', `${clockText(spikeFromSecond)}–${clockText(spikeToSecond)}`],
    ['p95 before', latencyText(baselineP95Ms)],
    ['Worst second', latencyText(worstP95Ms)],
    ['Counts as before below', latencyText(limitP95Ms)],
    ['As before after', recoverySeconds === null ? 'not seen' : durationText(recoverySeconds)],
  ];
  return (
    <Panel title="After the spike">
      <p className={styles.sentence}>{recovery.sentence}</p>
      <dl className={styles.figures}>
        {figures.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  sentence: css({ margin: theme.spacing(0, 0, 1), textWrap: 'pretty' }),
  figures: css({
    display: 'flex',
    flexWrap: 'wrap',
    gap: theme.spacing(1, 4),
    margin: 0,
    dt: { ...theme.typography.bodySmall, fontWeight: 'normal', color: theme.colors.text.secondary },
    dd: { margin: 0, fontVariantNumeric: 'tabular-nums' },
  }),
});
