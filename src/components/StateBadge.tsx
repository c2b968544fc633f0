import { css } from '@emotion/css';
import type { GrafanaTheme2, IconName } from '@grafana/data';
import { Badge, type BadgeColor, useStyles2 } from '@grafana/ui';

interface Props {
  text: string;
  icon?: IconName;
  color: BadgeColor;
}

/** A badge whose grey can be read: the one of Grafana 12.4 misses the contrast of WCAG AA in the light theme. */
export function StateBadge({ text, icon, color }: Props) {
  const styles = useStyles2(getStyles);
  return <Badge text={text} icon={icon} color={color} className={color === 'darkgrey' ? styles.grey : undefined} />;
}

const getStyles = (theme: GrafanaTheme2) => ({
  grey: css({ '&&': { color: theme.colors.text.primary } }),
});
