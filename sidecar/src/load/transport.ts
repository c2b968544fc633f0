/** What happens on a connection, told to whoever uses it. All calls are asynchronous to the calls that caused them. */
export interface ConnectionEvents {
  /** A TCP connection (and its TLS handshake) was made; the request that waits for it goes out now. */
  connected(): void;
  /**
   * The whole response was read. `pod` and `upstream` are the values of the attribution headers, '' when absent.
   * `reusable` is false when the peer closes the connection behind this response.
   */
  responded(status: number, pod: string, upstream: string, reusable: boolean): void;
  /** The request ended without a response. `outcome` is the index in OUTCOMES. */
  failed(outcome: number): void;
  /** The request could not be sent by the fault of this machine (no port, no file descriptor): `code` says why. */
  refusedLocally(code: string): void;
  /** An idle connection was closed by the peer. */
  closed(): void;
}

/** One virtual connection: at most one TCP connection at a time, at most one request in flight. */
export interface Connection {
  /** Sends the request at this index, opening a TCP connection first if there is none. `last` announces `connection: close`. */
  send(request: number, last: boolean): void;
  /** Closes the TCP connection, if any. A request in flight is forgotten: no event follows. */
  disconnect(): void;
}

/** Sends the prepared requests of a run over connections: one, or those of a mix. */
export interface Transport {
  connection(events: ConnectionEvents): Connection;
}
