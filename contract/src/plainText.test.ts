import { z } from 'zod';
import { lineSchema, linesSchema } from './plainText.ts';
import { seen } from './unseenText.ts';

const codes = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);
const hex = (code: number) => code.toString(16).padStart(4, '0');

/** Everything that is refused in text of any kind. */
const UNSEEN = [
  ...codes(0x00, 0x08),
  ...codes(0x0b, 0x1f),
  ...codes(0x7f, 0x9f),
  ...codes(0x2028, 0x202e),
  ...codes(0x2066, 0x2069),
  0xd800,
  0xdbff,
  0xdc00,
  0xdfff,
  0xfffe,
  0xffff,
];
const WELL = [
  'Überlast №1',
  'שלום עולם',
  'مرحبا',
  '负载测试',
  '😀 👩‍🔬',
  `"'<>&|\`*_#]]>`,
  '  blanks  ',
  'null',
  '1e3',
  '- a: b',
  '',
];

describe('text that a person writes', () => {
  test.each(UNSEEN.map((code) => [hex(code), String.fromCharCode(code)]))('holds no U+%s', (_, character) => {
    for (const text of [character, `a${character}b`, `😀${character}`, `${character}😀`]) {
      expect([lineSchema(100).safeParse(text).success, linesSchema(100).safeParse(text).success]).toEqual([
        false,
        false,
      ]);
    }
  });

  test.each(WELL)('may be %j', (text) => {
    expect([lineSchema(100).parse(text), linesSchema(100).parse(text)]).toEqual([text, text]);
    expect(seen(text)).toBe(text);
  });

  test('of one line holds no line break or tab, of several it may', () => {
    for (const text of ['a\nb', 'a\tb']) {
      expect(lineSchema(9).safeParse(text).success).toBe(false);
      expect(linesSchema(9).parse(text)).toBe(text);
    }
  });

  test('has the same rule in a JSON schema, whichever way its pattern is read', () => {
    for (const [schema, breaks] of [
      [lineSchema(100), false],
      [linesSchema(100), true],
    ] as const) {
      const { pattern } = z.toJSONSchema(schema) as { pattern: string };
      for (const flags of ['', 'u']) {
        const read = new RegExp(pattern, flags);
        expect(WELL.every((text) => read.test(text))).toBe(true);
        expect(UNSEEN.filter((code) => read.test(`a${String.fromCharCode(code)}`))).toEqual([]);
        expect(read.test('a\nb')).toBe(breaks);
      }
    }
  });

  test('is read in a time that grows with its length', () => {
    const long = '😀'.repeat(100_000);
    const before = process.cpuUsage();
    expect(linesSchema(1e6).safeParse(`${long}\u202e`).success).toBe(false);
    const { user } = process.cpuUsage(before);
    expect(user / 1000).toBeLessThan(500);
  });

  test('of another origin is shown with what cannot be seen written out', () => {
    expect(seen('a\u0000\u001b[31m\u0085\u202eb\ud800')).toBe('a\\u0000\\u001b[31m\\u0085\\u202eb\ufffd');
  });
});
