import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Dispatcher, Pool } from 'undici';
import type { RetrySettings } from './balancerMessages.ts';
import type { ForwardedRequest } from './forwardedRequest.ts';
import { isHopByHop, nominated } from './hopByHop.ts';
import type { PodTable } from './podTable.ts';
import { RequestBody } from './requestBody.ts';

const IDEMPOTENT = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'TRACE']);
const TIMEOUTS = new Set(['UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);
export const UPSTREAM_FIELD = 'X-Evenkeel-Upstream';

/** What an exchange needs of the proxy that runs it. */
export interface ExchangeHost {
  readonly table: PodTable;
  readonly retry: RetrySettings | null;
  /** Statuses that count against the pod's health. */
  readonly failureStatuses: readonly number[];
  poolOf(pod: number): Pool;
}

/** One request on its way through the balancer: one attempt after the other, then the response streamed back. */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly #host: ExchangeHost;
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #forwarded: ForwardedRequest;
  readonly #keyHash: number;
  #body: RequestBody | null = null;
  #controller: Dispatcher.DispatchController | null = null;
  #pod = -1;
  #startedAt = 0;
  #tried: number[] | null = null;
  #upstreams = '';
  #sent = false;
  #answering = false;
  #status = 0;
  #clientGone = false;

  constructor(
    host: ExchangeHost,
    request: IncomingMessage,
    response: ServerResponse,
    forwarded: ForwardedRequest,
    keyHash: number
  ) {
    this.#host = host;
    this.#request = request;
    this.#response = response;
    this.#forwarded = forwarded;
    this.#keyHash = keyHash;
  }

  start(): void {
    this.#response.on('close', () => this.#closed());
    const pod = this.#host.table.pick(this.#keyHash);
    if (pod < 0) this.#answerSelf(502, 'no pod is ready');
    else this.#attempt(pod);
  }

  #attempt(pod: number): void {
    const { table } = this.#host;
    const { host, port } = table.pods[pod]!;
    this.#pod = pod;
    this.#controller = null;
    this.#sent = false;
    this.#upstreams += this.#upstreams === '' ? `${host}:${port}` : `, ${host}:${port}`;
    this.#startedAt = table.started(pod);
    if (this.#forwarded.hasBody && this.#body === null) this.#body = new RequestBody(this.#request);
    this.#host.poolOf(pod).dispatch(
      {
        method: this.#request.method!,
        path: this.#forwarded.path,
        headers: this.#forwarded.headers,
        body: this.#body,
      },
      this
    );
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    this.#sent = true;
    if (this.#clientGone) controller.abort(new Error('the client went away'));
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
    message?: string
  ): void {
    if (status < 200) return;
    this.#status = status;
    const { retry } = this.#host;
    if (retry?.statuses.includes(status)) {
      const next = this.#nextPod();
      if (next >= 0) {
        // The rest of this response is read and thrown away, so that its connection can be used again.
        this.#settle(false);
        this.#attempt(next);
        return;
      }
    }
    this.#response.writeHead(status, message ?? '', this.#responseHeaders(controller, headers.connection));
    this.#answering = true;
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (controller !== this.#controller || !this.#answering) return;
    if (!this.#response.write(chunk)) {
      controller.pause();
      this.#response.once('drain', () => controller.resume());
    }
  }

  onResponseEnd(controller: Dispatcher.DispatchController): void {
    if (controller !== this.#controller || !this.#answering) return;
    this.#settle(!this.#host.failureStatuses.includes(this.#status));
    this.#response.end();
  }

  onResponseError(controller: Dispatcher.DispatchController | null, error: Error): void {
    // An error of an attempt that another one has replaced; one that never got a connection has no controller.
    if (this.#pod < 0 || (controller ?? null) !== this.#controller) return;
    // A body that broke off on the client's side may be told before the close of its connection is.
    if (this.#clientGone || (this.#request.destroyed && !this.#request.complete)) {
      this.#settle(null);
      return;
    }
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'UND_ERR_INVALID_ARG') {
      this.#settle(null);
      this.#answerSelf(400, 'the request cannot be forwarded');
      return;
    }
    if (this.#answering) {
      this.#settle(false);
      this.#response.destroy();
      return;
    }
    const next = this.#nextPod();
    this.#settle(false);
    if (next >= 0) this.#attempt(next);
    else this.#answerSelf(TIMEOUTS.has(code ?? '') ? 504 : 502, 'no pod answered');
  }

  /** The pod for another attempt, or -1 when there must be none. A body that was begun cannot be sent twice. */
  #nextPod(): number {
    const { retry, table } = this.#host;
    if (retry === null || this.#body?.touched) return -1;
    if (this.#sent && !IDEMPOTENT.has(this.#request.method!)) return -1;
    this.#tried ??= [];
    this.#tried.push(this.#pod);
    if (this.#tried.length >= retry.tries) return -1;
    return table.pickOther(this.#keyHash, this.#tried);
  }

  #settle(ok: boolean | null): void {
    if (this.#pod < 0) return;
    const pod = this.#pod;
    this.#pod = -1;
    this.#host.table.finished(pod, this.#startedAt, ok, ok === true && this.#status < 500);
  }

  #responseHeaders(controller: Dispatcher.DispatchController, connection: string | string[] | undefined): string[] {
    const raw = controller.rawHeaders as Buffer[];
    const extra = nominated(Array.isArray(connection) ? connection.join(',') : connection);
    const headers: string[] = [];
    for (let at = 0; at < raw.length; at += 2) {
      const name = raw[at]!.toString('latin1');
      const lower = name.toLowerCase();
      if (isHopByHop(lower) || lower === 'x-evenkeel-upstream' || extra?.has(lower)) continue;
      headers.push(name, raw[at + 1]!.toString('latin1'));
    }
    headers.push(UPSTREAM_FIELD, this.#upstreams);
    return headers;
  }

  #answerSelf(status: number, sentence: string): void {
    if (this.#response.destroyed) return;
    const body = `${sentence}\n`;
    const headers = ['Content-Type', 'text/plain', 'Content-Length', String(body.length)];
    if (this.#upstreams !== '') headers.push(UPSTREAM_FIELD, this.#upstreams);
    this.#response.writeHead(status, headers);
    this.#response.end(body);
  }

  #closed(): void {
    if (this.#response.writableFinished) return;
    this.#clientGone = true;
    this.#controller?.abort(new Error('the client went away'));
  }
}
