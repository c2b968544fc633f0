import type { z } from 'zod';
import { DEFAULT_POLICY } from './connectionPolicy.ts';
import { DEFAULT_EXPECT } from './expectation.ts';
import { MAX_IN_FLIGHT } from './limits.ts';
import { type ProfileLength, profileSeconds } from './profileSeconds.ts';

interface CheckedRequest {
  readonly method: string;
  readonly path: string | null;
  readonly headers: readonly unknown[];
  readonly body: string | null;
  readonly timeoutMs: number;
  readonly expect: readonly (string | number)[];
}

interface CheckedConnections {
  /** Left out: by the load model. */
  readonly policy?: string | undefined;
  readonly count: number;
  readonly protocol: string;
  readonly streams: number;
  readonly maxRequests: number | null;
}

/** The parts of a scenario that can contradict each other. Written out, since the schema's own type follows from these checks. */
interface Checked {
  readonly load: ProfileLength;
  readonly request: CheckedRequest;
  readonly mix?: readonly { readonly request: CheckedRequest }[] | undefined;
  readonly connections: CheckedConnections;
  readonly warmupSeconds: number;
  readonly thresholds: readonly unknown[];
  readonly faults?: readonly { readonly atSecond: number }[] | undefined;
  readonly breakingPoint?: { readonly stepSeconds: number } | undefined;
}

const has = (field: string, is: object) => ({ properties: { [field]: is }, required: [field] });
const together = (...parts: readonly object[]) => ({ not: { allOf: parts } });

const withBody = {
  allOf: [has('body', { type: 'string' }), { not: has('method', { enum: ['POST', 'PUT', 'PATCH', 'DELETE'] }) }],
};
const manyStreams = has('connections', has('streams', { exclusiveMinimum: 1 }));
const isSearch = { required: ['breakingPoint'] };

/** Those of the rules below that a JSON schema can express: parts that a scenario must not have together. */
export const CONTRADICTIONS = [
  together(has('load', has('model', { const: 'rate' })), has('connections', has('policy', { const: 'per-user' }))),
  together(manyStreams, { not: has('connections', has('protocol', { const: 'http/2' })) }),
  together(manyStreams, has('connections', has('policy', { not: { const: 'round-robin' } }))),
  together(has('request', withBody)),
  together(has('mix', { contains: has('request', withBody) })),
  together(isSearch, has('load', has('model', { const: 'users' }))),
  together(isSearch, has('thresholds', { minItems: 1 })),
  together(isSearch, has('faults', { minItems: 1 })),
];

/** What each field allows by itself and the fields together do not. */
export function refuseContradictions(scenario: Checked, context: z.RefinementCtx): void {
  const refuse = (path: (string | number)[], message: string) => context.addIssue({ code: 'custom', path, message });
  const { load, request, mix, breakingPoint } = scenario;
  const duration = profileSeconds(load);
  if (scenario.connections.policy === 'per-user' && load.model === 'rate') {
    refuse(
      ['connections', 'policy'],
      'per-user needs the users model; a rate has no users: choose round-robin or per-request'
    );
  }
  const policy = scenario.connections.policy ?? DEFAULT_POLICY[load.model];
  refuseStreams({ ...scenario.connections, policy }, refuse);
  if (scenario.warmupSeconds >= duration) {
    refuse(['warmupSeconds'], `must be shorter than the load profile (${duration} s), or nothing is measured`);
  }
  const requests: [(string | number)[], CheckedRequest][] = [
    [['request'], request],
    ...(mix ?? []).map((part, i): [(string | number)[], CheckedRequest] => [['mix', i, 'request'], part.request]),
  ];
  for (const [path, { method, body }] of requests) {
    if (body !== null && ['GET', 'HEAD', 'OPTIONS'].includes(method)) {
      refuse([...path, 'body'], `${method} takes no body`);
    }
  }
  if (mix && !isDefaultRequest(request)) {
    refuse(['request'], 'has no effect beside mix: move it into the mix or remove it');
  }
  for (const [i, fault] of (scenario.faults ?? []).entries()) {
    if (fault.atSecond >= duration) {
      refuse(['faults', i, 'atSecond'], `must be before the end of the load profile (${duration} s)`);
    }
  }
  if (breakingPoint) {
    if (load.model !== 'rate') {
      refuse(['breakingPoint'], 'needs the rate model: in the users model a slow target lowers the load by itself');
    }
    if (breakingPoint.stepSeconds > duration) {
      refuse(['breakingPoint', 'stepSeconds'], `must not be longer than the load profile (${duration} s)`);
    }
    if (scenario.thresholds.length > 0) {
      refuse(['thresholds'], 'are not judged in a search: its limits are those of breakingPoint');
    }
    if (scenario.faults?.length) {
      refuse(['faults'], 'cannot be planned in a search of the breaking point, whose length is not known beforehand');
    }
  }
}

function refuseStreams(
  { policy, count, protocol, streams, maxRequests }: CheckedConnections & { readonly policy: string },
  refuse: (path: (string | number)[], message: string) => void
): void {
  if (streams === 1) return;
  const path = ['connections', 'streams'];
  if (protocol !== 'http/2') refuse(path, 'more than 1 needs the protocol http/2');
  if (policy !== 'round-robin') refuse(path, `more than 1 needs the policy round-robin; ${policy} has one at a time`);
  if (count * streams > MAX_IN_FLIGHT) {
    refuse(
      path,
      `${count} connections of ${streams} streams make ${count * streams} requests in flight; allowed are ${MAX_IN_FLIGHT}`
    );
  }
  if (maxRequests !== null && maxRequests < streams) {
    refuse(['connections', 'maxRequests'], `must not be below the streams of a connection (${streams})`);
  }
}

function isDefaultRequest({ method, path, headers, body, timeoutMs, expect }: CheckedRequest): boolean {
  // A scenario that was stored before a path could be left out holds "/".
  return (
    method === 'GET' &&
    (path === null || path === '/') &&
    headers.length === 0 &&
    body === null &&
    timeoutMs === 10_000 &&
    expect.join() === DEFAULT_EXPECT.join()
  );
}
