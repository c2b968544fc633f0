import { z } from 'zod';
import { lineSchema, linesSchema, nameSchema } from './plainText.ts';
import { seen, seenLines } from './unseenText.ts';

const codes = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);
const escaped = (text: string) => JSON.stringify(text).replace(/[^ -~]/g, (one) => hex(one.charCodeAt(0)));
const hex = (code: number) => code.toString(16).padStart(4, '0');

/** Everything that is refused in text of any kind. */
const UNSEEN = [
  ...codes(0x00, 0x08),
  ...codes(0x0b, 0x1f),
  ...codes(0x7f, 0x9f),
  0xad,
  0x61c,
  0x115f,
  0x1160,
  0x17b4,
  0x180e,
  0x200b,
  0x200e,
  0x200f,
  ...codes(0x2028, 0x202e),
  ...codes(0x2060, 0x206f),
  0x3164,
  ...codes(0xfdd0, 0xfdef),
  0xfeff,
  0xffa0,
  ...codes(0xfff9, 0xfffb),
  0xd800,
  0xdbff,
  0xdc00,
  0xdfff,
  0xfffe,
  0xffff,
  ...codes(0xe0000, 0xe007f),
];
const WELL = [
  'Überlast №1',
  'שלום עולם',
  'مرحبا',
  '负载测试',
  '😀 👩‍🔬',
  'می‌خواهم',
  '❤\ufe0f 1\ufe0f\u20e3 葛\u{e0100}',
  `"'<>&|\`*_#]]>`,
  '  blanks  ',
  'null',
  '1e3',
  '- a: b',
  '',
];

describe('text that a person writes', () => {
  test.each(UNSEEN.map((code) => [hex(code), String.fromCodePoint(code)]))('holds no U+%s', (_, character) => {
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

  test.each(
    ['', ' ', '\u00a0\u3000', '\u2800', '\u200d', '\u200c ', '\ufe0f', '\u034f', '\u180b', '\u{e0100}'].map((text) => [
      escaped(text),
      text,
    ])
  )('is no name when nothing can be seen: "%s"', (_, text) => {
    expect(nameSchema(100).safeParse(text).error?.issues).toHaveLength(1);
    expect(nameSchema(100).parse(`${text}x${text}`)).toBe(`${text}x${text}`);
  });

  test('is a name when something can be seen', () => {
    for (const text of WELL.filter((one) => one !== '')) expect(nameSchema(100).parse(text)).toBe(text);
    for (const code of UNSEEN) expect(nameSchema(100).safeParse(`a${String.fromCodePoint(code)}`).success).toBe(false);
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
        expect(UNSEEN.filter((code) => read.test(`a${String.fromCodePoint(code)}`))).toEqual([]);
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
    expect(seen('a\u200e\ufeff\u{e0041}b')).toBe('a\\u200e\\ufeff\\U000e0041b');
    expect(seenLines('a\tb\nc\u009b')).toBe('a\\u0009b\nc\\u009b');
    expect(seen('a\u0000\u001b[31m\u0085\u202eb\ud800')).toBe('a\\u0000\\u001b[31m\\u0085\\u202eb\ufffd');
  });
});
