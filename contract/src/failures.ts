import type { Outcome } from './outcomes.ts';

/**
 * Every way in which a request ends without an answer that can be read: the outcome that it counts as, and what it means for
 * people. The order is the index in counter arrays. Apart from the schemas, for load workers: they start faster without zod.
 */
export const FAILURES = {
  timeout: { outcome: 'timeout', text: 'no complete answer came within the time-out' },
  'connect-timeout': { outcome: 'connect', text: 'no connection was made within the time-out' },
  'connect-refused': { outcome: 'connect', text: 'the connection was refused: nothing listens there' },
  'connect-unreachable': { outcome: 'connect', text: 'there is no way to the address' },
  'connect-failed': { outcome: 'connect', text: 'the connection could not be made' },
  tls: { outcome: 'tls', text: 'the TLS handshake or the certificate failed' },
  closed: { outcome: 'reset', text: 'the connection ended before any byte of an answer' },
  'cut-short': { outcome: 'reset', text: 'the connection ended within the answer' },
  'stream-reset': { outcome: 'reset', text: 'the target reset the HTTP/2 stream' },
  unprocessed: { outcome: 'reset', text: 'the target refused the HTTP/2 request again and again' },
  'not-http': { outcome: 'other', text: 'the answer does not begin with an HTTP status line' },
  'bad-header': { outcome: 'other', text: 'a header line of the answer is malformed' },
  'bad-length': { outcome: 'other', text: 'Content-Length is no number, or two of them differ' },
  'length-and-coding': { outcome: 'other', text: 'the answer has both Content-Length and Transfer-Encoding' },
  'bad-chunk': { outcome: 'other', text: 'the chunked body is malformed' },
  'head-too-large': {
    outcome: 'other',
    text: 'the head or the trailers of the answer are larger than connections.maxHeadBytes',
  },
  'switched-protocol': {
    outcome: 'other',
    text: 'the answer switches to another protocol (101), which nobody asked for',
  },
  'http2-protocol': { outcome: 'other', text: 'the target breaks the rules of HTTP/2' },
  other: { outcome: 'other', text: 'the request failed' },
} as const satisfies Record<string, { readonly outcome: Outcome; readonly text: string }>;

export type Failure = keyof typeof FAILURES;

/** In the order of their indices. */
export const FAILURE_NAMES = Object.keys(FAILURES) as readonly Failure[];
