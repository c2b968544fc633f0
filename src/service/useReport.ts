import { type Report, reportSchema } from '@evenkeel/contract/report';
import { callService } from './callService.ts';
import { type Resource, useResource } from './useResource.ts';

/** The report of a run that has ended. Asks nothing for null. */
export const useReport = (id: string | null): Resource<Report> =>
  useResource(
    `report ${id}`,
    id === null
      ? null
      : (signal) => callService(reportSchema, { path: 'runReport', id, query: { format: 'json' }, signal })
  );
