import { shareText } from '@evenkeel/core/text/figures';
import type { GrafanaTheme2 } from '@grafana/data';
import { type PodBar, shareAxisEnd } from './podBars.ts';
import { standingColor } from './standingColor.ts';

/** Space for the axis at the left and for names below, in CSS pixels. */
const LEFT = 52;
const BOTTOM = 16;
const TOP = 6;
const WIDEST_COLUMN = 48;

export interface PodLayout {
  readonly left: number;
  /** Distance from one pod's column to the next. */
  readonly pitch: number;
}

/** Where the columns stand, for drawing and for finding the pod below the pointer. */
export function podLayout(width: number, pods: number): PodLayout {
  return { left: LEFT, pitch: Math.min(WIDEST_COLUMN, (width - LEFT) / Math.max(1, pods)) };
}

/** Index of the pod at `x`, or null. */
export function podAt(x: number, width: number, pods: number): number | null {
  const { left, pitch } = podLayout(width, pods);
  const index = Math.floor((x - left) / pitch);
  return index >= 0 && index < pods ? index : null;
}

/** The step of an axis next to `about` that people count in: 1, 2 or 5 times a power of ten. */
export function niceStep(about: number): number {
  const power = 10 ** Math.floor(Math.log10(about));
  const lead = about / power;
  return power * (lead < 1.5 ? 1 : lead < 3.5 ? 2 : lead < 7.5 ? 5 : 10);
}

/** Draws a column per pod. Cost grows with the pods, not with the pixels: 1,000 pods take about a millisecond. */
export function drawPodColumns(
  canvas: HTMLCanvasElement,
  theme: GrafanaTheme2,
  bars: readonly PodBar[],
  width: number,
  height: number,
  hovered: number | null
): void {
  const pixel = devicePixelRatio || 1;
  canvas.width = width * pixel;
  canvas.height = height * pixel;
  const ctx = canvas.getContext('2d');
  if (!ctx) return;
  ctx.scale(pixel, pixel);
  const end = shareAxisEnd(bars);
  const bottom = height - BOTTOM;
  const y = (share: number) => bottom - (share / end) * (bottom - TOP);
  const { left, pitch } = podLayout(width, bars.length);
  const gap = pitch >= 6 ? Math.min(6, pitch * 0.25) : 0;

  ctx.font = `11px ${theme.typography.fontFamily}`;
  ctx.fillStyle = theme.colors.text.secondary;
  ctx.textAlign = 'right';
  ctx.textBaseline = 'middle';
  ctx.strokeStyle = theme.colors.border.weak;
  const step = niceStep(end / 3);
  for (let share = 0; share <= end; share += step) {
    ctx.fillText(share === 0 ? '0' : shareText(share).replace(/\.?0+(?= %)/, ''), left - 8, Math.max(TOP, y(share)));
    ctx.beginPath();
    ctx.moveTo(left, Math.round(y(share)) + 0.5);
    ctx.lineTo(width, Math.round(y(share)) + 0.5);
    ctx.stroke();
  }

  bars.forEach((bar, i) => {
    const x = left + i * pitch;
    ctx.fillStyle = standingColor(theme, bar.standing);
    ctx.globalAlpha = hovered === null || hovered === i ? 1 : 0.55;
    ctx.fillRect(x + gap / 2, y(bar.share), Math.max(0.5, pitch - gap), bottom - y(bar.share));
  });
  ctx.globalAlpha = 1;

  ctx.fillStyle = theme.isDark ? 'rgba(255, 255, 255, 0.24)' : 'rgba(0, 0, 0, 0.18)';
  bars.forEach((bar, i) => {
    ctx.fillRect(left + i * pitch, y(bar.noiseHigh), pitch, Math.max(1, y(bar.noiseLow) - y(bar.noiseHigh)));
  });
  ctx.strokeStyle = theme.colors.text.primary;
  ctx.lineWidth = 1.5;
  ctx.beginPath();
  bars.forEach((bar, i) => {
    if (bar.standing === 'out') return;
    ctx.moveTo(left + i * pitch, y(bar.expectedShare));
    ctx.lineTo(left + (i + 1) * pitch, y(bar.expectedShare));
  });
  ctx.stroke();

  ctx.fillStyle = theme.colors.text.secondary;
  ctx.textBaseline = 'bottom';
  ctx.textAlign = 'left';
  ctx.fillText(bars[0]?.pod ?? '', left, height);
  const used = left + bars.length * pitch;
  if (bars.length > 1) {
    ctx.textAlign = 'right';
    ctx.fillText(bars.at(-1)?.pod ?? '', used, height);
  }
}
