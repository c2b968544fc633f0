import { css, cx } from '@emotion/css';
import { FAULT_TYPES, type FaultType } from '@evenkeel/contract/faultPlan';
import type { GrafanaTheme2 } from '@grafana/data';
import { Icon, useStyles2 } from '@grafana/ui';
import { TYPE_LOOKS } from './faultLooks.ts';

interface Props {
  selected: FaultType;
  onSelect: (type: FaultType) => void;
}

/** A card for each type of fault; one is chosen. */
export function FaultCards({ selected, onSelect }: Props) {
  const styles = useStyles2(getStyles);
  return (
    <fieldset className={styles.cards}>
      <legend className={styles.legend}>What fails</legend>
      {FAULT_TYPES.map((type) => {
        const { name, icon, description } = TYPE_LOOKS[type];
        return (
          <label key={type} className={cx(styles.card, type === selected && styles.selected)}>
            <input
              type="radio"
              name="fault-type"
              className={styles.radio}
              checked={type === selected}
              onChange={() => onSelect(type)}
            />
            <span className={styles.name}>
              <Icon name={icon} /> {name}
            </span>
            <span className={styles.description}>{description}</span>
          </label>
        );
      })}
    </fieldset>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  cards: css({
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fit, minmax(210px, 1fr))',
    gap: theme.spacing(1),
    margin: 0,
    padding: 0,
    border: 0,
    minWidth: 0,
  }),
  legend: css({ margin: 0, padding: theme.spacing(0, 0, 1), border: 0, ...theme.typography.h5 }),
  card: css({
    position: 'relative',
    display: 'flex',
    flexDirection: 'column',
    gap: theme.spacing(0.75),
    margin: 0,
    padding: theme.spacing(1.25, 1.5),
    cursor: 'pointer',
    background: theme.colors.background.primary,
    border: `1px solid ${theme.colors.border.weak}`,
    borderRadius: theme.shape.radius.default,
    '&:hover': { background: theme.colors.background.secondary },
    '&:focus-within': { outline: `2px solid ${theme.colors.primary.main}`, outlineOffset: 1 },
  }),
  selected: css({
    borderColor: theme.colors.primary.border,
    boxShadow: `inset 0 0 0 1px ${theme.colors.primary.border}`,
    background: theme.colors.background.secondary,
  }),
  radio: css({ position: 'absolute', opacity: 0, pointerEvents: 'none' }),
  name: css({
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(0.75),
    fontWeight: theme.typography.fontWeightMedium,
  }),
  description: css({ ...theme.typography.bodySmall, color: theme.colors.text.secondary, textWrap: 'pretty' }),
});
