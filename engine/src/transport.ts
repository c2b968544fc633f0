import type { Failure } from '@evenkeel/contract/failures';

/**
 * What happens on a virtual connection, told to whoever uses it. `slot` is the place of a request in flight, from 0.
 * All calls but `closed` are asynchronous to the calls that caused them.
 */
export interface ConnectionEvents {
  /** A TCP connection (with its handshakes) was made; the requests that wait for it go out now. */
  connected(): void;
  /** That TCP connection takes no more requests: it is gone, or will be when those in flight have ended. */
  closed(): void;
  /** The whole response was read. `pod` and `upstream` are the values of the attribution headers, '' when absent. */
  responded(slot: number, status: number, pod: string, upstream: string): void;
  /** The request ended without a response that can be read. `detail` is what was seen, in words. `closed` means that no byte came. */
  failed(slot: number, failure: Failure, detail: string): void;
  /** The request could not be sent by the fault of this machine (no port, no file descriptor): `code` says why. */
  refusedLocally(slot: number, code: string): void;
  /** The peer says that it did not process the request: it may go out again. */
  unprocessed(slot: number): void;
}

/**
 * One virtual connection: it takes requests over at most one TCP connection at a time, in HTTP/1.1 one in flight, in HTTP/2
 * one in each slot. Earlier TCP connections may still finish what is in flight on them.
 */
export interface Connection {
  /** Sends the request at this index in a free slot, connecting first if need be. `last` announces `connection: close`. */
  send(slot: number, request: number, last: boolean): void;
  /** Gives the request in the slot up: no event about it follows. In HTTP/1.1 that closes the TCP connection. */
  abandon(slot: number): void;
  /** The TCP connection takes no further request and is closed when nothing is in flight on it. */
  retire(): void;
  /** Closes every TCP connection. What is in flight is forgotten. */
  close(): void;
  /** Where the last request of the slot went: its place among the addresses of the target; −1 before the first one. */
  addressOf(slot: number): number;
}

/** Sends the prepared requests of a run over connections: one, or those of a mix. */
export interface Transport {
  connection(events: ConnectionEvents): Connection;
  /** The first line with this status that came, as an example. */
  statusLine(status: number): string;
}
