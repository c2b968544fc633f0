import { css } from '@emotion/css';
import { podListSchema, type TargetSummary } from '@evenkeel/contract/api';
import { type FaultPreview, startFaultSchema } from '@evenkeel/contract/fault';
import { fieldProblems } from '@evenkeel/contract/fieldProblems';
import { includesRole } from '@evenkeel/contract/role';
import type { GrafanaTheme2 } from '@grafana/data';
import { EmptyState, useStyles2 } from '@grafana/ui';
import { useState } from 'react';
import { currentRole } from '../app/currentRole.ts';
import { FailureNotice } from '../components/FailureNotice.tsx';
import { TargetPicker } from '../loadTest/setup/TargetPicker.tsx';
import { callService } from '../service/callService.ts';
import { startFault } from '../service/faultCommands.ts';
import { failureOf, type ServiceFailure } from '../service/serviceFailure.ts';
import { useFaultPreview } from '../service/useFaultPreview.ts';
import { useResource } from '../service/useResource.ts';
import { BlastRadius } from './BlastRadius.tsx';
import { FaultCards } from './FaultCards.tsx';
import { FaultForm } from './FaultForm.tsx';
import { type FaultDraft, newDraft, orderOf, withType } from './faultDraft.ts';

interface Props {
  targets: readonly TargetSummary[];
  onInjected: () => void;
}

const drawSeed = (): number => crypto.getRandomValues(new Uint32Array(1))[0]!;

/** Chooses a fault, shows what it would hit, and injects it when that is confirmed. */
export function FaultSetup({ targets, onInjected }: Props) {
  const styles = useStyles2(getStyles);
  const [targetId, setTargetId] = useState<string | null>(null);
  const [draft, setDraft] = useState<FaultDraft>(() => newDraft(drawSeed()));
  const [failure, setFailure] = useState<ServiceFailure | null>(null);
  const [isStarting, setIsStarting] = useState(false);
  const selected = targets.find(({ target }) => target.id === targetId) ?? targets[0];
  const id = selected?.target.id ?? null;
  const pods = useResource(
    `pods ${id}`,
    id === null ? null : (signal) => callService(podListSchema, { path: 'targetPods', id, signal }),
    5_000
  );
  const order = orderOf(draft);
  const asked = { targetId: id, fault: order };
  const wanted = startFaultSchema.safeParse(asked);
  const mayPreview = includesRole(currentRole(), 'Editor');
  const preview = useFaultPreview(mayPreview && wanted.success ? wanted.data : null, 3_000);
  if (selected === undefined) {
    return (
      <EmptyState variant="call-to-action" message="There is no target whose pods can be broken">
        Faults need the embedded cluster, or pods that the service may reach.
      </EmptyState>
    );
  }
  const change = (part: Partial<FaultDraft>) => setDraft((old) => ({ ...old, ...part }));
  const inject = ({ seed }: FaultPreview) => {
    if (!wanted.success) return;
    setIsStarting(true);
    setFailure(null);
    startFault({ targetId: wanted.data.targetId, fault: { ...wanted.data.fault, seed } })
      .then(
        () => {
          change({ seed: drawSeed() });
          onInjected();
          preview.refresh();
        },
        (thrown) => setFailure(failureOf(thrown))
      )
      .finally(() => setIsStarting(false));
  };
  const problems = order !== null && !wanted.success ? fieldProblems(startFaultSchema, wanted.error, asked) : [];
  return (
    <div className={styles.setup}>
      <div className={styles.bar}>
        <TargetPicker targets={targets} selected={selected} onSelect={setTargetId} />
      </div>
      <fieldset className={styles.fields} disabled={!mayPreview}>
        <FaultCards selected={draft.type} onSelect={(type) => setDraft((old) => withType(old, type))} />
        <FaultForm draft={draft} onChange={change} pods={pods.data?.pods ?? []} problems={problems} />
      </fieldset>
      {preview.failure && <FailureNotice failure={preview.failure} onRetry={preview.refresh} />}
      {failure && <FailureNotice failure={failure} onDismiss={() => setFailure(null)} />}
      <BlastRadius
        preview={preview.data ?? null}
        isStarting={isStarting}
        onRedraw={() => change({ seed: drawSeed() })}
        onConfirm={inject}
      />
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  setup: css({ display: 'flex', flexDirection: 'column', gap: theme.spacing(1) }),
  fields: css({
    display: 'flex',
    flexDirection: 'column',
    gap: theme.spacing(1),
    margin: 0,
    padding: 0,
    border: 0,
    minWidth: 0,
  }),
  bar: css({
    padding: theme.spacing(1.25, 1.5),
    marginBottom: theme.spacing(1),
    background: theme.colors.background.primary,
    border: `1px solid ${theme.colors.border.weak}`,
    borderRadius: theme.shape.radius.default,
  }),
});
