import { type RunList, type RunQuery, runListSchema } from '@evenkeel/contract/api';
import { callService } from './callService.ts';
import { type Resource, useResource } from './useResource.ts';

/** A page of the history of runs, filtered and sorted by the service. */
export function useRuns(query: Partial<RunQuery>, everyMs?: number): Resource<RunList> {
  const { state, ...rest } = query;
  const params = { ...rest, state: state?.join(',') };
  return useResource(
    `runs ${JSON.stringify(params)}`,
    (signal) => callService(runListSchema, { path: 'runs', query: params, signal }),
    everyMs
  );
}
