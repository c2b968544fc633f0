import { Client, type Dispatcher } from 'undici';
import type { SocketOpener } from './connector.ts';
import { type FailureStage, failureOutcome, localFault, OUTCOME_INDEX } from './failureOutcome.ts';
import type { RequestPlan } from './requestPlan.ts';
import type { Connection, ConnectionEvents, Transport } from './transport.ts';

/** Idle connections are kept until the run ends or the peer closes them: closing them ourselves would re-deal them. */
const KEEP_ALIVE_MS = 24 * 3600 * 1000;

/** The general transport: every HTTP/1.1 response that undici understands, over one undici Client per connection. */
export class UndiciTransport implements Transport {
  readonly #plan: RequestPlan;
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
      headers: [...plan.headers],
      body: plan.body === null ? null : Buffer.from(plan.body),
      reset: false,
    }));
    this.#lastRequests = this.#requests.map((request) => ({ ...request, reset: true }));
  }

  connection(events: ConnectionEvents): Connection {
    return new UndiciConnection(this.#plan, this.#connector, events, this.#requests, this.#lastRequests);
  }
}

class UndiciConnection implements Connection {
  readonly #plan: RequestPlan;
  readonly #connector: SocketOpener;
  readonly #events: ConnectionEvents;
  readonly #requests: readonly Dispatcher.DispatchOptions[];
  readonly #lastRequests: readonly Dispatcher.DispatchOptions[];
  #session: Session | null = null;

  constructor(
    plan: RequestPlan,
    connector: SocketOpener,
    events: ConnectionEvents,
    requests: readonly Dispatcher.DispatchOptions[],
    lastRequests: readonly Dispatcher.DispatchOptions[]
  ) {
    this.#plan = plan;
    this.#connector = connector;
    this.#events = events;
    this.#requests = requests;
    this.#lastRequests = lastRequests;
  }

  send(request: number, last: boolean): void {
    this.#session ??= new Session(this.#plan, this.#connector, this.#events);
    this.#session.send((last ? this.#lastRequests : this.#requests)[request]!);
  }

  disconnect(): void {
    this.#session?.end();
    this.#session = null;
  }
}

/** One undici Client and the handler of its requests; forgotten as a whole when the connection is given up. */
class Session implements Dispatcher.DispatchHandler {
  readonly #plan: RequestPlan;
  readonly #events: ConnectionEvents;
  readonly #client: Client;
  #live = true;
  #busy = false;
  #stage: FailureStage = 'request';
  #status = 0;
  #pod = '';
  #upstream = '';
  #reusable = true;

  constructor(plan: RequestPlan, connector: SocketOpener, events: ConnectionEvents) {
    this.#plan = plan;
    this.#events = events;
    const origin = `${plan.secure ? 'https' : 'http'}://${plan.authority}`;
    this.#client = new Client(origin, {
      pipelining: 1,
      allowH2: false,
      // Deadlines are kept by the engine, exactly and from the intended send time.
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: KEEP_ALIVE_MS,
      keepAliveMaxTimeout: KEEP_ALIVE_MS,
      connect: (_options, callback) => {
        const socket = connector.open((error, stage) => {
          this.#stage = stage;
          if (error !== null) {
            callback(error, null);
            return;
          }
          if (this.#live) this.#events.connected();
          callback(null, socket);
        });
      },
    });
    this.#client.on('disconnect', () => {
      if (this.#live && !this.#busy) this.#events.closed();
    });
  }

  send(request: Dispatcher.DispatchOptions): void {
    this.#busy = true;
    this.#client.dispatch(request, this);
  }

  end(): void {
    this.#live = false;
    this.#client.destroy().catch(() => {});
  }

  onRequestStart(): void {}

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>
  ): void {
    // Informational responses come before the final one and are overwritten by it.
    this.#status = status;
    this.#pod = single(headers[this.#plan.podHeader]);
    this.#upstream = single(headers[this.#plan.upstreamHeader]);
    this.#reusable = !/\bclose\b/i.test(single(headers.connection));
  }

  onResponseData(): void {}

  onResponseEnd(): void {
    this.#busy = false;
    if (this.#live) this.#events.responded(this.#status, this.#pod, this.#upstream, this.#reusable);
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#busy = false;
    if (!this.#live) return;
    const fault = localFault(error);
    if (fault !== null) this.#events.refusedLocally(fault);
    else this.#events.failed(OUTCOME_INDEX[answeredWrongly(error) ? 'other' : failureOutcome(error, this.#stage)]);
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
