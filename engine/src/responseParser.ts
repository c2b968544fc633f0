import type { Failure } from '@evenkeel/contract/failures';
import { readableLine } from './readableBytes.ts';
import { INCOMPLETE, MALFORMED, ResponseHead } from './responseHead.ts';
import type { StatusLines } from './statusLines.ts';

/** Where a response stands after some bytes. */
export type Progress = 'more' | 'done' | 'malformed';

type State =
  | 'head'
  | 'length'
  | 'close'
  | 'chunk-size'
  | 'chunk-space'
  | 'chunk-extension'
  | 'chunk-size-lf'
  | 'chunk-data'
  | 'chunk-cr'
  | 'chunk-lf'
  | 'trailer'
  | 'done';

const CR = 13;
const LF = 10;
const SPACE = 32;
const TAB = 9;
const SEMICOLON = 59;
/** A head that grows beyond this is parsed again only when its end has come: else a server that dribbles costs the square of it. */
const EAGER_HEAD_BYTES = 4096;
/** Digits of a chunk's size that still are an exact number. */
const MAX_SIZE_DIGITS = 13;

/**
 * Reads one response after another from the bytes of a connection and throws bodies away. Exact about where a response
 * ends (RFC 9112 §6.3), however the bytes are cut: content-length, chunked with trailers, 1xx before the final response,
 * 204, 304 and answers to HEAD without a body, and bodies that end with the connection.
 */
export class ResponseParser {
  readonly head: ResponseHead;
  /** Bytes behind the end of the response came with it: the connection must not be used again. */
  excess = false;
  #toHead = false;
  #state: State = 'head';
  #left = 0;
  #digits = 0;
  /** The beginning of a head or trailer that came in pieces; usually none ever does. */
  #held: Buffer | null = null;
  #heldLength = 0;
  #trailerBytes = 0;
  readonly #maxHeadBytes: number;
  #failure: Failure = 'not-http';
  #detail = '';
  #began = false;

  constructor(podHeader: string, upstreamHeader: string, maxHeadBytes: number, lines: StatusLines) {
    this.head = new ResponseHead(podHeader, upstreamHeader, lines);
    this.#maxHeadBytes = maxHeadBytes;
  }

  /** Why the response is malformed, and what was found there. */
  get failure(): Failure {
    return this.#failure;
  }

  get detail(): string {
    return this.#detail;
  }

  /** Whether any byte of the response has come. */
  get began(): boolean {
    return this.#began;
  }

  /** The next response begins. `toHead`: it is to a HEAD request and has no body. */
  start(toHead: boolean): void {
    this.#toHead = toHead;
    this.#state = 'head';
    this.#heldLength = 0;
    this.excess = false;
    this.#began = false;
  }

  /** Takes the first `length` bytes of `bytes`. Not to be called again once the response is done or malformed. */
  feed(bytes: Buffer, length: number): Progress {
    this.#began = true;
    if (this.#state !== 'head') return this.#body(bytes, 0, length);
    if (this.#heldLength === 0) return this.#heads(bytes, length);
    if (this.#heldLength + length > this.#held!.length) {
      this.#held = Buffer.concat([this.#held!.subarray(0, this.#heldLength)], this.#heldLength + length);
    }
    bytes.copy(this.#held!, this.#heldLength, 0, length);
    const total = this.#heldLength + length;
    if (
      total > EAGER_HEAD_BYTES &&
      total <= this.#maxHeadBytes &&
      !hasEmptyLine(this.#held!, this.#heldLength, total)
    ) {
      this.#heldLength = total;
      return 'more';
    }
    this.#heldLength = 0;
    return this.#heads(this.#held!, total);
  }

  #malformed(failure: Failure, detail: string): Progress {
    this.#failure = failure;
    this.#detail = detail;
    return 'malformed';
  }

  #badChunk(bytes: Buffer, at: number, to: number): Progress {
    return this.#malformed('bad-chunk', readableLine(bytes, at, to));
  }

  #tooLarge(): Progress {
    return this.#malformed('head-too-large', `more than ${this.#maxHeadBytes} bytes`);
  }

  /** The connection has ended. Says whether that was the end of the response as well. */
  finish(): boolean {
    return this.#state === 'close';
  }

  #heads(bytes: Buffer, length: number): Progress {
    let from = 0;
    for (;;) {
      const next = this.head.parse(bytes, from, length);
      if (next === MALFORMED) return this.#malformed(this.head.failure, this.head.detail);
      if (next === INCOMPLETE) return this.#hold(bytes, from, length);
      if (next - from > this.#maxHeadBytes) return this.#tooLarge();
      const { status } = this.head;
      // A protocol switch was not asked for; other 1xx announce the final response.
      if (status === 101) return this.#malformed('switched-protocol', readableLine(bytes, from, next));
      from = next;
      if (status >= 200) break;
    }
    return this.#afterHead(bytes, from, length);
  }

  #hold(bytes: Buffer, from: number, to: number): Progress {
    const length = to - from;
    if (length > this.#maxHeadBytes) return this.#tooLarge();
    if (this.#held === null || this.#held.length < length) {
      const larger = Buffer.allocUnsafe(Math.max(1024, length * 2));
      bytes.copy(larger, 0, from, to);
      this.#held = larger;
    } else {
      bytes.copy(this.#held, 0, from, to);
    }
    this.#heldLength = length;
    return 'more';
  }

  #afterHead(bytes: Buffer, from: number, to: number): Progress {
    const { head } = this;
    if (this.#toHead || head.status === 204 || head.status === 304) return this.#done(from, to);
    if (head.chunked) {
      this.#state = 'chunk-size';
      this.#left = 0;
      this.#digits = 0;
      return this.#body(bytes, from, to);
    }
    if (!head.hasTransferEncoding && head.contentLength >= 0) {
      const left = head.contentLength - (to - from);
      if (left <= 0) return this.#done(from + head.contentLength, to);
      this.#state = 'length';
      this.#left = left;
      return 'more';
    }
    head.keepAlive = false;
    this.#state = 'close';
    return 'more';
  }

  #body(bytes: Buffer, from: number, to: number): Progress {
    if (this.#state === 'close') return 'more';
    if (this.#state === 'length') {
      this.#left -= to - from;
      return this.#left <= 0 ? this.#done(to + this.#left, to) : 'more';
    }
    return this.#chunks(bytes, from, to);
  }

  #chunks(bytes: Buffer, from: number, to: number): Progress {
    let at = from;
    while (at < to) {
      const byte = bytes[at]!;
      switch (this.#state) {
        case 'chunk-size': {
          const digit = hexDigit(byte);
          if (digit >= 0) {
            if (++this.#digits > MAX_SIZE_DIGITS) return this.#badChunk(bytes, at, to);
            this.#left = this.#left * 16 + digit;
          } else if (this.#digits === 0) return this.#badChunk(bytes, at, to);
          else if (byte === CR) this.#state = 'chunk-size-lf';
          else if (byte === LF) this.#sized();
          else if (byte === SEMICOLON) this.#state = 'chunk-extension';
          // White space behind a size: old servers pad it (RFC 9112 §7.1.1 allows it before an extension).
          else if (byte === SPACE || byte === TAB) this.#state = 'chunk-space';
          else return this.#badChunk(bytes, at, to);
          at++;
          break;
        }
        case 'chunk-space':
          if (byte === CR) this.#state = 'chunk-size-lf';
          else if (byte === LF) this.#sized();
          else if (byte === SEMICOLON) this.#state = 'chunk-extension';
          else if (byte !== SPACE && byte !== TAB) return this.#badChunk(bytes, at, to);
          at++;
          break;
        case 'chunk-extension':
          if (byte === CR) this.#state = 'chunk-size-lf';
          else if (byte === LF) this.#sized();
          else if ((byte < 32 && byte !== 9) || byte === 127) return this.#badChunk(bytes, at, to);
          at++;
          break;
        case 'chunk-size-lf':
          if (byte !== LF) return this.#badChunk(bytes, at, to);
          this.#sized();
          at++;
          break;
        case 'chunk-data': {
          const taken = Math.min(this.#left, to - at);
          this.#left -= taken;
          at += taken;
          if (this.#left === 0) this.#state = 'chunk-cr';
          break;
        }
        case 'chunk-cr':
          if (byte === CR) at++;
          this.#state = 'chunk-lf';
          break;
        case 'chunk-lf':
          if (byte !== LF) return this.#badChunk(bytes, at, to);
          this.#state = 'chunk-size';
          this.#digits = 0;
          at++;
          break;
        default:
          return this.#trailer(bytes, at, to);
      }
    }
    return 'more';
  }

  /** A chunk's size is known. */
  #sized(): void {
    this.#state = this.#left === 0 ? 'trailer' : 'chunk-data';
    this.#trailerBytes = 0;
  }

  /** Trailer lines up to the empty one. Their text is not kept, so what matters is where lines begin. */
  #trailer(bytes: Buffer, from: number, to: number): Progress {
    for (let at = from; at < to; at++) {
      const byte = bytes[at]!;
      if (++this.#trailerBytes > this.#maxHeadBytes) return this.#tooLarge();
      const previous = this.#left;
      // `left` is free here: 0 at a line's start, 1 behind the CR of an empty line, 2 within a line, 3 behind its CR.
      if (byte === LF) {
        if (previous < 2) return this.#done(at + 1, to);
        this.#left = 0;
      } else if (previous === 1 || previous === 3) return this.#badChunk(bytes, at, to);
      else if (byte === CR) this.#left = previous === 0 ? 1 : 3;
      else if (byte < 32 && byte !== 9) return this.#badChunk(bytes, at, to);
      else this.#left = 2;
    }
    return 'more';
  }

  #done(end: number, to: number): Progress {
    this.#state = 'done';
    this.excess = end < to;
    return 'done';
  }
}

/** Whether a line end behind `from` (or just before it) is followed by an empty line. */
function hasEmptyLine(bytes: Buffer, from: number, to: number): boolean {
  for (let at = bytes.indexOf(LF, Math.max(0, from - 2)); at >= 0 && at < to; at = bytes.indexOf(LF, at + 1)) {
    if (at + 1 < to && bytes[at + 1] === LF) return true;
    if (at + 2 < to && bytes[at + 1] === CR && bytes[at + 2] === LF) return true;
  }
  return false;
}

function hexDigit(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48;
  const lower = byte | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
}
