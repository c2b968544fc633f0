/**
 * How one request ended. The order is the index in every counter array.
 * `ok` is any 1xx-3xx status; `timeout` any deadline passed; `connect` a connection refused or not made in time;
 * `reset` a connection that broke after the request was sent; `tls` a failed handshake or certificate.
 */
export const OUTCOMES = ['ok', 'http-4xx', 'http-5xx', 'timeout', 'connect', 'reset', 'tls', 'other'] as const;

export type Outcome = (typeof OUTCOMES)[number];
