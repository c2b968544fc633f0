/**
 * How one request ended. The order is the index in every counter array.
 * `ok` is a status that the request expects (2xx and 3xx unless it says otherwise); `http-4xx` and `http-5xx` are others of these
 * classes, `unexpected` any other status that was not expected; `timeout` any deadline passed; `connect` a connection refused or
 * not made in time; `reset` a connection that broke after the request was sent; `tls` a failed handshake or certificate; `other` an
 * answer that is not HTTP.
 */
export const OUTCOMES = [
  'ok',
  'http-4xx',
  'http-5xx',
  'timeout',
  'connect',
  'reset',
  'tls',
  'other',
  'unexpected',
] as const;

export type Outcome = (typeof OUTCOMES)[number];
