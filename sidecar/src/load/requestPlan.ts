import { type Attribution, RUN_HEADER } from '@evenkeel/contract/attribution';
import type { Protocol, ScenarioRequest } from '@evenkeel/contract/scenario';

/** The one request of a run and where it goes, ready to be sent; plain data that can cross to a worker. */
export interface RequestPlan {
  readonly secure: boolean;
  readonly protocol: Protocol;
  /** Host as in the URL, without brackets; the name that a certificate is checked against. */
  readonly hostname: string;
  readonly port: number;
  /** Value of the Host header. */
  readonly authority: string;
  /** Checked addresses of the host; connections take them in turn. */
  readonly addresses: readonly string[];
  readonly allowedNetworks: readonly string[];
  /** Certificate authorities to trust, PEM; when there are any they replace Node's own. */
  readonly trustedCertificates: readonly string[];
  readonly method: ScenarioRequest['method'];
  /** Path and query. */
  readonly path: string;
  /** Names and values in turn. */
  readonly headers: readonly string[];
  readonly body: string | null;
  /** Lower-case names of the response headers that name the pod and the upstream addresses; '' for none. */
  readonly podHeader: string;
  readonly upstreamHeader: string;
  /** Largest head of an answer that is read, in bytes. */
  readonly maxHeadBytes: number;
}

export interface Destination {
  readonly url: URL;
  readonly addresses: readonly string[];
  readonly allowedNetworks: readonly string[];
  readonly trustedCertificates: readonly string[];
  readonly protocol: Protocol;
  readonly maxHeadBytes: number;
}

/** The request of a scenario against a resolved destination. A header of the scenario replaces ours, except the run's. */
export function requestPlan(
  destination: Destination,
  request: ScenarioRequest,
  attribution: Attribution,
  runId: string,
  version: string
): RequestPlan {
  const { url } = destination;
  const headers = new Map([['user-agent', `evenkeel/${version}`]]);
  for (const [name, value] of Object.entries(request.headers)) headers.set(name.toLowerCase(), value);
  headers.set(RUN_HEADER, runId);
  const secure = url.protocol === 'https:';
  return {
    secure,
    protocol: destination.protocol,
    hostname: unbracketed(url.hostname),
    port: url.port === '' ? (secure ? 443 : 80) : Number(url.port),
    authority: url.host,
    addresses: destination.addresses,
    allowedNetworks: destination.allowedNetworks,
    trustedCertificates: destination.trustedCertificates,
    method: request.method,
    path: url.pathname.replace(/\/+$/, '') + request.path,
    headers: [...headers].flat(),
    body: request.body,
    podHeader: attribution.header ?? '',
    upstreamHeader: attribution.upstreamHeader ?? '',
    maxHeadBytes: destination.maxHeadBytes,
  };
}

export function unbracketed(hostname: string): string {
  return hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
}
