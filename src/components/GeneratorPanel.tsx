import { css } from '@emotion/css';
import type { GeneratorHealth, GeneratorState } from '@evenkeel/contract/generator';
import { coresText, countText, latencyText } from '@evenkeel/core/text/figures';
import type { GrafanaTheme2 } from '@grafana/data';
import { Badge, type BadgeColor, useStyles2 } from '@grafana/ui';
import { Panel } from './Panel.tsx';

const LOOKS: Readonly<Record<GeneratorState, { text: string; color: BadgeColor }>> = {
  ok: { text: 'OK', color: 'green' },
  strained: { text: 'Strained', color: 'orange' },
  saturated: { text: 'Saturated', color: 'red' },
};

/** Whether the load generator itself can be trusted: a tired generator measures itself, not the target. */
export function GeneratorPanel({ health }: { health: GeneratorHealth }) {
  const styles = useStyles2(getStyles);
  const figures: [string, string][] = [
    ['Busy', `${Math.round(health.eventLoopUtilisation * 100)} %`],
    ['Event loop delay p99', latencyText(health.eventLoopDelayP99Ms)],
    ['Sent late by p99', latencyText(health.lateness.p99)],
    ['Dropped', countText(health.dropped)],
    ['CPU cores', coresText(health.cpuCores)],
    ['Connections', countText(health.openConnections)],
  ];
  return (
    <Panel title="Load generator" aside={<Badge {...LOOKS[health.state]} />}>
      <dl className={styles.figures}>
        {figures.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {health.reasons.map((reason) => (
        <p key={reason} className={styles.reason}>
          {reason}
        </p>
      ))}
    </Panel>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  figures: css({
    flex: 1,
    display: 'grid',
    gridTemplateColumns: 'repeat(2, 1fr)',
    alignContent: 'space-around',
    gap: theme.spacing(1, 2),
    margin: 0,
    dt: { ...theme.typography.bodySmall, fontWeight: 'normal', color: theme.colors.text.secondary },
    dd: { margin: 0, fontVariantNumeric: 'tabular-nums' },
  }),
  reason: css({ margin: theme.spacing(1, 0, 0), color: theme.colors.warning.text }),
});
