import type { GrafanaTheme2 } from '@grafana/data';
import type { PodStanding } from './podBars.ts';

/** Colour of a pod's bar. */
export function standingColor(theme: GrafanaTheme2, standing: PodStanding): string {
  switch (standing) {
    case 'even':
      return theme.visualization.getColorByName('blue');
    case 'off':
      return theme.visualization.getColorByName('orange');
    case 'guarded':
      return theme.visualization.getColorByName('red');
    case 'out':
      return theme.colors.text.disabled;
  }
}
