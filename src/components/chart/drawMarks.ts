import type { GrafanaTheme2 } from '@grafana/data';
import type uPlot from 'uplot';
import type { Drawn } from './chartOptions.ts';
import { markColor } from './markColor.ts';

/** Told by the shade that follows them; a line of their own would only double the next one. */
const WITHOUT_LINE: readonly string[] = ['fault-injecting', 'fault-reverting'];

/** Behind the lines: phases that do not count and the time of faults are shaded, marks are vertical lines, the reference a horizontal one. */
export function drawMarks(plot: uPlot, theme: GrafanaTheme2, { axis, reference }: Drawn): void {
  const { ctx } = plot;
  const { left, top, width, height } = plot.bbox;
  const pixel = devicePixelRatio || 1;
  ctx.save();
  ctx.beginPath();
  ctx.rect(left, top, width, height);
  ctx.clip();
  for (const span of axis.phases) {
    if (span.phase === 'measuring') continue;
    const from = plot.valToPos(span.from, 'x', true);
    ctx.fillStyle = theme.isDark ? 'rgba(204, 204, 220, 0.06)' : 'rgba(36, 41, 46, 0.05)';
    ctx.fillRect(from, top, plot.valToPos(span.to, 'x', true) - from, height);
  }
  for (const { from, to } of axis.faults) {
    const start = plot.valToPos(from, 'x', true);
    ctx.fillStyle = `${theme.visualization.getColorByName('red')}1a`;
    ctx.fillRect(start, top, plot.valToPos(to ?? axis.seconds.at(-1) ?? from, 'x', true) - start, height);
  }
  ctx.lineWidth = pixel;
  for (const mark of axis.marks) {
    if (WITHOUT_LINE.includes(mark.kind)) continue;
    const x = Math.round(plot.valToPos(mark.second, 'x', true));
    ctx.strokeStyle = markColor(theme, mark.kind);
    ctx.setLineDash(mark.kind === 'phase' ? [2 * pixel, 3 * pixel] : [4 * pixel, 3 * pixel]);
    ctx.beginPath();
    ctx.moveTo(x, top);
    ctx.lineTo(x, top + height);
    ctx.stroke();
  }
  if (reference !== undefined) {
    const y = Math.round(plot.valToPos(reference, 'y', true));
    ctx.strokeStyle = theme.colors.text.secondary;
    ctx.setLineDash([2 * pixel, 3 * pixel]);
    ctx.beginPath();
    ctx.moveTo(left, y);
    ctx.lineTo(left + width, y);
    ctx.stroke();
  }
  ctx.restore();
}
