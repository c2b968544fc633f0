import { type Fault, faultSchema, type StartFaultInput } from '@evenkeel/contract/fault';
import { callService } from './callService.ts';

/** Injects a fault. Needs an Admin. */
export const startFault = (body: StartFaultInput): Promise<Fault> =>
  callService(faultSchema, { path: 'faults', method: 'POST', body });

/** Takes a fault back now; harmless when it is over. Needs an Admin. */
export const revertFault = (id: string): Promise<Fault> =>
  callService(faultSchema, { path: 'faultRevert', id, method: 'POST', body: {} });
