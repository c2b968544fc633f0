import { Random } from '@evenkeel/core/random/random';
import { huffmanDecoded, huffmanEncoded } from './huffman.ts';

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
const decoded = (encoded: Uint8Array) => huffmanDecoded(encoded, 0, encoded.length);

// RFC 7541, appendix C.4 and C.6.
test.each([
  ['www.example.com', 'f1e3 c2e5 f23a 6ba0 ab90 f4ff'],
  ['no-cache', 'a8eb 1064 9cbf'],
  ['custom-value', '25a8 49e9 5bb8 e8b4 bf'],
  ['302', '6402'],
  ['Mon, 21 Oct 2013 20:13:21 GMT', 'd07a be94 1054 d444 a820 0595 040b 8166 e082 a62d 1bff'],
  [
    'foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1',
    '94e7 821d d7f2 e6c7 b335 dfdf cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5 291f 9587 3160 65c0 03ed 4ee5 b106 3d50 07',
  ],
])('the example %s of the RFC', (text, hex) => {
  expect(huffmanEncoded(text)).toEqual(bytes(hex));
  expect(decoded(bytes(hex))).toBe(text);
});

test('every byte, in every neighbourhood, there and back', () => {
  const random = new Random(1);
  for (let round = 0; round < 500; round++) {
    const codes = Array.from({ length: random.below(40) }, () => random.below(256));
    const text = String.fromCharCode(...codes);
    expect(decoded(huffmanEncoded(text))).toBe(text);
  }
  const all = String.fromCharCode(...Array(256).keys());
  expect(decoded(huffmanEncoded(all))).toBe(all);
});

test('a padding of zeros, of a whole byte, and the end of string within are refused', () => {
  // 'a' is 00011: its padding has to be 111.
  expect(decoded(bytes('1f'))).toBe('a');
  expect(decoded(bytes('18'))).toBeNull();
  expect(decoded(bytes('1fff'))).toBeNull();
  expect(decoded(bytes('ffffffff'))).toBeNull();
});
