import { huffmanEncoded } from '../huffman.ts';

/** Writes frames as a server would, right or wrong: an encoder that shares nothing with the reader but the RFC. */
export function rawFrame(type: number, flags: number, stream: number, payload: Uint8Array | string = ''): Buffer {
  const body = Buffer.from(payload as Uint8Array);
  const head = Buffer.from([body.length >> 16, body.length >> 8, body.length, type, flags, 0, 0, 0, 0]);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, body]);
}

export type Field = readonly [name: string, value: string];

export interface BlockStyle {
  readonly huffman?: boolean;
  /** 0x40 with incremental indexing, 0x10 never indexed, 0x00 without. */
  readonly representation?: 0x40 | 0x10 | 0x00;
}

/** A header block of literals with literal names. */
export function block(fields: readonly Field[], { huffman = false, representation = 0 }: BlockStyle = {}): Buffer {
  const string = (text: string) => {
    const bytes = huffman ? Buffer.from(huffmanEncoded(text)) : Buffer.from(text, 'latin1');
    const mark = huffman ? 0x80 : 0;
    if (bytes.length < 127) return Buffer.concat([Buffer.of(mark | bytes.length), bytes]);
    const rest = bytes.length - 127;
    return Buffer.concat([Buffer.of(mark | 127, (rest & 127) | 128, rest >> 7), bytes]);
  };
  return Buffer.concat(fields.flatMap(([name, value]) => [Buffer.of(representation), string(name), string(value)]));
}

export const settings = (...pairs: readonly (readonly [id: number, value: number])[]) =>
  rawFrame(
    4,
    0,
    0,
    Buffer.concat(
      pairs.map(([id, value]) => {
        const bytes = Buffer.alloc(6);
        bytes.writeUInt16BE(id, 0);
        bytes.writeUInt32BE(value, 2);
        return bytes;
      })
    )
  );

export const headers = (fields: readonly Field[], flags = 4, stream = 1, style?: BlockStyle) =>
  rawFrame(1, flags, stream, block(fields, style));

export const data = (text: string, flags = 0, stream = 1) => rawFrame(0, flags, stream, Buffer.from(text));
