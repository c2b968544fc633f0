import { includesRole } from '@evenkeel/contract/role';
import { countText } from '@evenkeel/core/text/figures';
import { locationService, PluginPage } from '@grafana/runtime';
import { Button, EmptyState, LinkButton, LoadingPlaceholder, Pagination, Stack } from '@grafana/ui';
import { useMemo, useState } from 'react';
import { currentRole } from '../../app/currentRole.ts';
import { pagePaths } from '../../app/pagePaths.ts';
import { useQuery } from '../../app/useQuery.ts';
import { FailureNotice } from '../../components/FailureNotice.tsx';
import { useRuns } from '../../service/useRuns.ts';
import { compareOrder } from './compareOrder.ts';
import { HistoryFilters } from './HistoryFilters.tsx';
import { HistoryTable } from './HistoryTable.tsx';
import { type HistoryView, isFiltered, PAGE_SIZE, readView, runQueryOf, writeView } from './historyQuery.ts';

/** Every run that there was. */
function ResultsPage() {
  const query = useQuery();
  const view = useMemo(() => readView(query), [query]);
  const runs = useRuns(runQueryOf(view), 5_000);
  const [picked, setPicked] = useState<readonly string[]>([]);
  const mayTest = includesRole(currentRole(), 'Editor');

  const change = (part: Partial<HistoryView>) =>
    locationService.partial(writeView({ ...view, page: 1, ...part }), true);
  // The third choice replaces the older one of the two, so that comparing never needs an "unselect" first.
  const toggle = (id: string) =>
    setPicked((old) => (old.includes(id) ? old.filter((one) => one !== id) : [...old, id].slice(-2)));
  const pair = compareOrder(picked, runs.data?.runs ?? []);
  const isEmpty = runs.data?.total === 0;

  return (
    <PluginPage
      subTitle="Every test that ran here. Tick two of them to compare."
      actions={
        <>
          <Button
            variant="secondary"
            icon="columns"
            disabled={pair === null}
            onClick={() => pair && locationService.push(pagePaths.compare(pair.candidate, pair.baseline))}
          >
            Compare{picked.length > 0 ? ` (${picked.length} of 2)` : ''}
          </Button>
          {mayTest && (
            <LinkButton icon="plus" href={pagePaths.loadTest({ form: 'new' })}>
              New test
            </LinkButton>
          )}
        </>
      }
    >
      {runs.failure && <FailureNotice failure={runs.failure} onRetry={runs.refresh} />}
      {!(isEmpty && !isFiltered(view)) && <HistoryFilters view={view} onChange={change} />}
      {!runs.data && !runs.failure && <LoadingPlaceholder text="Asking the service for its runs …" />}
      {isEmpty &&
        (isFiltered(view) ? (
          <EmptyState
            variant="not-found"
            message="No run fits this filter"
            button={
              <Button variant="secondary" onClick={() => change(readView(new URLSearchParams()))}>
                Show all runs
              </Button>
            }
          />
        ) : (
          <EmptyState
            variant="call-to-action"
            message="No test has run here yet"
            button={
              mayTest ? (
                <LinkButton size="lg" icon="play" href={pagePaths.loadTest()}>
                  Go to the first test
                </LinkButton>
              ) : undefined
            }
          />
        ))}
      {runs.data && !isEmpty && (
        <>
          <HistoryTable
            runs={runs.data.runs}
            sort={view.sort}
            onSort={(sort) => change({ sort })}
            onLabel={(label) => change({ label })}
            picked={picked}
            onPick={toggle}
          />
          <Stack justifyContent="space-between" alignItems="center">
            <span style={{ fontVariantNumeric: 'tabular-nums' }}>
              {countText(runs.data.total)} {runs.data.total === 1 ? 'run' : 'runs'}
            </span>
            <Pagination
              currentPage={view.page}
              numberOfPages={Math.max(1, Math.ceil(runs.data.total / PAGE_SIZE))}
              hideWhenSinglePage
              onNavigate={(page) => change({ page })}
            />
          </Stack>
        </>
      )}
    </PluginPage>
  );
}

export default ResultsPage;
