import type { PreparedRequest } from './preparedRequest.ts';
import type { ResponseHeaders } from './responseHeaders.ts';

/** One request and its response over a session. */
export class Stream {
  readonly slot: number;
  readonly request: PreparedRequest;
  /** 0 until it was sent. */
  id = 0;
  /** How much of the body the peer takes now, and how much was sent. */
  window = 0;
  bodySent = 0;
  answered = false;
  bodyReceived = 0;
  status = 0;
  pod = '';
  upstream = '';
  #contentLength = -1;

  constructor(slot: number, request: PreparedRequest) {
    this.slot = slot;
    this.request = request;
  }

  answer({ status, pod, upstream, contentLength }: ResponseHeaders): void {
    this.answered = true;
    this.status = status;
    this.pod = pod;
    this.upstream = upstream;
    this.#contentLength = contentLength;
  }

  /** Whether the response may end here: there is one, and its body is as long as it says (RFC 9113 §8.1.1). */
  get complete(): boolean {
    if (!this.answered) return false;
    if (this.#contentLength < 0 || this.request.toHead || this.status === 304) return true;
    return this.bodyReceived === this.#contentLength;
  }
}
