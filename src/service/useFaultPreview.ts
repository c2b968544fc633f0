import { type FaultPreview, faultPreviewSchema, type StartFaultInput } from '@evenkeel/contract/fault';
import { callService } from './callService.ts';
import { type Resource, useResource } from './useResource.ts';

/** What a fault would hit now, by the service's own resolver. Asks nothing while the order is null. */
export function useFaultPreview(order: StartFaultInput | null, everyMs?: number): Resource<FaultPreview> {
  const ask = (signal: AbortSignal) =>
    callService(faultPreviewSchema, { path: 'faultPreview', method: 'POST', body: order, signal });
  return useResource(`fault preview ${JSON.stringify(order)}`, order === null ? null : ask, everyMs);
}
