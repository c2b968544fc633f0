import { locationService, PluginPage } from '@grafana/runtime';
import { Alert, Button, EmptyState, LinkButton, LoadingPlaceholder } from '@grafana/ui';
import { pagePaths } from '../../app/pagePaths.ts';
import { useQuery } from '../../app/useQuery.ts';
import { FailureNotice } from '../../components/FailureNotice.tsx';
import { Notices } from '../../components/Notices.tsx';
import { useComparison } from '../../service/useComparison.ts';
import { useReport } from '../../service/useReport.ts';
import { ComparedCharts } from './ComparedCharts.tsx';
import { ComparedPods } from './ComparedPods.tsx';
import { ComparedRuns } from './ComparedRuns.tsx';
import { MetricTable } from './MetricTable.tsx';

/** Two runs side by side: what changed, and whether it is more than noise. */
function ComparePage() {
  const query = useQuery();
  const candidateId = query.get('candidate');
  const baselineId = query.get('baseline') ?? undefined;
  const comparison = useComparison(candidateId, baselineId);
  const candidate = useReport(candidateId);
  const baseline = useReport(comparison.data?.baseline.id ?? null);
  const { data } = comparison;
  const pageNav = { text: 'Compare two runs', parentItem: { text: 'Results', url: pagePaths.results() } };

  if (candidateId === null) {
    return (
      <PluginPage pageNav={pageNav}>
        <EmptyState
          variant="not-found"
          message="No run was chosen"
          button={<LinkButton href={pagePaths.results()}>Choose two runs</LinkButton>}
        />
      </PluginPage>
    );
  }
  // No baseline is marked: that is a choice still to be made, not a failure.
  const needsBaseline = baselineId === undefined && comparison.failure?.kind === 'problem';
  return (
    <PluginPage
      pageNav={pageNav}
      subTitle={data?.sentence.replace(/^[a-z](?=[a-z])/, (letter) => letter.toUpperCase())}
      actions={
        data && (
          <Button
            variant="secondary"
            icon="exchange-alt"
            onClick={() => locationService.push(pagePaths.compare(data.baseline.id, data.candidate.id))}
          >
            Swap
          </Button>
        )
      }
    >
      {comparison.isLoading && !data && <LoadingPlaceholder text="Comparing …" />}
      {needsBaseline && comparison.failure && (
        <Alert severity="info" title={comparison.failure.detail || comparison.failure.title}>
          Choose a run to compare with below, or mark a baseline on its page.
        </Alert>
      )}
      {comparison.failure && !needsBaseline && (
        <FailureNotice failure={comparison.failure} onRetry={comparison.refresh} />
      )}
      <ComparedRuns
        candidateId={candidateId}
        comparison={data ?? null}
        onBaseline={(id) => locationService.push(pagePaths.compare(candidateId, id))}
      />
      {data && <Notices texts={data.warnings} />}
      <div style={{ containerType: 'inline-size' }}>
        {data && <MetricTable metrics={data.metrics} />}
        {baseline.data && candidate.data && <ComparedCharts baseline={baseline.data} candidate={candidate.data} />}
        {data && <ComparedPods pods={data.pods} />}
      </div>
    </PluginPage>
  );
}

export default ComparePage;
