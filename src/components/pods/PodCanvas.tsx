import { css } from '@emotion/css';
import { deviationText, shareText } from '@evenkeel/core/text/figures';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2, useTheme2 } from '@grafana/ui';
import { useEffect, useRef, useState } from 'react';
import { useElementWidth } from '../chart/useElementWidth.ts';
import { drawPodColumns, podAt, podLayout } from './drawPodColumns.ts';
import { barsSentence, type PodBar } from './podBars.ts';

const HEIGHT = 196;

/** Many pods: a column each on a canvas, the one below the pointer named. The table below has them all as text. */
export function PodCanvas({ bars }: { bars: readonly PodBar[] }) {
  const styles = useStyles2(getStyles);
  const theme = useTheme2();
  const host = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const width = useElementWidth(host);
  const [hovered, setHovered] = useState<number | null>(null);

  useEffect(() => {
    if (canvas.current && width > 0) drawPodColumns(canvas.current, theme, bars, width, HEIGHT, hovered);
  }, [bars, theme, width, hovered]);

  const bar = hovered === null ? undefined : bars[hovered];
  const { left, pitch } = podLayout(width, bars.length);
  const tipX = left + ((hovered ?? 0) + 0.5) * pitch;
  return (
    <div
      ref={host}
      className={styles.host}
      onPointerMove={(event) => {
        const x = event.clientX - event.currentTarget.getBoundingClientRect().left;
        setHovered(podAt(x, width, bars.length));
      }}
      onPointerLeave={() => setHovered(null)}
    >
      <canvas ref={canvas} className={styles.canvas} role="img" aria-label={barsSentence(bars)} />
      {bar && (
        <div
          className={styles.tip}
          style={tipX > width / 2 ? { right: width - tipX + 8 } : { left: tipX + 8 }}
          aria-hidden
        >
          <strong>{bar.pod}</strong>
          <span>
            {shareText(bar.share)} of {shareText(bar.expectedShare)} expected
          </span>
          <span>{bar.standing === 'out' ? 'not ready' : (bar.guard ?? deviationText(bar.ratio))}</span>
        </div>
      )}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  host: css({ position: 'relative', height: HEIGHT }),
  canvas: css({ display: 'block', width: '100%', height: HEIGHT }),
  tip: css({
    position: 'absolute',
    top: 0,
    display: 'flex',
    flexDirection: 'column',
    padding: theme.spacing(0.5, 1),
    borderRadius: theme.shape.radius.default,
    background: theme.colors.background.elevated ?? theme.colors.background.secondary,
    border: `1px solid ${theme.colors.border.medium}`,
    boxShadow: theme.shadows.z2,
    fontSize: theme.typography.bodySmall.fontSize,
    fontVariantNumeric: 'tabular-nums',
    whiteSpace: 'nowrap',
    pointerEvents: 'none',
  }),
});
