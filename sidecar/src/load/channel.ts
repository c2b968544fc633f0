import { ConnectionTally } from './connectionSpread.ts';
import type { Deadlined } from './deadlineList.ts';
import type { Connection, ConnectionEvents, Transport } from './transport.ts';

/** Who is told what happens on a channel. */
export interface ChannelOwner {
  onConnected(channel: Channel): void;
  onResponse(channel: Channel, status: number, pod: string, upstream: string, reusable: boolean): void;
  onFailure(channel: Channel, outcome: number): void;
  onLocalRefusal(channel: Channel, code: string): void;
  onClosed(channel: Channel): void;
}

/**
 * One virtual connection and the request that is in flight on it. It lives for the whole run and is the request's
 * record too, so that a request allocates nothing.
 */
export class Channel implements ConnectionEvents, Deadlined {
  readonly index: number;
  readonly connection: Connection;
  readonly tally = new ConnectionTally();
  readonly #owner: ChannelOwner;
  earlier: Deadlined | null = null;
  later: Deadlined | null = null;
  inFlight = false;
  /** Index of the request in flight among those of the run. */
  request = 0;
  /** The user whose request is in flight; −1 in the open model. */
  user = -1;
  /** Milliseconds since the load began. */
  intended = 0;
  sent = 0;
  /** A TCP connection is open, since when, and how many requests it has carried. */
  open = false;
  openedAt = 0;
  requests = 0;

  constructor(index: number, transport: Transport, owner: ChannelOwner) {
    this.index = index;
    this.#owner = owner;
    this.connection = transport.connection(this);
  }

  connected(): void {
    this.#owner.onConnected(this);
  }

  responded(status: number, pod: string, upstream: string, reusable: boolean): void {
    this.#owner.onResponse(this, status, pod, upstream, reusable);
  }

  failed(outcome: number): void {
    this.#owner.onFailure(this, outcome);
  }

  refusedLocally(code: string): void {
    this.#owner.onLocalRefusal(this, code);
  }

  closed(): void {
    this.#owner.onClosed(this);
  }
}
