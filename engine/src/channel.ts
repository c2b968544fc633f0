import type { Deadlined } from './deadlineList.ts';
import type { TcpConnection, VirtualConnection } from './virtualConnection.ts';

/**
 * A place for one request in flight: the whole of a virtual connection in HTTP/1.1, one of its streams in HTTP/2. It lives
 * for the whole run and is the request's record too, so that a request allocates nothing.
 */
export class Channel implements Deadlined {
  readonly index: number;
  readonly virtual: VirtualConnection;
  /** Its place within the virtual connection. */
  readonly slot: number;
  earlier: Deadlined | null = null;
  later: Deadlined | null = null;
  inFlight = false;
  /** What the request in flight went out over; null while there is no TCP connection yet. */
  carrier: TcpConnection | null = null;
  /** Index of the request in flight among those of the run. */
  request = 0;
  /** How often it was sent again because the peer had not processed it. */
  repeats = 0;
  /** The user whose request is in flight; −1 in the open model. */
  user = -1;
  /** Milliseconds since the load began. */
  intended = 0;
  sent = 0;

  constructor(index: number, virtual: VirtualConnection, slot: number) {
    this.index = index;
    this.virtual = virtual;
    this.slot = slot;
  }
}
