import { DEFAULT_WINDOW, FLAG, FRAME, FRAME_HEAD_BYTES, frame, LARGEST_WINDOW, MAX_FRAME_BYTES } from './frames.ts';
import type { Outbox } from './outbox.ts';
import type { Stream } from './stream.ts';

/** Sends the bodies of requests as fast as the windows of the peer allow: one for each stream, and one for all (RFC 9113 §5.2). */
export class BodySender {
  readonly #outbox: Outbox;
  readonly #streams: ReadonlyMap<number, Stream>;
  /** What a new stream may send at first. */
  #streamWindow = DEFAULT_WINDOW;
  #connectionWindow = DEFAULT_WINDOW;

  constructor(outbox: Outbox, streams: ReadonlyMap<number, Stream>) {
    this.#outbox = outbox;
    this.#streams = streams;
  }

  begin(stream: Stream): void {
    stream.window = this.#streamWindow;
    this.#send(stream);
  }

  /** The peer sets the window of new streams; those in flight move by the difference. False when it is beyond the largest. */
  setStreamWindow(bytes: number): boolean {
    if (bytes > LARGEST_WINDOW) return false;
    for (const stream of this.#streams.values()) stream.window += bytes - this.#streamWindow;
    this.#streamWindow = bytes;
    this.#sendAll();
    return true;
  }

  grow(stream: Stream, bytes: number): void {
    stream.window += bytes;
    this.#send(stream);
  }

  /** False when the window would be beyond the largest. */
  growConnection(bytes: number): boolean {
    this.#connectionWindow += bytes;
    if (this.#connectionWindow > LARGEST_WINDOW) return false;
    this.#sendAll();
    return true;
  }

  #sendAll(): void {
    for (const stream of this.#streams.values()) this.#send(stream);
  }

  #send(stream: Stream): void {
    const { body } = stream.request;
    while (stream.bodySent < body.length) {
      const bytes = Math.min(body.length - stream.bodySent, stream.window, this.#connectionWindow, MAX_FRAME_BYTES);
      if (bytes <= 0) return;
      const end = stream.bodySent + bytes;
      const data = frame(FRAME.data, end === body.length ? FLAG.endStream : 0, stream.id, bytes);
      body.copy(data, FRAME_HEAD_BYTES, stream.bodySent, end);
      this.#outbox.write(data);
      stream.bodySent = end;
      stream.window -= bytes;
      this.#connectionWindow -= bytes;
    }
  }
}
