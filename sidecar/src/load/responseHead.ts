/** What `parseHead` returns instead of the index behind the head. */
export const INCOMPLETE = -1;
export const MALFORMED = -2;

/** Bounds of one response's head. */
export const MAX_HEAD_BYTES = 16_384;
export const MAX_HEADER_COUNT = 1000;

const CR = 13;
const LF = 10;
const SPACE = 32;
const TAB = 9;
const COLON = 58;
const ZERO = 48;

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
 * Status line and headers of an HTTP/1.x response (RFC 9112), of which only what framing and attribution need is kept.
 * Strict: line ends are CRLF, folded headers, spaces before the colon and control characters are refused.
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
  readonly #podHeader: Uint8Array;
  readonly #upstreamHeader: Uint8Array;

  /** Lower-case header names; '' for none. */
  constructor(podHeader: string, upstreamHeader: string) {
    this.#podHeader = bytesOf(podHeader);
    this.#upstreamHeader = bytesOf(upstreamHeader);
  }

  /** Parses a head that begins at `from`. Returns the index behind it, INCOMPLETE or MALFORMED. Can be tried again with more. */
  parse(bytes: Buffer, from: number, to: number): number {
    this.pod = '';
    this.upstream = '';
    this.contentLength = -1;
    this.hasTransferEncoding = false;
    this.chunked = false;
    let at = this.#statusLine(bytes, from, to);
    for (let count = 0; at >= 0; count++) {
      if (at >= to) return INCOMPLETE;
      if (bytes[at] === CR) {
        if (at + 1 >= to) return INCOMPLETE;
        return bytes[at + 1] === LF ? at + 2 : MALFORMED;
      }
      if (count >= MAX_HEADER_COUNT) return MALFORMED;
      at = this.#header(bytes, at, to);
    }
    return at;
  }

  #statusLine(bytes: Buffer, from: number, to: number): number {
    for (let i = 0; i < HTTP.length; i++) {
      if (from + i >= to) return INCOMPLETE;
      if (bytes[from + i] !== HTTP[i]) return MALFORMED;
    }
    // "HTTP/1.1 200" and the byte behind it.
    const line = from + HTTP.length;
    if (line + 8 > to) return this.#partialStatusLine(bytes, line, to);
    if (!isVersion(bytes, line) || bytes[line + 3] !== SPACE) return MALFORMED;
    this.keepAlive = bytes[line + 2] === ZERO + 1;
    const hundreds = bytes[line + 4]! - ZERO;
    const tens = bytes[line + 5]! - ZERO;
    const ones = bytes[line + 6]! - ZERO;
    if (hundreds < 1 || hundreds > 9 || tens < 0 || tens > 9 || ones < 0 || ones > 9) return MALFORMED;
    this.status = hundreds * 100 + tens * 10 + ones;
    let at = line + 7;
    if (bytes[at] !== SPACE && bytes[at] !== CR) return MALFORMED;
    while (at < to && bytes[at] !== CR) {
      if (bytes[at] === LF) return MALFORMED;
      at++;
    }
    return lineEnd(bytes, at, to);
  }

  /** A status line that stops within its fixed part: it may already be wrong. */
  #partialStatusLine(bytes: Buffer, line: number, to: number): number {
    for (let at = line; at < to; at++) {
      const byte = bytes[at]!;
      const place = at - line;
      const digit = byte >= ZERO && byte <= ZERO + 9;
      if (place === 1 ? byte !== 46 : place === 3 ? byte !== SPACE : !digit) return MALFORMED;
      if (place === 2 && !isVersion(bytes, line)) return MALFORMED;
      if (place === 4 && byte === ZERO) return MALFORMED;
    }
    return INCOMPLETE;
  }

  #header(bytes: Buffer, from: number, to: number): number {
    let at = from;
    while (at < to && TOKEN_BYTES[bytes[at]!] === 1) at++;
    if (at >= to) return INCOMPLETE;
    if (bytes[at] !== COLON || at === from) return MALFORMED;
    const nameLength = at - from;
    at++;
    while (at < to && (bytes[at] === SPACE || bytes[at] === TAB)) at++;
    const start = at;
    while (at < to && VALUE_BYTES[bytes[at]!] === 1) at++;
    const next = lineEnd(bytes, at, to);
    if (next < 0) return next;
    if (nameLength === this.#podHeader.length && named(bytes, from, this.#podHeader)) {
      this.pod = joined(this.pod, text(bytes, start, at));
    }
    if (nameLength === this.#upstreamHeader.length && named(bytes, from, this.#upstreamHeader)) {
      this.upstream = joined(this.upstream, text(bytes, start, at));
    }
    if (nameLength === CONTENT_LENGTH.length && named(bytes, from, CONTENT_LENGTH)) {
      return this.#contentLength(bytes, start, at) ? next : MALFORMED;
    }
    if (nameLength === TRANSFER_ENCODING.length && named(bytes, from, TRANSFER_ENCODING)) {
      if (this.contentLength >= 0) return MALFORMED;
      this.hasTransferEncoding = true;
      this.chunked = /(^|,)[ \t]*chunked$/i.test(text(bytes, start, at));
    } else if (nameLength === CONNECTION.length && named(bytes, from, CONNECTION)) {
      // What nearly every server says needs no string.
      if (at - start === KEEP_ALIVE.length && named(bytes, start, KEEP_ALIVE)) this.keepAlive = true;
      else this.#connection(text(bytes, start, at));
    }
    return next;
  }

  #contentLength(bytes: Buffer, from: number, to: number): boolean {
    let end = to;
    while (end > from && (bytes[end - 1] === SPACE || bytes[end - 1] === TAB)) end--;
    // Two lengths, or a length beside a coding, are how responses are smuggled.
    if (this.contentLength >= 0 || this.hasTransferEncoding || end === from || end - from > 15) return false;
    let length = 0;
    for (let at = from; at < end; at++) {
      const digit = bytes[at]! - ZERO;
      if (digit < 0 || digit > 9) return false;
      length = length * 10 + digit;
    }
    this.contentLength = length;
    return true;
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
