import type { Failure } from '@evenkeel/contract/failures';
import { Channel } from './channel.ts';
import { ConnectionTally } from './connectionSpread.ts';
import type { Connection, ConnectionEvents, Transport } from './transport.ts';

/** One TCP connection, as far as the requests over it have something in common. */
export class TcpConnection {
  readonly tally = new ConnectionTally();
  /** Milliseconds since the load began. */
  readonly openedAt: number;
  /** Requests sent over it. */
  requests = 0;
  /** It has carried an answer. */
  answered = false;

  constructor(openedAt: number) {
    this.openedAt = openedAt;
  }
}

/** Who is told what happens on virtual connections. */
export interface ConnectionOwner {
  onConnected(virtual: VirtualConnection): void;
  onClosed(virtual: VirtualConnection): void;
  onResponse(channel: Channel, status: number, pod: string, upstream: string): void;
  onFailure(channel: Channel, failure: Failure, detail: string): void;
  onLocalRefusal(channel: Channel, code: string): void;
  onUnprocessed(channel: Channel): void;
}

/** A connection of the run's connection policy, over one TCP connection after the other. */
export class VirtualConnection implements ConnectionEvents {
  readonly connection: Connection;
  readonly channels: readonly Channel[];
  /** The TCP connection that takes requests now, if one is open. */
  current: TcpConnection | null = null;
  readonly #owner: ConnectionOwner;

  /** Channels are numbered `index`, `index` + `stride`, … so that neighbours in turn lie on different connections. */
  constructor(index: number, stride: number, streams: number, transport: Transport, owner: ConnectionOwner) {
    this.#owner = owner;
    this.channels = Array.from({ length: streams }, (_, slot) => new Channel(index + slot * stride, this, slot));
    this.connection = transport.connection(this);
  }

  connected(): void {
    this.#owner.onConnected(this);
  }

  closed(): void {
    this.#owner.onClosed(this);
  }

  responded(slot: number, status: number, pod: string, upstream: string): void {
    this.#owner.onResponse(this.channels[slot]!, status, pod, upstream);
  }

  failed(slot: number, failure: Failure, detail: string): void {
    this.#owner.onFailure(this.channels[slot]!, failure, detail);
  }

  refusedLocally(slot: number, code: string): void {
    this.#owner.onLocalRefusal(this.channels[slot]!, code);
  }

  unprocessed(slot: number): void {
    this.#owner.onUnprocessed(this.channels[slot]!);
  }
}
