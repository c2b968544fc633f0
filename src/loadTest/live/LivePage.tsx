import { includesRole } from '@evenkeel/contract/role';
import { isFinal } from '@evenkeel/contract/run';
import { PluginPage } from '@grafana/runtime';
import { Button, LinkButton } from '@grafana/ui';
import { useState } from 'react';
import { currentRole } from '../../app/currentRole.ts';
import { pagePaths } from '../../app/pagePaths.ts';
import { FailureNotice } from '../../components/FailureNotice.tsx';
import { useLiveRun } from '../../service/live/useLiveRun.ts';
import { stopRun } from '../../service/runCommands.ts';
import { failureOf, type ServiceFailure } from '../../service/serviceFailure.ts';
import { StopEverything } from '../StopEverything.tsx';
import { loadSummary } from '../setup/scenarioSummary.ts';
import { LiveView } from './LiveView.tsx';

/** One test, live. */
export function LivePage({ runId }: { runId: string }) {
  const followed = useLiveRun(runId);
  const [failure, setFailure] = useState<ServiceFailure | null>(null);
  const [isStopping, setIsStopping] = useState(false);
  const run = followed.live?.run;
  const isOver = run !== undefined && isFinal(run.state);
  const mayTest = includesRole(currentRole(), 'Editor');

  const stop = () => {
    setIsStopping(true);
    setFailure(null);
    stopRun(runId).catch((thrown) => {
      setIsStopping(false);
      setFailure(failureOf(thrown));
    });
  };

  const actions = run && (
    <>
      {!isOver && <StopEverything onDone={() => setFailure(null)} onFailure={setFailure} />}
      {mayTest && !isOver && (
        <Button variant="destructive" icon="square-shape" disabled={isStopping} onClick={stop}>
          {isStopping ? 'Stopping …' : 'Stop test'}
        </Button>
      )}
      {mayTest && isOver && (
        <LinkButton variant="secondary" icon="repeat" href={pagePaths.loadTest({ again: runId })}>
          Run again
        </LinkButton>
      )}
      {mayTest && isOver && (
        <LinkButton icon="plus" href={pagePaths.loadTest({ form: 'new' })}>
          New test
        </LinkButton>
      )}
    </>
  );
  return (
    <PluginPage
      pageNav={{
        text: run ? `${run.scenario.name} on ${run.target.name}` : 'Load test',
        parentItem: { text: 'Load test', url: pagePaths.loadTest({ form: 'new' }) },
      }}
      subTitle={run && `${loadSummary(run.scenario)} · ${run.target.balancer} · started by ${run.startedBy}`}
      actions={actions}
    >
      {failure && <FailureNotice failure={failure} onDismiss={() => setFailure(null)} />}
      <LiveView followed={followed} />
    </PluginPage>
  );
}
