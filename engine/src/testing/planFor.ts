import type { RequestPlan } from '../requestPlan.ts';

/** A request to nowhere, for transports whose sockets the test plays. */
export function planFor(protocol: RequestPlan['protocol'], method: RequestPlan['method']): RequestPlan {
  return {
    secure: false,
    protocol,
    hostname: '127.0.0.1',
    port: 1,
    authority: '127.0.0.1:1',
    addresses: ['127.0.0.1'],
    allowedNetworks: [],
    trustedCertificates: [],
    method,
    path: '/',
    headers: [],
    body: null,
    contentLength: null,
    podHeader: 'x-evenkeel-pod',
    upstreamHeader: 'x-evenkeel-upstream',
    maxHeadBytes: 16_384,
  };
}
