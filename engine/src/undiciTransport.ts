import type { Failure } from '@evenkeel/contract/failures';
import { Client, type Dispatcher } from 'undici';
import type { SocketOpener } from './connector.ts';
import { type FailureStage, failureDetail, failureOf, localFault } from './failures.ts';
import type { RequestPlan } from './requestPlan.ts';
import { StatusLines } from './statusLines.ts';
import type { Connection, ConnectionEvents, Transport } from './transport.ts';

/** Idle connections are kept until the run ends or the peer closes them: closing them ourselves would re-deal them. */
const KEEP_ALIVE_MS = 24 * 3600 * 1000;

/** The general transport: every HTTP/1.1 response that undici understands, over one undici Client per connection. */
export class UndiciTransport implements Transport {
  readonly #plan: RequestPlan;
  readonly #lines = new StatusLines();
  readonly #connector: SocketOpener;
  readonly #requests: readonly Dispatcher.DispatchOptions[];
  readonly #lastRequests: readonly Dispatcher.DispatchOptions[];

  /** The plans of a mix go to the same destination and read the same headers. */
  constructor(plans: readonly RequestPlan[], connector: SocketOpener) {
    this.#plan = plans[0]!;
    this.#connector = connector;
    this.#requests = plans.map((plan) => ({
      path: plan.path,
      method: plan.method,
      // undici takes the host from its origin, which it normalises; one that is given it sends as it is.
      headers: ['host', plan.authority, ...plan.headers],
      body: plan.body,
      reset: false,
    }));
    this.#lastRequests = this.#requests.map((request) => ({ ...request, reset: true }));
  }

  connection(events: ConnectionEvents): Connection {
    return new UndiciConnection(this.#plan, this.#connector, events, this.#requests, this.#lastRequests, this.#lines);
  }

  statusLine(status: number): string {
    return this.#lines.of(status);
  }
}

class UndiciConnection implements Connection {
  readonly #plan: RequestPlan;
  readonly #connector: SocketOpener;
  readonly #events: ConnectionEvents;
  readonly #requests: readonly Dispatcher.DispatchOptions[];
  readonly #lastRequests: readonly Dispatcher.DispatchOptions[];
  readonly #lines: StatusLines;
  #session: Session | null = null;
  #address = -1;

  constructor(
    plan: RequestPlan,
    connector: SocketOpener,
    events: ConnectionEvents,
    requests: readonly Dispatcher.DispatchOptions[],
    lastRequests: readonly Dispatcher.DispatchOptions[],
    lines: StatusLines
  ) {
    this.#lines = lines;
    this.#plan = plan;
    this.#connector = connector;
    this.#events = events;
    this.#requests = requests;
    this.#lastRequests = lastRequests;
  }

  send(_slot: number, request: number, last: boolean): void {
    this.#session ??= new Session(this.#plan, this.#connector, this);
    this.#session.send((last ? this.#lastRequests : this.#requests)[request]!);
  }

  abandon(): void {
    this.close();
  }

  addressOf(): number {
    return this.#address;
  }

  onOpened(address: number): void {
    this.#address = address;
  }

  retire(): void {
    this.close();
  }

  close(): void {
    const session = this.#session;
    this.#session = null;
    if (session?.end()) this.#events.closed();
  }

  onConnected(): void {
    this.#events.connected();
  }

  onDisconnected(): void {
    this.#events.closed();
  }

  onResponse(status: number, line: string, pod: string, upstream: string, reusable: boolean): void {
    if (!this.#lines.isKnown(status)) this.#lines.note(status, line);
    if (!reusable) this.close();
    this.#events.responded(0, status, pod, upstream);
  }

  onFailure(failure: Failure, detail: string): void {
    this.close();
    this.#events.failed(0, failure, detail);
  }

  onLocalRefusal(code: string): void {
    this.close();
    this.#events.refusedLocally(0, code);
  }
}

/** One undici Client and the handler of its requests; forgotten as a whole when the connection is given up. */
class Session implements Dispatcher.DispatchHandler {
  readonly #plan: RequestPlan;
  readonly #owner: UndiciConnection;
  readonly #client: Client;
  #live = true;
  #connected = false;
  #busy = false;
  #stage: FailureStage = 'request';
  #status = 0;
  #line = '';
  #began = false;
  #pod = '';
  #upstream = '';
  #reusable = true;

  constructor(plan: RequestPlan, connector: SocketOpener, owner: UndiciConnection) {
    this.#plan = plan;
    this.#owner = owner;
    this.#client = new Client(plan.secure ? 'https://target' : 'http://target', {
      pipelining: 1,
      maxHeaderSize: plan.maxHeadBytes,
      allowH2: false,
      // Deadlines are kept by the engine, exactly and from the intended send time.
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: KEEP_ALIVE_MS,
      keepAliveMaxTimeout: KEEP_ALIVE_MS,
      connect: (_options, callback) => {
        const { socket, address } = connector.open((error, stage) => {
          this.#stage = stage;
          if (error !== null) {
            callback(error, null);
            return;
          }
          if (this.#live) {
            this.#connected = true;
            this.#owner.onConnected();
          }
          callback(null, socket);
        });
        if (this.#live) this.#owner.onOpened(address);
      },
    });
    this.#client.on('disconnect', () => {
      if (!this.#live) return;
      if (!this.#busy) this.#owner.close();
      // The client connects again by itself when the request had not gone out yet.
      else if (this.#connected) this.#owner.onDisconnected();
      this.#connected = false;
    });
  }

  send(request: Dispatcher.DispatchOptions): void {
    this.#busy = true;
    this.#began = false;
    this.#client.dispatch(request, this);
  }

  /** Says whether there was a connection. */
  end(): boolean {
    this.#live = false;
    this.#client.destroy().catch(() => {});
    return this.#connected;
  }

  onRequestStart(): void {}

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
    reason?: string
  ): void {
    this.#began = true;
    this.#line = `HTTP/1.1 ${status} ${reason ?? ''}`.trimEnd();
    // Informational responses come before the final one and are overwritten by it.
    this.#status = status;
    this.#pod = single(headers[this.#plan.podHeader]);
    this.#upstream = single(headers[this.#plan.upstreamHeader]);
    this.#reusable = !/\bclose\b/i.test(single(headers.connection));
  }

  onResponseData(): void {}

  onResponseEnd(): void {
    this.#busy = false;
    if (this.#live) this.#owner.onResponse(this.#status, this.#line, this.#pod, this.#upstream, this.#reusable);
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#busy = false;
    if (!this.#live) return;
    const fault = localFault(error);
    if (fault !== null) this.#owner.onLocalRefusal(fault);
    else if (answeredWrongly(error)) this.#owner.onFailure('switched-protocol', error.message);
    else this.#owner.onFailure(failureOf(error, this.#stage, this.#began), failureDetail(error, this.#stage));
  }
}

/** A protocol switch that nobody asked for: undici breaks the connection itself, but the peer is at fault. */
function answeredWrongly(error: Error): boolean {
  return error.message === 'bad upgrade';
}

function single(value: string | string[] | undefined): string {
  if (value === undefined) return '';
  // undici leaves the white space behind a value.
  return typeof value === 'string' ? value.trimEnd() : value.map((one) => one.trimEnd()).join(', ');
}
