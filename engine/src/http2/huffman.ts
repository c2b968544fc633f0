/**
 * Lengths in bits of the Huffman codes of HPACK (RFC 7541, appendix B), for the bytes 0 to 255 and the end of string. The
 * code is canonical: codes of one length follow each other in the order of their symbols, so the lengths say all.
 */
const LENGTHS = [
  13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28,
  28, 28, 28, 6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10,
  13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6, 15, 5, 6, 5, 6,
  5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, 6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28, 20, 22, 20, 20, 22, 22, 22, 23,
  22, 23, 23, 23, 23, 23, 24, 23, 24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24, 22, 21, 20, 22, 22,
  23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23, 26, 26,
  20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25, 19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27,
  27, 20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23, 26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27,
  27, 27, 27, 26, 30,
];

const LONGEST = 30;
const END_OF_STRING = 256;

/** Symbols in the order of their codes, and for each length the first code and the place of its symbol. */
const SYMBOLS = Array.from(LENGTHS.keys()).sort((a, b) => LENGTHS[a]! - LENGTHS[b]! || a - b);
const COUNTS = new Int32Array(LONGEST + 1);
for (const length of LENGTHS) COUNTS[length]!++;
const FIRST_CODES = new Int32Array(LONGEST + 1);
const FIRST_PLACES = new Int32Array(LONGEST + 1);
for (let length = 1; length <= LONGEST; length++) {
  FIRST_CODES[length] = (FIRST_CODES[length - 1]! + COUNTS[length - 1]!) << 1;
  FIRST_PLACES[length] = FIRST_PLACES[length - 1]! + COUNTS[length - 1]!;
}
const CODES = new Int32Array(LENGTHS.length);
SYMBOLS.forEach((symbol, place) => {
  const length = LENGTHS[symbol]!;
  CODES[symbol] = FIRST_CODES[length]! + place - FIRST_PLACES[length]!;
});

/** Decodes to latin1 text; null when the bytes are no Huffman string: a wrong padding, or the end of string within. */
export function huffmanDecoded(bytes: Uint8Array, from: number, to: number): string | null {
  let text = '';
  let code = 0;
  let length = 0;
  for (let at = from; at < to; at++) {
    const byte = bytes[at]!;
    for (let bit = 7; bit >= 0; bit--) {
      code = (code << 1) | ((byte >> bit) & 1);
      length++;
      const offset = code - FIRST_CODES[length]!;
      if (offset < COUNTS[length]!) {
        const symbol = SYMBOLS[FIRST_PLACES[length]! + offset]!;
        if (symbol === END_OF_STRING) return null;
        text += String.fromCharCode(symbol);
        code = 0;
        length = 0;
      }
    }
  }
  // What is left over is the beginning of the end of string: ones, fewer than a byte.
  return length < 8 && code === (1 << length) - 1 ? text : null;
}

export function huffmanEncoded(text: string): Uint8Array {
  const bytes: number[] = [];
  let held = 0;
  let length = 0;
  for (const character of text) {
    const symbol = character.charCodeAt(0);
    for (let bit = LENGTHS[symbol]! - 1; bit >= 0; bit--) {
      held = (held << 1) | ((CODES[symbol]! >> bit) & 1);
      if (++length === 8) {
        bytes.push(held);
        held = 0;
        length = 0;
      }
    }
  }
  if (length > 0) bytes.push(((held << (8 - length)) | ((1 << (8 - length)) - 1)) & 255);
  return Uint8Array.from(bytes);
}
