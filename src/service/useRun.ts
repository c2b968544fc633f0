import { type Run, runSchema } from '@evenkeel/contract/run';
import { callService } from './callService.ts';
import { type Resource, useResource } from './useResource.ts';

/** One run as it was asked for: scenario, target, state, labels. Asks nothing for null. */
export const useRun = (id: string | null): Resource<Run> =>
  useResource(`run ${id}`, id === null ? null : (signal) => callService(runSchema, { path: 'run', id, signal }));
