import type { GrafanaTheme2 } from '@grafana/data';

/** Colour of a mark on the time axis by its kind: faults are red, phases, stages and steps of a search quiet, everything else orange. */
export function markColor(theme: GrafanaTheme2, kind: string): string {
  if (kind.startsWith('fault')) return theme.visualization.getColorByName('red');
  if (kind === 'phase' || kind === 'stage' || kind === 'step') return theme.colors.border.strong;
  return theme.visualization.getColorByName('orange');
}
