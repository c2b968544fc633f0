import {
  type PatchRun,
  type ReportFormat,
  type SafetyState,
  type StartRunInput,
  type StopAllResult,
  safetyStateSchema,
  stopAllResultSchema,
} from '@evenkeel/contract/api';
import { includesRole } from '@evenkeel/contract/role';
import { type Run, runSchema } from '@evenkeel/contract/run';
import { currentRole } from '../app/currentRole.ts';
import { saveAsFile } from './browserFile.ts';
import { callService, callServiceForText } from './callService.ts';
import { failureOf } from './serviceFailure.ts';

/** Starts a test. A second call with the same `key` returns the run of the first: a double click starts one test. */
export async function startRun(body: StartRunInput, key: string): Promise<Run> {
  const start = (path: 'runs' | 'faultRuns') =>
    callService(runSchema, { path, method: 'POST', body, headers: { 'Idempotency-Key': key } });
  // Through Grafana the role is bound to the path: a plan of faults goes through the one for Admins.
  if (body.scenario?.faults?.length) return start('faultRuns');
  return start('runs').catch((thrown) => {
    const fields = failureOf(thrown).problem?.errors ?? [];
    if (fields.some(({ field }) => field === 'body.scenario.faults')) return start('faultRuns');
    throw thrown;
  });
}

/** Ends a test early; it still gets its report. */
export const stopRun = (id: string): Promise<Run> =>
  callService(runSchema, { path: 'runStop', id, method: 'POST', body: {} });

/** Changes labels, note or the baseline mark. */
export const patchRun = (id: string, change: PatchRun): Promise<Run> =>
  callService(runSchema, { path: 'run', id, method: 'PATCH', body: change });

/**
 * Stops all load, reverts every fault and refuses new ones until an Admin releases the lever. Editors go by a path of their own, on
 * which it works also while Grafana cannot prove who they are.
 */
export const stopAll = (reason: string): Promise<StopAllResult> => {
  const path = includesRole(currentRole(), 'Editor') ? 'editorStopAll' : 'stopAll';
  return callService(stopAllResultSchema, { path, method: 'POST', body: { reason } });
};

const FILE_TYPES: Readonly<Record<ReportFormat, { type: string; ending: string }>> = {
  json: { type: 'application/json', ending: 'json' },
  markdown: { type: 'text/markdown', ending: 'md' },
  html: { type: 'text/html', ending: 'html' },
  junit: { type: 'application/xml', ending: 'xml' },
};

/** Fetches a run's report and hands it to the browser as a file. */
export async function downloadReport(id: string, format: ReportFormat): Promise<void> {
  const text = await callServiceForText({ path: 'runReport', id, query: { format } });
  const { type, ending } = FILE_TYPES[format];
  saveAsFile(text, `evenkeel-${id}.${ending}`, type);
}

/** Lets new load and faults in again after `stopAll`. */
export const releaseSafety = (reason: string): Promise<SafetyState> =>
  callService(safetyStateSchema, { path: 'release', method: 'POST', body: { reason } });
