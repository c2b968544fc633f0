import { type TargetList, targetListSchema } from '@evenkeel/contract/api';
import { callService } from './callService.ts';
import { type Resource, useResource } from './useResource.ts';

/** What can be loaded here, with ready pods and the run that is active on it. */
export const useTargets = (everyMs?: number): Resource<TargetList> =>
  useResource('targets', (signal) => callService(targetListSchema, { path: 'targets', signal }), everyMs);
