import { FLAG } from './frames.ts';

/** Told of a whole header block; it lies between two places of `bytes`, only for the call. */
export type BlockListener = (stream: number, last: boolean, bytes: Buffer, from: number, to: number) => void;

/** Puts header blocks together that come in several frames. Its methods return false when the peer broke the rules. */
export class HeaderBlocks {
  readonly #listener: BlockListener;
  readonly #maxBytes: number;
  /** The block that was given up is larger than is read. */
  tooLarge = false;
  #unfinished: { readonly stream: number; readonly last: boolean; readonly parts: Buffer[]; bytes: number } | null =
    null;

  /** A header block in several frames may grow to `maxBytes`. */
  constructor(maxBytes: number, listener: BlockListener) {
    this.#maxBytes = maxBytes;
    this.#listener = listener;
  }

  /** The stream whose block goes on in the next frame, which must be a continuation; 0 for none. */
  get unfinished(): number {
    return this.#unfinished?.stream ?? 0;
  }

  onHeaders(flags: number, stream: number, bytes: Buffer, from: number, to: number): boolean {
    const padded = (flags & FLAG.padded) !== 0;
    const start = from + (padded ? 1 : 0) + (flags & FLAG.priority ? 5 : 0);
    const end = to - (padded ? bytes[from]! : 0);
    if (end < start) return false;
    const last = (flags & FLAG.endStream) !== 0;
    if (flags & FLAG.endHeaders) this.#listener(stream, last, bytes, start, end);
    else this.#unfinished = { stream, last, parts: [Buffer.from(bytes.subarray(start, end))], bytes: end - start };
    return true;
  }

  onContinuation(flags: number, bytes: Buffer, from: number, to: number): boolean {
    const block = this.#unfinished;
    if (block === null) return false;
    block.parts.push(Buffer.from(bytes.subarray(from, to)));
    block.bytes += to - from;
    if (block.bytes > this.#maxBytes) {
      this.tooLarge = true;
      return false;
    }
    if ((flags & FLAG.endHeaders) === 0) return true;
    this.#unfinished = null;
    this.#listener(block.stream, block.last, Buffer.concat(block.parts), 0, block.bytes);
    return true;
  }
}
