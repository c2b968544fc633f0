import { css } from '@emotion/css';
import type { LoadModel } from '@evenkeel/contract/scenario';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import { useMemo } from 'react';
import { countText, durationText } from '../../components/figureText.ts';
import { loadCurve } from './loadCurve.ts';

interface Props {
  load: LoadModel;
  height: number;
  warmupSeconds?: number;
  /** Write highest level and duration beside the curve. */
  labelled?: boolean;
}

const WIDTH = 400;

/** The load over time, as it will be played. */
export function LoadCurvePicture({ load, height, warmupSeconds = 0, labelled = false }: Props) {
  const styles = useStyles2(getStyles);
  const { line, area, highest, durationSeconds } = useMemo(() => loadCurve(load, WIDTH, height - 4), [load, height]);
  const unit = load.model === 'users' ? 'users' : 'requests/s';
  const warmup = Math.min(1, warmupSeconds / Math.max(1, durationSeconds)) * WIDTH;
  const label = `Load over ${durationText(durationSeconds)}, at most ${countText(highest)} ${unit}`;
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
          <span>{warmupSeconds > 0 ? `first ${durationText(warmupSeconds)} warm-up, not measured` : '0'}</span>
          <span>{durationText(durationSeconds)}</span>
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
