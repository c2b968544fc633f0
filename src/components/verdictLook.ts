import type { Verdict } from '@evenkeel/contract/balance';
import { VERDICT_TEXT } from '@evenkeel/core/text/verdictText';
import type { GrafanaTheme2, IconName } from '@grafana/data';
import type { BadgeColor } from '@grafana/ui';

export interface VerdictLook {
  readonly text: string;
  readonly icon: IconName;
  readonly badge: BadgeColor;
  /** Colour of the figure itself. */
  readonly color: (theme: GrafanaTheme2) => string;
}

/** A verdict is told by word and icon; the colour only repeats it. */
export const VERDICT_LOOKS: Readonly<Record<Verdict, VerdictLook>> = {
  balanced: { text: VERDICT_TEXT.balanced, icon: 'check-circle', badge: 'green', color: (t) => t.colors.success.text },
  imbalanced: {
    text: VERDICT_TEXT.imbalanced,
    icon: 'exclamation-triangle',
    badge: 'red',
    color: (t) => t.colors.error.text,
  },
  'needs-more-data': {
    text: VERDICT_TEXT['needs-more-data'],
    icon: 'hourglass',
    badge: 'blue',
    color: (t) => t.colors.text.primary,
  },
  'not-applicable': {
    text: VERDICT_TEXT['not-applicable'],
    icon: 'minus-circle',
    badge: 'darkgrey',
    color: (t) => t.colors.text.secondary,
  },
};
