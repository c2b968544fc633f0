import { css, cx } from '@emotion/css';
import type { StoredScenario } from '@evenkeel/contract/api';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import type { ReactNode } from 'react';
import { LoadCurvePicture } from './LoadCurvePicture.tsx';
import { loadSummary } from './scenarioSummary.ts';

interface Props {
  scenarios: readonly StoredScenario[];
  selectedId: string | null;
  onSelect: (scenario: StoredScenario) => void;
  /** What stands at the end of the heading. */
  aside?: ReactNode;
}

/** A card per scenario, with its load drawn; one is chosen. */
export function ScenarioCards({ scenarios, selectedId, onSelect, aside }: Props) {
  const styles = useStyles2(getStyles);
  return (
    <fieldset className={styles.cards}>
      <legend className={styles.legend}>
        <span>Scenario</span>
        {aside}
      </legend>
      {scenarios.map((entry) => {
        const { id, scenario } = entry;
        const isSelected = id === selectedId;
        return (
          <label key={id} className={cx(styles.card, isSelected && styles.selected)}>
            <input
              type="radio"
              name="scenario"
              className={styles.radio}
              checked={isSelected}
              onChange={() => onSelect(entry)}
            />
            <span className={styles.name}>{scenario.name}</span>
            <LoadCurvePicture scenario={scenario} height={44} />
            <span className={styles.summary}>{loadSummary(scenario)}</span>
            <span className={styles.description}>{scenario.description}</span>
          </label>
        );
      })}
    </fieldset>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  cards: css({
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fit, minmax(172px, 1fr))',
    gap: theme.spacing(1),
    margin: 0,
    padding: 0,
    border: 0,
    minWidth: 0,
  }),
  legend: css({
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(1.5),
    minHeight: theme.spacing(4),
    margin: 0,
    padding: theme.spacing(0, 0, 1),
    border: 0,
    ...theme.typography.h5,
  }),
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
  name: css({ fontWeight: theme.typography.fontWeightMedium }),
  summary: css({ fontVariantNumeric: 'tabular-nums', ...theme.typography.bodySmall }),
  description: css({ ...theme.typography.bodySmall, color: theme.colors.text.secondary, textWrap: 'pretty' }),
});
