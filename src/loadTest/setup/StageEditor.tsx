import { css } from '@emotion/css';
import type { Limits } from '@evenkeel/contract/limits';
import type { Stage } from '@evenkeel/contract/scenario';
import type { GrafanaTheme2 } from '@grafana/data';
import { Button, IconButton, useStyles2 } from '@grafana/ui';
import { NumberInput } from './NumberInput.tsx';
import type { DraftProblem } from './scenarioDraft.ts';

interface Props {
  stages: readonly Stage[];
  limits: Limits;
  problems: readonly DraftProblem[];
  onChange: (stages: Stage[]) => void;
}

/** The pieces of a request rate over time, one row each. */
export function StageEditor({ stages, limits, problems, onChange }: Props) {
  const styles = useStyles2(getStyles);
  const change = (index: number, part: Partial<Stage>) =>
    onChange(stages.map((stage, i) => (i === index ? { ...stage, ...part } : stage)));
  const addStage = () => {
    const level = stages.at(-1)?.to ?? 100;
    onChange([...stages, { from: level, to: level, durationSeconds: 30 }]);
  };
  const isWrong = (index: number, field: keyof Stage) =>
    problems.some(({ path }) => path === `load.stages.${index}.${field}`);
  const fields: [keyof Stage, string, string][] = [
    ['from', 'From', '/s'],
    ['to', 'To', '/s'],
    ['durationSeconds', 'During', 's'],
  ];
  return (
    <>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">Stage</th>
            {fields.map(([field, title]) => (
              <th key={field} scope="col">
                {title}
              </th>
            ))}
            <td />
          </tr>
        </thead>
        <tbody>
          {stages.map((stage, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a stage is its place in the order
            <tr key={index}>
              <th scope="row">{index + 1}</th>
              {fields.map(([field, title, unit]) => (
                <td key={field}>
                  <NumberInput
                    label={`${title}, stage ${index + 1}`}
                    value={stage[field]}
                    suffix={unit}
                    min={0}
                    max={field === 'durationSeconds' ? limits.durationSeconds.max : limits.rate.max}
                    invalid={isWrong(index, field)}
                    onChange={(value) => change(index, { [field]: value ?? 0 })}
                  />
                </td>
              ))}
              <td>
                <IconButton
                  name="trash-alt"
                  tooltip={`Remove stage ${index + 1}`}
                  disabled={stages.length <= limits.stages.min}
                  onClick={() => onChange(stages.filter((_, i) => i !== index))}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <Button
        size="sm"
        variant="secondary"
        fill="text"
        icon="plus"
        disabled={stages.length >= limits.stages.max}
        onClick={addStage}
      >
        Add a stage
      </Button>
    </>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  table: css({
    width: '100%',
    marginBottom: theme.spacing(0.5),
    'th, td': { padding: theme.spacing(0.25, 0.5), fontWeight: 'normal', textAlign: 'left', verticalAlign: 'middle' },
    thead: { ...theme.typography.bodySmall, color: theme.colors.text.secondary },
    'tbody th': { width: theme.spacing(5), color: theme.colors.text.secondary },
    'tbody td:last-child': { width: theme.spacing(4), textAlign: 'right' },
    'tbody td:last-child button': { verticalAlign: 'middle' },
  }),
});
