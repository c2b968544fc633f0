import { type Attribution, RUN_HEADER } from '@evenkeel/contract/attribution';
import type { RequestHeaders } from '@evenkeel/contract/requestHeaders';
import type { Protocol, ScenarioRequest } from '@evenkeel/contract/scenario';
import { requestTargetOf, type TargetUrl } from '@evenkeel/contract/targetUrl';
import { wireBody, wireToken, wireValue, wireVisible } from './wireText.ts';

/**
 * The one request of a run and where it goes, ready to be sent; plain data that can cross to a worker. Method, authority, path and
 * headers are byte strings (see `wireText.ts`).
 */
export interface RequestPlan {
  readonly secure: boolean;
  readonly protocol: Protocol;
  /** What the URL's host is called where names are resolved and certificates checked, without brackets. */
  readonly hostname: string;
  readonly port: number;
  /** Value of `host` and `:authority`. */
  readonly authority: string;
  /** Checked addresses of the host; connections take them in turn. */
  readonly addresses: readonly string[];
  readonly allowedNetworks: readonly string[];
  /** Certificate authorities to trust, PEM; when there are any they replace Node's own. */
  readonly trustedCertificates: readonly string[];
  readonly method: ScenarioRequest['method'];
  /** Path and query. */
  readonly path: string;
  /** Names and values in turn, in the order in which they are sent; names as they were written. */
  readonly headers: readonly string[];
  readonly body: Uint8Array | null;
  /** null when the request says nothing of a body. */
  readonly contentLength: number | null;
  /** Lower-case names of the response headers that name the pod and the upstream addresses; '' for none. */
  readonly podHeader: string;
  readonly upstreamHeader: string;
  /** Largest head of an answer that is read, in bytes. */
  readonly maxHeadBytes: number;
}

export interface Destination {
  readonly url: TargetUrl;
  readonly addresses: readonly string[];
  readonly allowedNetworks: readonly string[];
  readonly trustedCertificates: readonly string[];
  readonly protocol: Protocol;
  readonly maxHeadBytes: number;
}

/** A method that may have a body says so even when it has none. */
const EXPECTS_BODY: readonly string[] = ['POST', 'PUT', 'PATCH'];

/** The request of a scenario against a resolved destination. Throws a TargetUrlError when the two cannot be put together. */
export function requestPlan(
  destination: Destination,
  request: ScenarioRequest,
  attribution: Attribution,
  runId: string,
  version: string
): RequestPlan {
  const { url, ...place } = destination;
  // An empty body is none.
  const body = request.body ? wireBody(request.body) : null;
  return {
    ...place,
    secure: url.secure,
    hostname: url.hostname,
    port: url.port,
    authority: wireVisible(url.authority, 'the host'),
    method: wireToken(request.method, 'the method'),
    path: wireVisible(requestTargetOf(url, request.path), 'the path'),
    headers: wireHeaders(request.headers, runId, version),
    body,
    contentLength: body?.length ?? (EXPECTS_BODY.includes(request.method) ? 0 : null),
    podHeader: attribution.header ?? '',
    upstreamHeader: attribution.upstreamHeader ?? '',
  };
}

/** The scenario's headers in their order, with ours before them where the scenario has none of the name, and the run's behind. */
function wireHeaders(given: RequestHeaders, runId: string, version: string): string[] {
  const lines = withOneCookie(given).map(([name, value]) => [
    wireToken(name, 'the name of a header'),
    wireValue(value, `the header ${name}`),
  ]);
  const has = (wanted: string) => given.some(([name]) => name.toLowerCase() === wanted);
  return [
    ...(has('user-agent') ? [] : ['user-agent', `evenkeel/${version}`]),
    ...lines.flat(),
    RUN_HEADER,
    wireValue(runId, 'the run'),
  ];
}

/** Several cookies are one header (RFC 6265 §5.4), at the place of the first; empty ones would leave a blank at its end. */
function withOneCookie(headers: RequestHeaders): RequestHeaders {
  const isCookie = ([name]: RequestHeaders[number]) => name.toLowerCase() === 'cookie';
  const cookies = headers.filter(isCookie);
  const first = cookies[0];
  if (first === undefined || cookies.length === 1) return headers;
  const joined: RequestHeaders[number] = [
    first[0],
    cookies.flatMap(([, value]) => (value === '' ? [] : [value])).join('; '),
  ];
  return headers
    .filter((header) => header === first || !isCookie(header))
    .map((header) => (header === first ? joined : header));
}
