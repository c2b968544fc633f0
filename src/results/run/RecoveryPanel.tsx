import { css } from '@emotion/css';
import type { SpikeRecovery } from '@evenkeel/contract/spikeRecovery';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import { clockText, latencyText } from '../../components/figureText.ts';
import { Panel } from '../../components/Panel.tsx';

/** How long the service took to be as before a spike. */
export function RecoveryPanel({ recovery }: { recovery: SpikeRecovery }) {
  const styles = useStyles2(getStyles);
  const { spikeFromSecond, spikeToSecond, limitP95Ms, sentence } = recovery;
  return (
    <Panel title="Recovery after the spike">
      <p className={styles.sentence}>{sentence}</p>
      <p className={styles.about}>
        The spike lasted from {clockText(spikeFromSecond)} to {clockText(spikeToSecond)}.
        {limitP95Ms !== null && ` As before means: a 95th percentile of at most ${latencyText(limitP95Ms)}.`}
      </p>
    </Panel>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  sentence: css({ ...theme.typography.h5, margin: theme.spacing(0, 0, 0.5), textWrap: 'pretty' }),
  about: css({ margin: 0, color: theme.colors.text.secondary, textWrap: 'pretty' }),
});
