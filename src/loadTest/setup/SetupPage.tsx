import type { Status } from '@evenkeel/contract/api';
import { STANDARD_LIMITS } from '@evenkeel/contract/limits';
import { PluginPage } from '@grafana/runtime';
import { LoadingPlaceholder } from '@grafana/ui';
import { FailureNotice } from '../../components/FailureNotice.tsx';
import { SafetyNotice } from '../../components/SafetyNotice.tsx';
import type { Resource } from '../../service/useResource.ts';
import { useRun } from '../../service/useRun.ts';
import { useRuns } from '../../service/useRuns.ts';
import { useScenarios } from '../../service/useScenarios.ts';
import { useTargets } from '../../service/useTargets.ts';
import { RunningTests } from './RunningTests.tsx';
import { SetupForm } from './SetupForm.tsx';

interface Props {
  status: Resource<Status>;
  /** Fill the form from this earlier run. */
  again: string | null;
}

/** Everything that the form needs, fetched; and everything that can be wrong with fetching it. */
export function SetupPage({ status, again }: Props) {
  const targets = useTargets(5_000);
  const scenarios = useScenarios();
  const earlier = useRun(again);
  const anyRun = useRuns({ limit: 1 });
  const failing = [status, targets, scenarios, earlier].find((resource) => resource.failure !== null);
  const isComplete = targets.data && scenarios.data && (again === null || earlier.data || earlier.failure);
  const retry = () => {
    for (const resource of [status, targets, scenarios, earlier]) if (resource.failure) resource.refresh();
  };
  return (
    <PluginPage subTitle="Drive load at a service and see how evenly its pods share it.">
      {failing?.failure && <FailureNotice failure={failing.failure} onRetry={retry} />}
      {status.data && <SafetyNotice safety={status.data.safety} onChange={status.refresh} />}
      {status.data && targets.data && (
        <RunningTests activeRuns={status.data.activeRuns} targets={targets.data.targets} />
      )}
      {targets.data && scenarios.data && isComplete ? (
        <SetupForm
          key={again ?? 'new'}
          targets={targets.data.targets}
          scenarios={scenarios.data.scenarios}
          limits={status.data?.limits ?? STANDARD_LIMITS}
          earlier={earlier.data ?? null}
          isFirst={anyRun.data?.total === 0}
          onSaved={scenarios.refresh}
        />
      ) : (
        !failing && <LoadingPlaceholder text="Asking the service for targets and scenarios …" />
      )}
    </PluginPage>
  );
}
