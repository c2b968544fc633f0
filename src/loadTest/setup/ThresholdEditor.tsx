import { css, cx } from '@emotion/css';
import { MAX_THRESHOLDS } from '@evenkeel/contract/limits';
import {
  THRESHOLD_METRICS,
  THRESHOLD_OPERATORS,
  type Threshold,
  type ThresholdMetric,
} from '@evenkeel/contract/threshold';
import { OPERATOR_TEXT, THRESHOLD_TEXT } from '@evenkeel/core/text/thresholdText';
import type { GrafanaTheme2 } from '@grafana/data';
import { Button, Checkbox, Combobox, IconButton, useStyles2 } from '@grafana/ui';
import { HiddenLabel } from '../../components/HiddenLabel.tsx';
import { Panel } from '../../components/Panel.tsx';
import { NumberInput } from './NumberInput.tsx';
import type { DraftProblem } from './scenarioDraft.ts';

interface Props {
  thresholds: readonly Threshold[];
  problems: readonly DraftProblem[];
  onChange: (thresholds: Threshold[]) => void;
}

const METRICS = THRESHOLD_METRICS.map((value) => ({ value, label: THRESHOLD_TEXT[value].name }));
const OPERATORS = THRESHOLD_OPERATORS.map((value) => ({ value, label: OPERATOR_TEXT[value] }));

/** What the test has to keep, and whether breaking it ends the test at once. */
export function ThresholdEditor({ thresholds, problems, onChange }: Props) {
  const styles = useStyles2(getStyles);
  const change = (index: number, next: Threshold) => onChange(thresholds.map((old, i) => (i === index ? next : old)));
  const add = () => onChange([...thresholds, { metric: 'p99', op: '<', value: 500 }]);
  const setWindow = (threshold: Threshold, overSeconds: number | null): Threshold => {
    const { overSeconds: _over, forSeconds, abort, ...rest } = threshold;
    return overSeconds === null ? rest : { ...rest, overSeconds, forSeconds, abort };
  };
  return (
    <Panel title="Thresholds" aside={<span className={styles.hint}>the test fails when one does not hold</span>}>
      {thresholds.length > 0 && (
        <div className={cx(styles.row, styles.heads)} aria-hidden>
          <span>Figure</span>
          <span>must be</span>
          <span />
          <span>over the last</span>
          <span>else abort</span>
          <span />
        </div>
      )}
      {thresholds.map((threshold, index) => {
        const name = `threshold ${index + 1}`;
        const isWrong = problems.some(({ path }) => path.startsWith(`thresholds.${index}`));
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a threshold is its place in the list
          <fieldset key={index} className={styles.row} aria-label={`Threshold ${index + 1}`}>
            <HiddenLabel text={`Metric of ${name}`}>
              {(id) => (
                <Combobox
                  id={id}
                  options={METRICS}
                  value={threshold.metric}
                  onChange={({ value }) => change(index, { ...threshold, metric: value as ThresholdMetric })}
                />
              )}
            </HiddenLabel>
            <HiddenLabel text={`Comparison of ${name}`}>
              {(id) => (
                <Combobox
                  id={id}
                  options={OPERATORS}
                  value={threshold.op}
                  onChange={({ value }) => change(index, { ...threshold, op: value as Threshold['op'] })}
                />
              )}
            </HiddenLabel>
            <NumberInput
              label={`Value of ${name}`}
              value={threshold.value}
              suffix={THRESHOLD_TEXT[threshold.metric].unit}
              min={0}
              invalid={isWrong}
              onChange={(value) => change(index, { ...threshold, value: value ?? 0 })}
            />
            <NumberInput
              label={`Window of ${name} in seconds; empty for the whole test`}
              value={threshold.overSeconds ?? null}
              nullable
              placeholder="whole test"
              suffix={threshold.overSeconds === undefined ? undefined : 's'}
              min={1}
              onChange={(value) => change(index, setWindow(threshold, value))}
            />
            <Checkbox
              aria-label={`End the test as soon as ${name} breaks`}
              disabled={threshold.overSeconds === undefined}
              checked={threshold.abort ?? false}
              onChange={(event) => change(index, { ...threshold, abort: event.currentTarget.checked || undefined })}
            />
            <IconButton
              name="trash-alt"
              tooltip={`Remove ${name}`}
              onClick={() => onChange(thresholds.filter((_, i) => i !== index))}
            />
          </fieldset>
        );
      })}
      {thresholds.length === 0 && <p className={styles.none}>None: the test can only end, not pass or fail.</p>}
      <div>
        <Button
          size="sm"
          variant="secondary"
          fill="text"
          icon="plus"
          disabled={thresholds.length >= MAX_THRESHOLDS}
          onClick={add}
        >
          Add a threshold
        </Button>
      </div>
    </Panel>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  hint: css({ ...theme.typography.bodySmall, color: theme.colors.text.secondary }),
  row: css({
    margin: 0,
    padding: 0,
    border: 0,
    minWidth: 0,
    display: 'grid',
    gridTemplateColumns: 'minmax(132px, 3fr) 64px minmax(76px, 2fr) minmax(90px, 2fr) 62px 24px',
    alignItems: 'center',
    gap: theme.spacing(0.5),
    marginBottom: theme.spacing(0.5),
  }),
  heads: css({ ...theme.typography.bodySmall, color: theme.colors.text.secondary }),
  none: css({ margin: theme.spacing(0, 0, 0.5), color: theme.colors.text.secondary }),
});
