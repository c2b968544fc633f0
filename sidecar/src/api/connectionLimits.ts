import type { Socket } from 'node:net';
import { ipKeyGenerator } from 'express-rate-limit';

export interface ConnectionLimits {
  /** Connections at once, in all. */
  readonly total: number;
  /** Of one peer: an IPv4 address, or a network of IPv6. */
  readonly perPeer: number;
  /** Beyond both while nothing can be dropped: for requests that must always come through. */
  readonly reserve: number;
  /** Requests of one connection that wait for their answers: who sends more at once does not want the answers. */
  readonly unanswered: number;
}

/** Room for all event streams, and for as many connections again that ask. */
export const connectionLimitsFor = (streams: number): ConnectionLimits => ({
  total: Math.max(2000, 2 * streams),
  perPeer: Math.max(1000, streams + 750),
  reserve: 50,
  unanswered: 16,
});

/** A connection that has waited for less time is not dropped before the reserve is used. */
const GRACE_MS = 250;

/** Emitted by a response that may be dropped from now on, or no longer (true or false): what comes next is up to who reads it. */
export const WAITS_FOR_PEER = 'waitsForPeer';

interface Connection {
  readonly peer: Peer;
  isReserve: boolean;
  unanswered: number;
  /** On the monotonic clock, in milliseconds. */
  waitsSince: number;
}

interface Peer {
  readonly key: string;
  count: number;
  /** Connections that wait for their peer, the one that waits longest first. */
  readonly idle: Set<Socket>;
}

/**
 * Bounds the connections, in all and by peer. Past a bound the one that has waited longest for its peer is dropped: for a request, for
 * the rest of one, or for an answer to be read. So whoever opens connections and leaves them takes them from himself. While there is
 * none to drop, a few more are let in for requests that must always come through.
 */
export class Connections {
  readonly #limits: ConnectionLimits;
  readonly #connections = new Map<Socket, Connection>();
  readonly #peers = new Map<string, Peer>();
  /** Of all peers, the one that waits longest first. */
  readonly #idle = new Set<Socket>();
  #reserve = 0;
  #dropped = 0;

  constructor(limits: ConnectionLimits) {
    this.#limits = limits;
  }

  get open(): number {
    return this.#connections.size;
  }

  /** Connections that were closed because there were too many. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Takes in a new connection, for which another one may have to go. */
  add(socket: Socket): void {
    const key = ipKeyGenerator(socket.remoteAddress ?? '0.0.0.0');
    const peer = this.#peers.get(key) ?? { key, count: 0, idle: new Set() };
    const { total, perPeer, reserve } = this.#limits;
    const isFull = () => peer.count >= perPeer || this.#connections.size - this.#reserve >= total;
    const idle = () => (peer.count >= perPeer ? peer.idle : this.#idle);
    while (isFull() && this.#drop(idle(), GRACE_MS));
    // Whoever came just now has not been heard yet: he is dropped only when the reserve is taken too.
    if (isFull() && this.#reserve >= reserve && !this.#drop(idle(), 0)) {
      this.#dropped++;
      socket.destroy();
      return;
    }
    const isOver = isFull();
    if (isOver) this.#reserve++;
    this.#peers.set(key, peer);
    peer.count++;
    this.#connections.set(socket, { peer, isReserve: isOver, unanswered: 0, waitsSince: 0 });
    this.waits(socket);
    socket.once('close', () => this.#remove(socket));
  }

  /** Whether this connection is one of the reserve, which is for requests that must always come through. */
  isReserve(socket: Socket): boolean {
    return this.#connections.get(socket)?.isReserve ?? false;
  }

  /** Counts a request; false when too many of this connection wait for their answers, which is to be ended then. */
  begins(socket: Socket): boolean {
    const connection = this.#connections.get(socket);
    if (connection === undefined) return false;
    connection.unanswered++;
    return connection.unanswered <= this.#limits.unanswered;
  }

  answered(socket: Socket): void {
    const connection = this.#connections.get(socket);
    if (connection) connection.unanswered--;
  }

  /** What comes next is up to the service: the connection is not dropped meanwhile. */
  works(socket: Socket): void {
    this.#idle.delete(socket);
    this.#connections.get(socket)?.peer.idle.delete(socket);
  }

  /** What comes next is up to the peer. */
  waits(socket: Socket): void {
    const connection = this.#connections.get(socket);
    if (connection === undefined) return;
    this.works(socket);
    connection.waitsSince = performance.now();
    this.#idle.add(socket);
    connection.peer.idle.add(socket);
  }

  /** Drops the one that waits longest, if it has waited for this long. */
  #drop(idle: ReadonlySet<Socket>, waitedMs: number): boolean {
    for (const socket of idle) {
      if (performance.now() - this.#connections.get(socket)!.waitsSince < waitedMs) return false;
      this.#close(socket);
      return true;
    }
    return false;
  }

  #close(socket: Socket): void {
    this.#dropped++;
    this.#remove(socket);
    socket.destroy();
  }

  #remove(socket: Socket): void {
    const connection = this.#connections.get(socket);
    if (connection === undefined) return;
    this.works(socket);
    this.#connections.delete(socket);
    if (connection.isReserve) this.#reserve--;
    const { peer } = connection;
    peer.count--;
    if (peer.count === 0) this.#peers.delete(peer.key);
  }
}
