import { type FaultList, type FaultQuery, faultListSchema } from '@evenkeel/contract/fault';
import { callService } from './callService.ts';
import { type Resource, useResource } from './useResource.ts';

/** Faults, the newest first. Kept fresh. */
export function useFaults(query: Partial<FaultQuery>, everyMs?: number): Resource<FaultList> {
  return useResource(
    `faults ${JSON.stringify(query)}`,
    (signal) => callService(faultListSchema, { path: 'faults', query, signal }),
    everyMs
  );
}
