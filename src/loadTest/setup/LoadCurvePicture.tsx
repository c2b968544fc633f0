import { css } from '@emotion/css';
import type { Scenario } from '@evenkeel/contract/scenario';
import { scenarioPreview } from '@evenkeel/core/scenarios/scenarioPreview';
import { countText, durationText } from '@evenkeel/core/text/figures';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import { useMemo } from 'react';
import { loadCurve } from './loadCurve.ts';

interface Props {
  scenario: Scenario;
  height: number;
  /** Write highest level and duration beside the curve, and shade the warm-up. */
  labelled?: boolean;
}

const WIDTH = 400;

/** The load over time, as it will be played. */
export function LoadCurvePicture({ scenario, height, labelled = false }: Props) {
  const styles = useStyles2(getStyles);
  const preview = useMemo(() => scenarioPreview(scenario), [scenario]);
  const { line, area, highest } = useMemo(() => loadCurve(preview, WIDTH, height - 4), [preview, height]);
  const { seconds, search, model } = preview;
  const unit = model === 'users' ? 'users' : 'requests/s';
  const warmupSeconds = labelled ? preview.warmupSeconds : 0;
  const warmup = Math.min(1, warmupSeconds / Math.max(1, seconds)) * WIDTH;
  const label = search
    ? `Steps that double up to ${countText(highest)} ${unit}`
    : `Load over ${durationText(seconds)}, at most ${countText(highest)} ${unit}`;
  const begins = search
    ? 'doubles until the service gives way, then halves the gap'
    : warmupSeconds > 0
      ? `first ${durationText(warmupSeconds)} warm-up, not measured`
      : '0';
  return (
    <div className={styles.frame}>
      {labelled && (
        <div className={styles.highest}>
          {countText(highest)} {unit}
        </div>
      )}
      <svg
        className={styles.picture}
        viewBox={`0 0 ${WIDTH} ${height}`}
        height={height}
        preserveAspectRatio="none"
        role="img"
        aria-label={label}
      >
        {warmup > 0 && <rect x={0} y={0} width={warmup} height={height} className={styles.warmup} />}
        <g transform="translate(0 2)">
          <path d={area} className={styles.area} />
          <path d={line} className={styles.line} vectorEffect="non-scaling-stroke" />
        </g>
      </svg>
      {labelled && (
        <div className={styles.scale}>
          <span>{begins}</span>
          {!search && <span>{durationText(seconds)}</span>}
        </div>
      )}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  frame: css({ display: 'flex', flexDirection: 'column' }),
  picture: css({ display: 'block', width: '100%' }),
  area: css({ fill: theme.visualization.getColorByName('blue'), opacity: 0.16 }),
  line: css({ fill: 'none', stroke: theme.visualization.getColorByName('blue'), strokeWidth: 1.5 }),
  warmup: css({ fill: theme.isDark ? 'rgba(204, 204, 220, 0.08)' : 'rgba(36, 41, 46, 0.06)' }),
  highest: css({
    ...theme.typography.bodySmall,
    color: theme.colors.text.secondary,
    marginBottom: theme.spacing(0.5),
    fontVariantNumeric: 'tabular-nums',
  }),
  scale: css({
    display: 'flex',
    justifyContent: 'space-between',
    marginTop: theme.spacing(0.5),
    ...theme.typography.bodySmall,
    color: theme.colors.text.secondary,
  }),
});
