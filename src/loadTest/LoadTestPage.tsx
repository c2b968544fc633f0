import { locationService } from '@grafana/runtime';
import { useEffect, useRef } from 'react';
import { pagePaths } from '../app/pagePaths.ts';
import { useQuery } from '../app/useQuery.ts';
import { useStatus } from '../service/useStatus.ts';
import { LivePage } from './live/LivePage.tsx';
import { SetupPage } from './setup/SetupPage.tsx';

/** The load test: a form, or the test that is running. Who opens the page during a test joins it. */
function LoadTestPage() {
  const query = useQuery();
  const runId = query.get('run');
  const status = useStatus();
  const wantsForm = query.has('form') || query.has('again');

  // Only on arrival: nobody is pulled out of the form because somebody else started a test.
  const arrived = useRef(false);
  useEffect(() => {
    if (!status.data || arrived.current) return;
    arrived.current = true;
    const active = status.data.activeRuns[0];
    if (active && !runId && !wantsForm) locationService.replace(pagePaths.loadTest({ run: active.runId }));
  }, [status.data, runId, wantsForm]);

  return runId ? <LivePage key={runId} runId={runId} /> : <SetupPage status={status} again={query.get('again')} />;
}

export default LoadTestPage;
