import { clipped, inputExcess, MAX_INPUT_DEPTH, MAX_INPUT_VALUES } from './inputBounds.ts';

const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)]);

it.each<[string, unknown]>([
  ['a value', 1],
  ['nothing', null],
  ['as many values as are allowed', new Array(MAX_INPUT_VALUES).fill(0)],
  ['as many levels as are allowed', nested(MAX_INPUT_DEPTH)],
])('has nothing against %s', (_name, input) => {
  expect(inputExcess(input)).toBeNull();
});

it.each<[string, unknown, string]>([
  ['a list', new Array(MAX_INPUT_VALUES + 1).fill(0), 'holds more than 6000 values'],
  [
    'fields',
    Object.fromEntries(Array.from({ length: MAX_INPUT_VALUES + 1 }, (_, i) => [`k${i}`, i])),
    'holds more than 6000 values',
  ],
  ['lists in a list', new Array(100).fill(new Array(100).fill([])), 'holds more than 6000 values'],
  ['levels', nested(MAX_INPUT_DEPTH + 1), 'is nested deeper than 32 levels'],
  ['levels without end', JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`), 'is nested deeper than 32 levels'],
])('says that there are too many: %s', (_name, input, phrase) => {
  expect(inputExcess(input)).toBe(phrase);
});

it('looks no further than its bounds', () => {
  const shared: unknown[] = [];
  let doubled: unknown = shared;
  // Two to the power of thirty values, were each looked at.
  for (let i = 0; i < 30; i++) doubled = [doubled, doubled];
  expect(inputExcess(doubled)).toBe('holds more than 6000 values');
});

it('repeats little of a long text', () => {
  expect(clipped('short')).toBe('short');
  expect(clipped('x'.repeat(500))).toBe(`${'x'.repeat(100)}…`);
  expect(clipped('abcdef', 3)).toBe('abc…');
  expect(clipped('ab😀d', 3)).toBe('ab…');
  expect(clipped(`${'k'.repeat(99)}😀z`)).toBe(`${'k'.repeat(99)}…`);
});
