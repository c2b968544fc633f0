import { type Status, statusSchema } from '@evenkeel/contract/api';
import { callService } from './callService.ts';
import { type Resource, useResource } from './useResource.ts';

/** What the service says about itself: version, limits, safety lever, active runs. Kept fresh. */
export const useStatus = (everyMs = 5_000): Resource<Status> =>
  useResource('status', (signal) => callService(statusSchema, { path: 'status', signal }), everyMs);
