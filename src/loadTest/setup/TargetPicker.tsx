import { css } from '@emotion/css';
import type { TargetSummary } from '@evenkeel/contract/api';
import type { GrafanaTheme2 } from '@grafana/data';
import { Combobox, Icon, useStyles2 } from '@grafana/ui';
import { useId } from 'react';

interface Props {
  targets: readonly TargetSummary[];
  selected: TargetSummary;
  onSelect: (id: string) => void;
}

/** Which service gets the load, and whether its pods are there. */
export function TargetPicker({ targets, selected, onSelect }: Props) {
  const styles = useStyles2(getStyles);
  const id = useId();
  const { target, pods, readyPods, complete } = selected;
  const allReady = readyPods === pods;
  return (
    <div className={styles.picker}>
      <label htmlFor={id} className={styles.label}>
        Target
      </label>
      <Combobox
        id={id}
        width={32}
        options={targets.map((one) => ({
          value: one.target.id,
          label: one.target.name,
          description: one.target.balancer,
        }))}
        value={target.id}
        onChange={({ value }) => onSelect(value)}
      />
      <div className={styles.facts}>
        <span className={allReady ? undefined : styles.warning}>
          <Icon name={pods === 0 ? 'question-circle' : allReady ? 'check-circle' : 'exclamation-triangle'} size="sm" />{' '}
          {pods === 0
            ? 'no pods known yet'
            : complete
              ? `${readyPods} of ${pods} pods ready`
              : `${pods} pods seen so far; a pod that never answers stays unseen`}
        </span>
        <span className={styles.where} title={target.url}>
          {target.balancer} · {target.url}
        </span>
      </div>
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  picker: css({
    flex: '1 1 480px',
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(1, 1.5),
    minWidth: 0,
    'label + div': { flexShrink: 0 },
  }),
  label: css({ fontWeight: theme.typography.fontWeightMedium }),
  facts: css({
    display: 'flex',
    flexDirection: 'column',
    ...theme.typography.bodySmall,
    color: theme.colors.text.secondary,
    minWidth: 0,
  }),
  where: css({ overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }),
  warning: css({ color: theme.colors.warning.text }),
});
