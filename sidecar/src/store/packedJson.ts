import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';

const FAST = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };
/** A stored value that unpacks to more than this was not written by us. */
const MAX_UNPACKED = 512 * 1024 * 1024;

/** A JSON value as it lies in the store: zstd at its fastest level, about a tenth of the text. */
export const pack = (value: unknown): Uint8Array => zstdCompressSync(JSON.stringify(value), FAST);

/** What `pack` was given. The caller knows its type: nobody else writes these columns. */
export function unpack<T>(packed: Uint8Array): T {
  return JSON.parse(zstdDecompressSync(packed, { maxOutputLength: MAX_UNPACKED }).toString()) as T;
}
