import { css } from '@emotion/css';
import { type BreakingPointSettings, breakingPointSettingsSchema } from '@evenkeel/contract/breakingPoint';
import type { GrafanaTheme2 } from '@grafana/data';
import { Field, useStyles2 } from '@grafana/ui';
import { Panel } from '../../components/Panel.tsx';
import { NumberInput } from './NumberInput.tsx';
import type { DraftProblem } from './scenarioDraft.ts';

interface Props {
  settings: BreakingPointSettings;
  problems: readonly DraftProblem[];
  onChange: (settings: BreakingPointSettings) => void;
}

const USUAL = breakingPointSettingsSchema.parse({});

const FIELDS: readonly { key: keyof BreakingPointSettings; label: string; unit: string; nothing?: string }[] = [
  { key: 'p95Ms', label: 'p95 at most', unit: 'ms' },
  { key: 'errorPercent', label: 'Errors at most', unit: '%' },
  { key: 'balancePercent', label: 'Balance at least', unit: '', nothing: 'not judged' },
  { key: 'stepSeconds', label: 'Length of a step', unit: 's' },
  { key: 'cooldownSeconds', label: 'Pause between steps', unit: 's' },
  { key: 'precisionPercent', label: 'Precision', unit: '%' },
  { key: 'requiredRate', label: 'Required, or the test fails', unit: '/s', nothing: 'nothing' },
];

/** What each step of a search is judged by, in place of thresholds. */
export function BreakingPointEditor({ settings, problems, onChange }: Props) {
  const styles = useStyles2(getStyles);
  return (
    <Panel title="Search of the breaking point">
      <p className={styles.meaning}>
        It raises the rate step by step and judges each step by itself. A step passes when all its requests were sent
        and answered in time, within these limits.
      </p>
      <div className={styles.fields}>
        {FIELDS.map(({ key, label, unit, nothing }) => {
          const problem = problems.find(({ path }) => path === `breakingPoint.${key}`)?.message;
          return (
            <Field
              key={key}
              label={label}
              htmlFor={`search-${key}`}
              noMargin
              invalid={problem !== undefined}
              error={problem}
            >
              <NumberInput
                id={`search-${key}`}
                value={settings[key]}
                suffix={unit}
                nullable={nothing !== undefined}
                placeholder={nothing}
                onChange={(value) => onChange({ ...settings, [key]: value ?? USUAL[key] })}
              />
            </Field>
          );
        })}
      </div>
    </Panel>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  meaning: css({ margin: theme.spacing(0, 0, 1), color: theme.colors.text.secondary, textWrap: 'pretty' }),
  fields: css({ display: 'grid', gridTemplateColumns: 'repeat(3, 1fr)', gap: theme.spacing(1) }),
});
