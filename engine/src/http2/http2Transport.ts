import { newReadBuffer, type SocketOpener } from '../connector.ts';
import type { RequestPlan } from '../requestPlan.ts';
import type { Connection, ConnectionEvents, Transport } from '../transport.ts';
import { preparedRequest } from './preparedRequest.ts';
import { ResponseHeaders } from './responseHeaders.ts';
import { Session, type SessionOwner, type SessionShared } from './session.ts';

/** HTTP/2 straight on sockets: prepared header blocks go out, responses are parsed where they were read. */
export class Http2Transport implements Transport {
  readonly #shared: SessionShared;

  /** The plans of a mix go to the same destination and read the same headers. */
  constructor(plans: readonly RequestPlan[], connector: SocketOpener) {
    this.#shared = {
      connector,
      requests: plans.map(preparedRequest),
      headers: new ResponseHeaders(plans[0]!.podHeader, plans[0]!.upstreamHeader),
      maxHeadBytes: plans[0]!.maxHeadBytes,
      readBuffer: newReadBuffer(),
    };
  }

  connection(events: ConnectionEvents): Connection {
    return new Http2Connection(this.#shared, events);
  }

  statusLine(status: number): string {
    return `HTTP/2 ${status}`;
  }
}

/** A virtual connection: the session that takes requests, and earlier ones that still finish theirs. */
class Http2Connection implements Connection, SessionOwner {
  readonly #shared: SessionShared;
  readonly #events: ConnectionEvents;
  #current: Session | null = null;
  readonly #leaving = new Set<Session>();
  /** Which session carries the request in a slot. */
  readonly #carriers: (Session | undefined)[] = [];

  constructor(shared: SessionShared, events: ConnectionEvents) {
    this.#shared = shared;
    this.#events = events;
  }

  send(slot: number, request: number): void {
    this.#current ??= new Session(this.#shared, this, this.#events);
    this.#carriers[slot] = this.#current;
    this.#current.send(slot, request);
  }

  abandon(slot: number): void {
    this.#carriers[slot]?.abandon(slot);
  }

  retire(): void {
    const session = this.#current;
    if (session === null) return;
    this.leaving(session);
    session.retire();
  }

  addressOf(slot: number): number {
    return this.#carriers[slot]?.address ?? -1;
  }

  close(): void {
    for (const session of [...this.#leaving]) session.close();
    this.#current?.close();
  }

  ready(): void {
    this.#events.connected();
  }

  leaving(session: Session): void {
    if (session !== this.#current) return;
    this.#current = null;
    this.#leaving.add(session);
    this.#events.closed();
  }

  ended(session: Session, wasReady: boolean): void {
    this.#leaving.delete(session);
    if (session !== this.#current) return;
    this.#current = null;
    if (wasReady) this.#events.closed();
  }
}
