import type { Socket } from 'node:net';
import type { FrameTemplate } from './preparedRequest.ts';

/** Frames on their way out: those of one turn of the event loop go in one write. */
export class Outbox {
  readonly #socket: Socket;
  #frames: Buffer[] = [];
  #closed = false;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  write(frame: Buffer): void {
    if (this.#frames.push(frame) === 1) process.nextTick(() => this.#flush());
  }

  /** A prepared run of frames, for this stream. */
  writeFor(stream: number, { bytes, streamAt }: FrameTemplate): void {
    const copy = Buffer.allocUnsafe(bytes.length);
    bytes.copy(copy);
    for (const at of streamAt) copy.writeUInt32BE(stream, at);
    this.write(copy);
  }

  /** Nothing goes out any more. */
  close(): void {
    this.#closed = true;
  }

  /** What is left goes out with this, and then the connection ends. */
  end(frame: Buffer): void {
    this.#closed = true;
    this.#socket.end(Buffer.concat([...this.#frames, frame]), () => this.#socket.destroy());
  }

  #flush(): void {
    const frames = this.#frames;
    this.#frames = [];
    if (this.#closed) return;
    this.#socket.write(frames.length === 1 ? frames[0]! : Buffer.concat(frames));
  }
}
