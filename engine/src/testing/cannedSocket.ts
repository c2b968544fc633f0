import type { OnReadOpts, Socket } from 'node:net';
import { Duplex } from 'node:stream';
import type { Connected, OpenedSocket, SocketOpener } from '../connector.ts';

/**
 * Opens sockets that answer the first request with prepared pieces of bytes, one per turn of the event loop, without a
 * network: so a response can be cut anywhere, and the cut is what the reader sees.
 */
export class CannedSockets implements SocketOpener {
  readonly #pieces: readonly Buffer[];
  readonly #closes: boolean;
  /** Settles when the last piece was delivered. */
  readonly delivered: Promise<void>;
  #delivered: () => void = () => {};

  constructor(pieces: readonly Buffer[], closes: boolean) {
    this.#pieces = pieces;
    this.#closes = closes;
    this.delivered = new Promise((resolve) => {
      this.#delivered = resolve;
    });
  }

  open(done: Connected, onread?: OnReadOpts): OpenedSocket {
    let answered = false;
    const socket = new Duplex({
      allowHalfOpen: false,
      read: () => {},
      write: (_chunk, _encoding, written) => {
        written();
        if (answered) return;
        answered = true;
        setImmediate(deliver, 0);
      },
    });
    const deliver = (index: number) => {
      if (index < this.#pieces.length) {
        if (!socket.destroyed) give(this.#pieces[index]!);
        setImmediate(deliver, index + 1);
        return;
      }
      if (this.#closes && !socket.destroyed) {
        socket.push(null);
        socket.read(0);
      }
      this.#delivered();
    };
    const give = (piece: Buffer) => {
      if (onread === undefined) {
        socket.push(piece);
        return;
      }
      const buffer = onread.buffer as Buffer;
      piece.copy(buffer);
      onread.callback(piece.length, buffer);
    };
    socket.on('error', () => {});
    setImmediate(() => done(null, 'request'));
    return { socket: socket as unknown as Socket, address: 0 };
  }
}
