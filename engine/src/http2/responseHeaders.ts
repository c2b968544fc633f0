import type { Failure } from '@evenkeel/contract/failures';
import { huffmanDecoded, huffmanEncoded } from './huffman.ts';
import { STATIC_TABLE } from './staticTable.ts';

const ZERO = 48;
const COLON = 58;
/** The seven bits of a colon at the beginning of a Huffman string. */
const HUFFMAN_COLON = huffmanEncoded(':')[0]! >> 1;
const LAST_PSEUDO = STATIC_TABLE.findLastIndex(([name]) => name.startsWith(':'));

/** A name as it may stand in a header block. */
interface WantedName {
  readonly plain: Uint8Array;
  readonly huffman: Uint8Array;
  /** First and last index in the static table; 0 when it is not there. */
  readonly first: number;
  readonly last: number;
}

function wanted(name: string): WantedName {
  const indices = STATIC_TABLE.flatMap(([entry], index) => (name !== '' && entry === name ? [index] : []));
  return {
    plain: Uint8Array.from(name, (character) => character.charCodeAt(0)),
    huffman: huffmanEncoded(name),
    first: indices[0] ?? 0,
    last: indices.at(-1) ?? 0,
  };
}

const STATUS = wanted(':status');
const CONTENT_LENGTH = wanted('content-length');

/**
 * The header block of a response (HPACK, RFC 7541), of which only what framing and attribution need is kept. We allow the
 * peer no dynamic table, so each block stands for itself and what is not wanted is skipped without decoding.
 */
export class ResponseHeaders {
  status = 0;
  /** Values of the attribution headers, '' when absent; repeated ones joined by ", ". */
  pod = '';
  upstream = '';
  /** −1 when the header is absent. */
  contentLength = -1;
  /** Why the last block was refused, and what was wrong. */
  failure: Failure = 'http2-protocol';
  detail = '';
  readonly #pod: WantedName;
  readonly #upstream: WantedName;
  #bytes: Buffer = Buffer.alloc(0);
  #at = 0;
  #to = 0;

  /** Lower-case header names; '' for none. */
  constructor(podHeader: string, upstreamHeader: string) {
    this.#pod = wanted(podHeader);
    this.#upstream = wanted(upstreamHeader);
  }

  /** False when it is no header block, refers to a dynamic table, or has not exactly one status, before all else. */
  parse(bytes: Buffer, from: number, to: number): boolean {
    this.status = 0;
    this.pod = '';
    this.upstream = '';
    this.contentLength = -1;
    this.failure = 'http2-protocol';
    this.detail = 'a header block that cannot be read';
    this.#bytes = bytes;
    this.#at = from;
    this.#to = to;
    while (this.#at < to) if (!this.#field()) return false;
    if (this.status === 0) this.detail = 'a header block without a status';
    return this.status !== 0;
  }

  #field(): boolean {
    const byte = this.#bytes[this.#at]!;
    if (byte & 0x80) return this.#indexed(this.#integer(7));
    // With incremental indexing, without, never: the same to us.
    if (byte & 0x40) return this.#literal(this.#integer(6));
    // A new size of the dynamic table: it must stay empty.
    if (byte & 0x20) return this.#integer(5) === 0;
    return this.#literal(this.#integer(4));
  }

  #indexed(index: number): boolean {
    const entry = STATIC_TABLE[index];
    if (index < 1 || entry === undefined) return false;
    return this.#take(index, -1, -1, entry[1]);
  }

  #literal(index: number): boolean {
    if (index < 0 || index >= STATIC_TABLE.length) return false;
    if (index > 0) return this.#take(index, -1, -1, null);
    const start = this.#at;
    return this.#skipString() && this.#take(0, start, this.#at, null);
  }

  /** A field named by an index, or by the string between two places; its value is given or comes next. */
  #take(index: number, nameFrom: number, nameTo: number, given: string | null): boolean {
    if (this.#is(STATUS, index, nameFrom, nameTo)) {
      if (this.status !== 0) return false;
      this.status = statusOf(given ?? this.#string());
      return this.status !== 0;
    }
    // Pseudo headers other than the status have no place in a response, and none may follow a field.
    if (this.status === 0 || this.#isPseudo(index, nameFrom)) return false;
    const pod = this.#is(this.#pod, index, nameFrom, nameTo);
    const upstream = this.#is(this.#upstream, index, nameFrom, nameTo);
    if (pod || upstream) {
      const value = given ?? this.#string();
      if (value === null) return false;
      if (pod) this.pod = joined(this.pod, value);
      if (upstream) this.upstream = joined(this.upstream, value);
      return true;
    }
    if (this.#is(CONTENT_LENGTH, index, nameFrom, nameTo)) {
      const value = given ?? this.#string();
      return value !== null && this.#takeLength(value);
    }
    return given !== null || this.#skipString();
  }

  /** A list of equal lengths, or equal lengths in turn, is one length (RFC 9110 §8.6). */
  #takeLength(value: string): boolean {
    for (const item of value.split(',')) {
      const digits = item.trim();
      const length = /^\d{1,15}$/.test(digits) ? Number(digits) : -1;
      if (length < 0 || (this.contentLength >= 0 && this.contentLength !== length)) {
        this.failure = 'bad-length';
        this.detail = `content-length: ${value.slice(0, 40)}`;
        return false;
      }
      this.contentLength = length;
    }
    return true;
  }

  #isPseudo(index: number, nameFrom: number): boolean {
    if (index > 0) return index <= LAST_PSEUDO;
    const huffman = (this.#bytes[nameFrom]! & 0x80) !== 0;
    const first = this.#bytes[nameFrom + 1]!;
    return huffman ? first >> 1 === HUFFMAN_COLON : first === COLON;
  }

  #is(name: WantedName, index: number, from: number, to: number): boolean {
    if (index > 0) return index >= name.first && index <= name.last;
    const bytes = this.#bytes;
    const expected = (bytes[from]! & 0x80) !== 0 ? name.huffman : name.plain;
    // Names of up to 126 bytes have their length in one byte; longer ones are nobody's that is looked for here.
    if (expected.length === 0 || to - from - 1 !== expected.length) return false;
    for (let i = 0; i < expected.length; i++) if (bytes[from + 1 + i] !== expected[i]) return false;
    return true;
  }

  /** An integer whose first byte holds `prefix` bits of it (RFC 7541 §5.1); −1 when it is cut off or beyond reason. */
  #integer(prefix: number): number {
    const bytes = this.#bytes;
    const full = (1 << prefix) - 1;
    let value = bytes[this.#at++]! & full;
    if (value < full) return value;
    for (let shift = 0; shift <= 21; shift += 7) {
      if (this.#at >= this.#to) return -1;
      const byte = bytes[this.#at++]!;
      value += (byte & 127) << shift;
      if (byte < 128) return value;
    }
    return -1;
  }

  #skipString(): boolean {
    if (this.#at >= this.#to) return false;
    const length = this.#integer(7);
    this.#at += length;
    return length >= 0 && this.#at <= this.#to;
  }

  #string(): string | null {
    if (this.#at >= this.#to) return null;
    const huffman = (this.#bytes[this.#at]! & 0x80) !== 0;
    const length = this.#integer(7);
    const from = this.#at;
    this.#at += length;
    if (length < 0 || this.#at > this.#to) return null;
    if (huffman) return huffmanDecoded(this.#bytes, from, this.#at);
    return this.#bytes.toString('latin1', from, this.#at);
  }
}

function statusOf(text: string | null): number {
  if (text === null || text.length !== 3) return 0;
  const hundreds = text.charCodeAt(0) - ZERO;
  const tens = text.charCodeAt(1) - ZERO;
  const ones = text.charCodeAt(2) - ZERO;
  if (hundreds < 1 || hundreds > 9 || tens < 0 || tens > 9 || ones < 0 || ones > 9) return 0;
  return hundreds * 100 + tens * 10 + ones;
}

function joined(before: string, value: string): string {
  return before === '' ? value : `${before}, ${value}`;
}
