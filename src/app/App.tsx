import { PluginPage } from '@grafana/runtime';
import { EmptyState, LinkButton, LoadingPlaceholder } from '@grafana/ui';
import { lazy, Suspense } from 'react';
import { useLocation } from 'react-router';
import { AppErrorBoundary } from './AppErrorBoundary.tsx';
import { matchPage } from './matchPage.ts';
import { pagePaths } from './pagePaths.ts';

const LoadTestPage = lazy(() => import('../loadTest/LoadTestPage.tsx'));
const FailuresPage = lazy(() => import('../failures/FailuresPage.tsx'));
const ResultsPage = lazy(() => import('../results/history/ResultsPage.tsx'));
const RunPage = lazy(() => import('../results/run/RunPage.tsx'));
const ComparePage = lazy(() => import('../results/compare/ComparePage.tsx'));
const ConfigurationPage = lazy(() => import('../configuration/ConfigurationPage.tsx'));

function CurrentPage({ pathname }: { pathname: string }) {
  const page = matchPage(pathname);
  switch (page?.name) {
    case 'loadTest':
      return <LoadTestPage />;
    case 'failures':
      return <FailuresPage />;
    case 'results':
      return <ResultsPage />;
    case 'run':
      return <RunPage id={page.id} />;
    case 'compare':
      return <ComparePage />;
    case 'configuration':
      return <ConfigurationPage />;
    case undefined:
      return (
        <PluginPage pageNav={{ text: 'Not found' }}>
          <EmptyState
            variant="not-found"
            message="There is no such page"
            button={<LinkButton href={pagePaths.loadTest()}>Go to the load test</LinkButton>}
          />
        </PluginPage>
      );
  }
}

/** The shell: one page at a time, loaded when it is first visited; a broken page leaves the others alone. */
function App() {
  const { pathname } = useLocation();
  return (
    <AppErrorBoundary key={pathname}>
      <Suspense
        fallback={
          <PluginPage>
            <LoadingPlaceholder text="Loading …" />
          </PluginPage>
        }
      >
        <CurrentPage pathname={pathname} />
      </Suspense>
    </AppErrorBoundary>
  );
}

export default App;
