import { PluginPage } from '@grafana/runtime';
import { LoadingPlaceholder, Stack } from '@grafana/ui';
import { useState } from 'react';
import { FailureNotice } from '../components/FailureNotice.tsx';
import { SafetyNotice } from '../components/SafetyNotice.tsx';
import { StopEverything } from '../loadTest/StopEverything.tsx';
import { revertFault } from '../service/faultCommands.ts';
import { failureOf, type ServiceFailure } from '../service/serviceFailure.ts';
import { useFaults } from '../service/useFaults.ts';
import { useStatus } from '../service/useStatus.ts';
import { useTargets } from '../service/useTargets.ts';
import { FaultHistory } from './FaultHistory.tsx';
import { FaultSetup } from './FaultSetup.tsx';
import { RunningFaults } from './RunningFaults.tsx';

/** Break a pod on purpose, see that it ends, and take it back at any time. */
function FailuresPage() {
  const status = useStatus();
  const targets = useTargets(5_000);
  const open = useFaults({ is: 'open', limit: 200 }, 1_000);
  const over = useFaults({ is: 'over', limit: 50 }, 5_000);
  const [failure, setFailure] = useState<ServiceFailure | null>(null);
  const resources = [status, targets, open, over];
  const failing = resources.find((resource) => resource.failure !== null);
  const refresh = () => {
    for (const resource of resources) resource.refresh();
  };
  const revert = (id: string) =>
    revertFault(id).then(refresh, (thrown) => {
      setFailure(failureOf(thrown));
    });
  // Only the embedded cluster and discovered pods can be broken; a bare URL cannot.
  const breakable = targets.data?.targets.filter(({ target }) => target.kind !== 'url') ?? [];
  return (
    <PluginPage
      subTitle="Break a pod on purpose and see what it does to balance and latency. Every fault ends by itself."
      actions={<StopEverything onDone={refresh} onFailure={setFailure} />}
    >
      {failing?.failure && <FailureNotice failure={failing.failure} onRetry={refresh} />}
      {failure && <FailureNotice failure={failure} onDismiss={() => setFailure(null)} />}
      {status.data && <SafetyNotice safety={status.data.safety} onChange={refresh} />}
      {targets.data && open.data ? (
        <Stack direction="column" gap={2}>
          <RunningFaults
            faults={open.data.faults}
            clockOffsetMs={status.data ? status.data.now - Date.now() : 0}
            onRevert={revert}
          />
          <FaultSetup targets={breakable} onInjected={refresh} />
          <FaultHistory faults={over.data?.faults ?? []} />
        </Stack>
      ) : (
        !failing && <LoadingPlaceholder text="Asking the service for targets and faults …" />
      )}
    </PluginPage>
  );
}

export default FailuresPage;
