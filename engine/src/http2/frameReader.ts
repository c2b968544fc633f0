import { FLAG, FRAME, FRAME_HEAD_BYTES, MAX_FRAME_BYTES } from './frames.ts';

/** What a reader does with the frames that it finds. Returning false ends the reading: the peer broke the rules. */
export interface FrameListener {
  /** A whole frame of any kind but data; its payload lies between two places of `bytes`, only for the call. */
  onFrame(type: number, flags: number, stream: number, bytes: Buffer, from: number, to: number): boolean;
  /** A data frame begins, with so many bytes, of which `padding` are no content. */
  onData(stream: number, bytes: number, padding: number): boolean;
  /** A data frame has come whole. */
  onDataEnd(stream: number, last: boolean): boolean;
}

/** Cuts the bytes of a connection into frames, however they come; what data frames hold is thrown away unread. */
export class FrameReader {
  readonly #listener: FrameListener;
  #skip = 0;
  #dataStream = 0;
  #dataLast = false;
  /** The beginning of a frame that came in pieces; usually none ever does. */
  #held: Buffer | null = null;
  #heldBytes = 0;

  constructor(listener: FrameListener) {
    this.#listener = listener;
  }

  /** Takes the first `length` bytes of `bytes`. False: the connection is to be given up. */
  feed(bytes: Buffer, length: number): boolean {
    if (this.#heldBytes === 0) return this.#read(bytes, length);
    const total = this.#heldBytes + length;
    if (total > this.#held!.length) this.#held = Buffer.concat([this.#held!.subarray(0, this.#heldBytes)], total);
    bytes.copy(this.#held!, this.#heldBytes, 0, length);
    this.#heldBytes = 0;
    return this.#read(this.#held!, total);
  }

  #read(bytes: Buffer, to: number): boolean {
    let at = 0;
    for (;;) {
      if (this.#skip > 0) {
        const skipped = Math.min(this.#skip, to - at);
        this.#skip -= skipped;
        at += skipped;
        if (this.#skip > 0) return true;
        if (!this.#listener.onDataEnd(this.#dataStream, this.#dataLast)) return false;
      }
      if (to - at < FRAME_HEAD_BYTES) break;
      const size = (bytes[at]! << 16) | (bytes[at + 1]! << 8) | bytes[at + 2]!;
      if (size > MAX_FRAME_BYTES) return false;
      const type = bytes[at + 3]!;
      const flags = bytes[at + 4]!;
      const stream = bytes.readUInt32BE(at + 5) & 0x7fff_ffff;
      const payload = at + FRAME_HEAD_BYTES;
      if (type === FRAME.data) {
        const padded = (flags & FLAG.padded) !== 0;
        if (padded && size > 0 && to === payload) break;
        const padding = padded ? bytes[payload]! + 1 : 0;
        if ((padded && size === 0) || padding > size) return false;
        if (!this.#listener.onData(stream, size, padding)) return false;
        this.#dataStream = stream;
        this.#dataLast = (flags & FLAG.endStream) !== 0;
        this.#skip = size;
        at = payload;
        if (size === 0 && !this.#listener.onDataEnd(stream, this.#dataLast)) return false;
        continue;
      }
      if (to - payload < size) break;
      at = payload + size;
      if (!this.#listener.onFrame(type, flags, stream, bytes, payload, at)) return false;
    }
    this.#hold(bytes, at, to);
    return true;
  }

  #hold(bytes: Buffer, from: number, to: number): void {
    const length = to - from;
    if (length === 0) return;
    if (bytes === this.#held) {
      bytes.copyWithin(0, from, to);
    } else {
      if (this.#held === null || this.#held.length < length)
        this.#held = Buffer.allocUnsafe(Math.max(1024, length * 2));
      bytes.copy(this.#held, 0, from, to);
    }
    this.#heldBytes = length;
  }
}
