import type { Failure } from '@evenkeel/contract/failures';
import { readableLine } from './readableBytes.ts';
import type { StatusLines } from './statusLines.ts';

/** What `parse` returns instead of the index behind the head. */
export const INCOMPLETE = -1;
export const MALFORMED = -2;

const CR = 13;
const LF = 10;
const SPACE = 32;
const TAB = 9;
const COLON = 58;
const ZERO = 48;
/** Digits of a length that still is an exact number. */
const MAX_LENGTH_DIGITS = 15;

const TOKEN_BYTES = new Uint8Array(256);
for (const character of "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") {
  TOKEN_BYTES[character.charCodeAt(0)] = 1;
}
/** Bytes of a header value: visible ones, space, tab, and everything above ASCII. */
const VALUE_BYTES = new Uint8Array(256).fill(1, SPACE).fill(0, 127, 128);
VALUE_BYTES[TAB] = 1;

const LOWER = Uint8Array.from({ length: 256 }, (_, byte) => (byte >= 65 && byte <= 90 ? byte + 32 : byte));

const HTTP = bytesOf('HTTP/');
const CONTENT_LENGTH = bytesOf('content-length');
const TRANSFER_ENCODING = bytesOf('transfer-encoding');
const CONNECTION = bytesOf('connection');
const KEEP_ALIVE = bytesOf('keep-alive');

function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/**
 * Status line and headers of an HTTP/1.x response (RFC 9112), of which only what framing and attribution need is kept. As lenient
 * as the RFC allows a client to be and others are: lines may end with LF alone (§2.2), folded headers are unfolded (§5.2), equal
 * lengths may be repeated (RFC 9110 §8.6). Spaces before the colon, other control characters, differing lengths, and a length
 * beside a coding are refused.
 */
export class ResponseHead {
  status = 0;
  /** Values of the attribution headers, '' when absent; repeated ones joined by ", ". */
  pod = '';
  upstream = '';
  /** −1 when the header is absent. */
  contentLength = -1;
  hasTransferEncoding = false;
  /** The last transfer coding is `chunked`. */
  chunked = false;
  keepAlive = true;
  /** Why the last head was MALFORMED, and what was found there. */
  failure: Failure = 'not-http';
  detail = '';
  readonly #podHeader: Uint8Array;
  readonly #upstreamHeader: Uint8Array;
  readonly #lines: StatusLines;

  /** Lower-case header names; '' for none. The first line of each status is noted in `lines`. */
  constructor(podHeader: string, upstreamHeader: string, lines: StatusLines) {
    this.#podHeader = bytesOf(podHeader);
    this.#upstreamHeader = bytesOf(upstreamHeader);
    this.#lines = lines;
  }

  /** Parses a head that begins at `from`. Returns the index behind it, INCOMPLETE or MALFORMED. Can be tried again with more. */
  parse(bytes: Buffer, from: number, to: number): number {
    this.pod = '';
    this.upstream = '';
    this.contentLength = -1;
    this.hasTransferEncoding = false;
    this.chunked = false;
    let at = this.#statusLine(bytes, from, to);
    while (at >= 0) {
      if (at >= to) return INCOMPLETE;
      if (bytes[at] === LF) return at + 1;
      if (bytes[at] === CR) {
        if (at + 1 >= to) return INCOMPLETE;
        return bytes[at + 1] === LF ? at + 2 : this.#bad('bad-header', bytes, at, to);
      }
      at = this.#header(bytes, at, to);
    }
    return at;
  }

  #statusLine(bytes: Buffer, from: number, to: number): number {
    for (let i = 0; i < HTTP.length; i++) {
      if (from + i >= to) return INCOMPLETE;
      if (bytes[from + i] !== HTTP[i]) return this.#bad('not-http', bytes, from, to);
    }
    // "HTTP/1.1 200" and the byte behind it.
    const line = from + HTTP.length;
    if (line + 8 > to) return this.#partialStatusLine(bytes, from, line, to);
    if (!isVersion(bytes, line) || bytes[line + 3] !== SPACE) return this.#bad('not-http', bytes, from, to);
    this.keepAlive = bytes[line + 2] === ZERO + 1;
    const hundreds = bytes[line + 4]! - ZERO;
    const tens = bytes[line + 5]! - ZERO;
    const ones = bytes[line + 6]! - ZERO;
    if (hundreds < 1 || hundreds > 9 || tens < 0 || tens > 9 || ones < 0 || ones > 9) {
      return this.#bad('not-http', bytes, from, to);
    }
    this.status = hundreds * 100 + tens * 10 + ones;
    let at = line + 7;
    const behind = bytes[at];
    if (behind !== SPACE && behind !== CR && behind !== LF) return this.#bad('not-http', bytes, from, to);
    while (at < to && bytes[at] !== CR && bytes[at] !== LF) at++;
    const next = lineEnd(bytes, at, to);
    if (next === MALFORMED) return this.#bad('not-http', bytes, from, to);
    if (next > 0 && !this.#lines.isKnown(this.status)) this.#lines.note(this.status, text(bytes, from, at));
    return next;
  }

  #bad(failure: Failure, bytes: Buffer, from: number, to: number): number {
    this.failure = failure;
    this.detail = readableLine(bytes, from, to);
    return MALFORMED;
  }

  /** A status line that stops within its fixed part: it may already be wrong. */
  #partialStatusLine(bytes: Buffer, from: number, line: number, to: number): number {
    for (let at = line; at < to; at++) {
      const byte = bytes[at]!;
      const place = at - line;
      const digit = byte >= ZERO && byte <= ZERO + 9;
      const wrong =
        (place === 1 ? byte !== 46 : place === 3 ? byte !== SPACE : !digit) ||
        (place === 2 && !isVersion(bytes, line)) ||
        (place === 4 && byte === ZERO);
      if (wrong) return this.#bad('not-http', bytes, from, to);
    }
    return INCOMPLETE;
  }

  #header(bytes: Buffer, from: number, to: number): number {
    let at = from;
    while (at < to && TOKEN_BYTES[bytes[at]!] === 1) at++;
    if (at >= to) return INCOMPLETE;
    if (bytes[at] !== COLON || at === from) return this.#bad('bad-header', bytes, from, to);
    const nameLength = at - from;
    at++;
    while (at < to && (bytes[at] === SPACE || bytes[at] === TAB)) at++;
    const start = at;
    while (at < to && VALUE_BYTES[bytes[at]!] === 1) at++;
    const next = lineEnd(bytes, at, to);
    if (next === MALFORMED) return this.#bad('bad-header', bytes, from, to);
    // The next line may go on with this one.
    if (next < 0 || next >= to) return INCOMPLETE;
    if (bytes[next] === SPACE || bytes[next] === TAB) return this.#folded(bytes, from, to);
    if (nameLength === this.#podHeader.length && named(bytes, from, this.#podHeader)) {
      this.pod = joined(this.pod, text(bytes, start, at));
    }
    if (nameLength === this.#upstreamHeader.length && named(bytes, from, this.#upstreamHeader)) {
      this.upstream = joined(this.upstream, text(bytes, start, at));
    }
    if (nameLength === CONTENT_LENGTH.length && named(bytes, from, CONTENT_LENGTH)) {
      return this.#contentLength(bytes, start, at) ? next : this.#badLength(bytes, from, to);
    }
    if (nameLength === TRANSFER_ENCODING.length && named(bytes, from, TRANSFER_ENCODING)) {
      if (this.contentLength >= 0) return this.#bad('length-and-coding', bytes, from, to);
      this.hasTransferEncoding = true;
      this.chunked = /(^|,)[ \t]*chunked$/i.test(text(bytes, start, at));
    } else if (nameLength === CONNECTION.length && named(bytes, from, CONNECTION)) {
      // What nearly every server says needs no string.
      if (at - start === KEEP_ALIVE.length && named(bytes, start, KEEP_ALIVE)) this.keepAlive = true;
      else this.#connection(text(bytes, start, at));
    }
    return next;
  }

  /** A header that goes on in further lines: each line end with the white space behind it stands for a space (RFC 9112 §5.2). */
  #folded(bytes: Buffer, from: number, to: number): number {
    let end = from;
    for (;;) {
      const feed = bytes.indexOf(LF, end);
      if (feed < 0 || feed + 1 >= to) return INCOMPLETE;
      end = feed + 1;
      if (bytes[end] !== SPACE && bytes[end] !== TAB) break;
    }
    const unfolded = bytes.toString('latin1', from, end).replace(/\r?\n[ \t]+/g, ' ');
    // One byte more shows that no further line belongs to it.
    const line = Buffer.from(`${unfolded}.`, 'latin1');
    return this.#header(line, 0, line.length) === MALFORMED ? MALFORMED : end;
  }

  #contentLength(bytes: Buffer, from: number, to: number): boolean {
    if (this.hasTransferEncoding) return false;
    // What nearly every server says needs no string.
    if (this.contentLength < 0 && from < to && to - from <= MAX_LENGTH_DIGITS) {
      let length = 0;
      let at = from;
      for (let digit = bytes[at]! - ZERO; at < to && digit >= 0 && digit <= 9; digit = bytes[++at]! - ZERO) {
        length = length * 10 + digit;
      }
      if (at === to) {
        this.contentLength = length;
        return true;
      }
    }
    // A list of equal lengths is one length (RFC 9110 §8.6).
    for (const item of text(bytes, from, to).split(',')) {
      const digits = item.trim();
      const length = /^\d{1,15}$/.test(digits) ? Number(digits) : -1;
      if (length < 0 || (this.contentLength >= 0 && this.contentLength !== length)) return false;
      this.contentLength = length;
    }
    return true;
  }

  #badLength(bytes: Buffer, from: number, to: number): number {
    return this.#bad(this.hasTransferEncoding ? 'length-and-coding' : 'bad-length', bytes, from, to);
  }

  #connection(value: string): void {
    for (const option of value.toLowerCase().split(',')) {
      const name = option.trim();
      if (name === 'close') this.keepAlive = false;
      else if (name === 'keep-alive') this.keepAlive = true;
    }
  }
}

function isVersion(bytes: Buffer, at: number): boolean {
  return bytes[at] === ZERO + 1 && bytes[at + 1] === 46 && (bytes[at + 2] === ZERO + 1 || bytes[at + 2] === ZERO);
}

function lineEnd(bytes: Buffer, at: number, to: number): number {
  if (at >= to) return INCOMPLETE;
  if (bytes[at] === LF) return at + 1;
  if (bytes[at] !== CR) return MALFORMED;
  if (at + 1 >= to) return INCOMPLETE;
  return bytes[at + 1] === LF ? at + 2 : MALFORMED;
}

function named(bytes: Buffer, at: number, name: Uint8Array): boolean {
  for (let i = 0; i < name.length; i++) if (LOWER[bytes[at + i]!] !== name[i]) return false;
  return true;
}

/** A header value without the white space behind it. */
function text(bytes: Buffer, from: number, to: number): string {
  let end = to;
  while (end > from && (bytes[end - 1] === SPACE || bytes[end - 1] === TAB)) end--;
  return bytes.toString('latin1', from, end);
}

function joined(before: string, value: string): string {
  return before === '' ? value : `${before}, ${value}`;
}
