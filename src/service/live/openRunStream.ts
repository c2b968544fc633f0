import { config } from '@grafana/runtime';
import { servicePath } from '../servicePath.ts';

/**
 * Opens a run's event stream through Grafana's proxy. A plain fetch rather than EventSource: it tells the status of a
 * refusal, and the pauses between attempts are ours. `X-Grafana-Org-Id` is what Grafana's own client sends.
 */
export function openRunStream(runId: string, lastEventId: string, signal: AbortSignal): Promise<Response> {
  const { appSubUrl = '', bootData } = config;
  return fetch(`${appSubUrl}/${servicePath('runEvents', runId)}`, {
    headers: {
      Accept: 'text/event-stream',
      'X-Grafana-Org-Id': String(bootData.user.orgId),
      ...(lastEventId ? { 'Last-Event-ID': lastEventId } : {}),
    },
    cache: 'no-store',
    signal,
  });
}
