import { css } from '@emotion/css';
import { FAULT_LIMITS, SEVERITIES } from '@evenkeel/contract/faultPlan';
import type { FieldProblem } from '@evenkeel/contract/fieldProblems';
import type { PodStatus } from '@evenkeel/contract/target';
import type { GrafanaTheme2 } from '@grafana/data';
import { Combobox, Field, Input, RadioButtonGroup, useStyles2 } from '@grafana/ui';
import { useId } from 'react';
import { Panel } from '../components/Panel.tsx';
import { NumberInput } from '../loadTest/setup/NumberInput.tsx';
import { type FaultDraft, hitsBySeverity, numberOf, type ScopeKind, severityText } from './faultDraft.ts';

interface Props {
  draft: FaultDraft;
  onChange: (change: Partial<FaultDraft>) => void;
  pods: readonly PodStatus[];
  problems: readonly FieldProblem[];
}

const FIELD_NAMES: Readonly<Record<string, string>> = {
  'fault.delayMs': 'Delay',
  'fault.jitterMs': 'Jitter',
  'fault.percent': 'Share of requests',
  'fault.status': 'Status',
  'fault.forSeconds': 'Duration',
  'fault.scope.count': 'Number',
  'fault.scope.percent': 'Share',
  'fault.scope.pod': 'Pod',
  'fault.scope.label': 'Label',
};

/** How bad, for how long, and where. */
export function FaultForm({ draft, onChange, pods, problems }: Props) {
  const styles = useStyles2(getStyles);
  return (
    <Panel title="How bad, how long, where">
      <div className={styles.form}>
        <Strength draft={draft} onChange={onChange} />
        <Field label="Duration" description="1 s to 10 min" noMargin>
          <NumberInput
            label="Duration in seconds"
            value={draft.forSeconds}
            onChange={(value) => value !== null && onChange({ forSeconds: value })}
            min={FAULT_LIMITS.forSeconds.min}
            max={FAULT_LIMITS.forSeconds.max}
            width={14}
            suffix="s"
          />
        </Field>
        <Manner draft={draft} onChange={onChange} />
        <Scope draft={draft} onChange={onChange} pods={pods} />
      </div>
      {problems.map(({ field, message }) => (
        <p key={field + message} className={styles.problem} role="alert">
          <strong>{FIELD_NAMES[field] ?? field}</strong>: {message}
        </p>
      ))}
    </Panel>
  );
}

type PartProps = Omit<Props, 'pods' | 'problems'>;

/** A severity, with its number beside it where there is one to change. */
function Strength({ draft, onChange }: PartProps) {
  const { type } = draft;
  const byPods = hitsBySeverity(type);
  if (byPods && draft.scopeKind !== 'severity') return null;
  const isOwn = (type === 'latency' && draft.delayMs !== null) || (type === 'errors' && draft.percent !== null);
  return (
    <>
      <Field
        label="Severity"
        description={byPods ? 'How many pods it hits' : 'Or a number of your own beside it'}
        noMargin
      >
        <RadioButtonGroup
          options={SEVERITIES.map((severity) => ({
            value: severity,
            label: `${severity[0]!.toUpperCase()}${severity.slice(1)}: ${severityText(type, severity)}`,
          }))}
          value={isOwn ? undefined : draft.severity}
          onChange={(severity) => onChange({ severity, delayMs: null, percent: null })}
        />
      </Field>
      {type === 'latency' && (
        <>
          <Field label="Delay" description="50 to 1000 ms" noMargin>
            <NumberInput
              label="Delay in milliseconds"
              value={numberOf(draft)}
              onChange={(delayMs) => onChange({ delayMs })}
              {...FAULT_LIMITS.delayMs}
              width={14}
              suffix="ms"
            />
          </Field>
          <Field label="Jitter" description="To either side" noMargin>
            <NumberInput
              label="Jitter in milliseconds"
              value={draft.jitterMs}
              onChange={(value) => value !== null && onChange({ jitterMs: value })}
              {...FAULT_LIMITS.jitterMs}
              width={14}
              suffix="ms"
            />
          </Field>
        </>
      )}
      {type === 'errors' && (
        <>
          <Field label="Share of requests" description="5 to 50 %" noMargin>
            <NumberInput
              label="Share of failing requests in percent"
              value={numberOf(draft)}
              onChange={(percent) => onChange({ percent })}
              {...FAULT_LIMITS.percent}
              width={14}
              suffix="%"
            />
          </Field>
          <Field label="Status" description="400 to 599" noMargin>
            <NumberInput
              label="HTTP status"
              value={draft.status}
              onChange={(value) => value !== null && onChange({ status: value })}
              {...FAULT_LIMITS.status}
              step={1}
              width={14}
            />
          </Field>
        </>
      )}
    </>
  );
}

/** What only one of the types asks. */
function Manner({ draft, onChange }: PartProps) {
  if (draft.type === 'pod-failure') {
    return (
      <Field label="After the crash" description="A restart is the cluster's own" noMargin>
        <RadioButtonGroup
          options={[
            { value: true, label: 'Comes back at once' },
            { value: false, label: 'Stays down for the duration' },
          ]}
          value={draft.restart}
          onChange={(restart) => onChange({ restart })}
        />
      </Field>
    );
  }
  if (draft.type !== 'partition') return null;
  return (
    <Field label="Connections that exist" description="New ones get no answer at all" noMargin>
      <RadioButtonGroup
        options={[
          { value: 'cut' as const, label: 'Are cut' },
          { value: 'stall' as const, label: 'Stall' },
        ]}
        value={draft.existing}
        onChange={(existing) => onChange({ existing })}
      />
    </Field>
  );
}

const SCOPES: Readonly<Record<ScopeKind, string>> = {
  severity: 'By severity',
  count: 'A number of pods',
  percent: 'A share of the pods',
  pod: 'One pod',
  label: 'By label',
};

function Scope({ draft, onChange, pods }: Omit<Props, 'problems'>) {
  const styles = useStyles2(getStyles);
  const id = useId();
  const podId = useId();
  const kinds = (Object.keys(SCOPES) as ScopeKind[]).filter(
    (kind) => kind !== 'severity' || hitsBySeverity(draft.type)
  );
  // Which pods and how many belong together: they never stand in different lines.
  return (
    <div className={styles.together}>
      <Field label="Pods" description="At most half of them" noMargin htmlFor={id}>
        <Combobox
          id={id}
          width={24}
          options={kinds.map((value) => ({ value, label: SCOPES[value] }))}
          value={draft.scopeKind}
          onChange={({ value }) => onChange({ scopeKind: value })}
        />
      </Field>
      {draft.scopeKind === 'count' && (
        <Field label="Number" description="Drawn by chance" noMargin>
          <NumberInput
            label="Number of pods"
            value={draft.count}
            onChange={(value) => value !== null && onChange({ count: value })}
            min={1}
            step={1}
            width={14}
          />
        </Field>
      )}
      {draft.scopeKind === 'percent' && (
        <Field label="Share" description="Rounded down, one pod at least" noMargin>
          <NumberInput
            label="Share of the pods in percent"
            value={draft.share}
            onChange={(value) => value !== null && onChange({ share: value })}
            min={1}
            max={100}
            width={14}
            suffix="%"
          />
        </Field>
      )}
      {draft.scopeKind === 'pod' && (
        <Field label="Pod" description="Only a healthy one" noMargin htmlFor={podId}>
          <Combobox
            id={podId}
            width={24}
            placeholder="Choose a pod"
            options={pods.map(({ pod, ready }) => ({ value: pod, label: ready ? pod : `${pod} (not ready)` }))}
            value={draft.pod === '' ? null : draft.pod}
            onChange={({ value }) => onChange({ pod: value })}
          />
        </Field>
      )}
      {draft.scopeKind === 'label' && (
        <Field label="Label" description="All pods that carry it" noMargin>
          <Input
            aria-label="Label"
            width={24}
            placeholder="zone=a"
            value={draft.label}
            onChange={(event) => onChange({ label: event.currentTarget.value })}
          />
        </Field>
      )}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  form: css({ display: 'flex', flexWrap: 'wrap', gap: theme.spacing(2) }),
  problem: css({ margin: theme.spacing(1, 0, 0), color: theme.colors.error.text }),
  together: css({ display: 'flex', gap: theme.spacing(2) }),
});
