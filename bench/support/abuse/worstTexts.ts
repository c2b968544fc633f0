import { BODY_LIMIT } from '../../../sidecar/src/api/requestBody.ts';
import { LARGE_SCENARIO } from './largeScenario.ts';

/** As many copies of a piece as fit beside what stands around them. */
export const filled = (before: string, piece: (i: number) => string, after: string, size = BODY_LIMIT): string => {
  const parts: string[] = [];
  let left = size - Buffer.byteLength(before) - Buffer.byteLength(after);
  for (let i = 0; ; i++) {
    const next = piece(i);
    left -= Buffer.byteLength(next);
    if (left < 0) break;
    parts.push(next);
  }
  return before + parts.join('') + after;
};
export const deep = (before: string, open: string, inner: string, close: string, after: string, size = BODY_LIMIT) => {
  const times = Math.floor((size - before.length - after.length - inner.length) / (open.length + close.length));
  return before + open.repeat(times) + inner + close.repeat(times) + after;
};

const LOAD = '"load":{"model":"rate","stages":[{"from":1,"to":1,"durationSeconds":10}]}';

/** A text of up to this many bytes. */
export type Sized = (size: number) => string;

/** JSON that is as bad for a scenario's schema as 256 kB can be; each is the text of a scenario. */
export function worstScenarios(): Record<string, Sized> {
  const start = `{"name":"x",${LOAD}`;
  return {
    'a list of empty stages': (size) =>
      filled('{"name":"x","load":{"model":"rate","stages":[{}', () => ',{}', ']}}', size),
    'a list of empty requests': (size) => filled(`${start},"mix":[{}`, () => ',{}', ']}', size),
    'a list of thresholds': (size) => filled(`${start},"thresholds":[{}`, () => ',{}', ']}', size),
    'a list of faults': (size) => filled(`${start},"faults":[{}`, () => ',{}', ']}', size),
    'valid stages without end': (size) =>
      filled(
        '{"name":"x","load":{"model":"rate","stages":[{"from":1,"to":1,"durationSeconds":1}',
        () => ',{"from":1,"to":1,"durationSeconds":1}',
        ']}}',
        size
      ),
    'headers with bad names': (size) =>
      filled(`${start},"request":{"headers":{"(":""`, (i) => `,"(${i}":""`, '}}}', size),
    'headers without end': (size) => filled(`${start},"request":{"headers":{"a":""`, (i) => `,"a${i}":""`, '}}}', size),
    'headers that are no text': (size) =>
      filled(`${start},"request":{"headers":{"a":[]`, (i) => `,"a${i}":[]`, '}}}', size),
    'unknown fields': (size) => filled(start, (i) => `,"k${i}":1`, '}', size),
    'the same field again and again': (size) => filled(start, () => ',"mix":[]', '}', size),
    'a long name': (size) => filled('{"name":"', () => 'x', `",${LOAD}}`, size),
    'a long path': (size) => filled(`${start},"request":{"path":"/`, () => 'a', ' "}}', size),
    'a long field name': (size) => filled(`${start},"`, () => 'x', '":1}', size),
    'a long label of a fault': (size) =>
      filled(
        `${start},"faults":[{"type":"latency","severity":"low","forSeconds":1,"atSecond":1,"scope":{"label":"`,
        () => 'a',
        '!"}}]}',
        size
      ),
    'a long header value': (size) => filled(`${start},"request":{"headers":{"a":"`, () => 'a', '\\u0001"}}}', size),
    'header values of blanks': (size) =>
      filled(`${start},"request":{"headers":{"a":""`, (i) => `,"a${i}":"x${' '.repeat(8000)}x"`, '}}}', size),
    'lists in lists': (size) => deep(`${start},"mix":`, '[', '', ']', '}', size),
    'groups in groups': (size) => deep(`${start},"mix":`, '{"a":', '1', '}', '}', size),
    'numbers without end': (size) => filled(`${start},"warmupSeconds":1`, () => '1', '}', size),
    'a valid large one': () => JSON.stringify(LARGE_SCENARIO),
  };
}

/** Texts that are as bad for a reader of YAML as 256 kB can be. */
export function worstTexts(): Record<string, Sized> {
  const load = 'name: x\nload: {model: rate, stages: [{from: 1, to: 1, durationSeconds: 10}]}\n';
  return {
    'flat map of unknown fields': (size) => filled(load, (i) => `k${i}: 1\n`, '', size),
    'flat map of one-letter values': (size) => filled('', (i) => `${i}:\n`, '', size),
    'flat map in braces': (size) => filled('{a: 1', (i) => `,k${i}: 1`, '}', size),
    'the same field again and again': (size) => filled(load, () => 'name: x\n', '', size),
    aliases: (size) => filled(`${load}a: &a [1]\n`, (i) => `k${i}: *a\n`, '', size),
    'aliases in one list': (size) => filled('a: &a 1\nb: [*a', () => ',*a', ']', size),
    anchors: (size) => filled(load, (i) => `k${i}: &a${i} 1\n`, '', size),
    'aliases of aliases': () =>
      filled('a0: &a0 [1]\n', (i) => `a${i + 1}: &a${i + 1} [${`*a${i},`.repeat(10)}]\n`, '', 4000),
    'aliases of nothing': (size) => filled('a:\n', (i) => `- *b${i}\n`, '', size),
    'merge keys': (size) => filled(`${load}a: &a {b: 1}\n`, (i) => `k${i}: {<<: *a}\n`, '', size),
    'lists in lists': (size) => deep('a: ', '[', '', ']', '', size),
    'lists that never end': (size) => filled('a: ', () => '[', '', size),
    'braces that never end': (size) => filled('a: ', () => '{a: ', '', size),
    'lists on one line': (size) => filled('', () => '- ', '', size),
    'maps by indentation': (size) => filled('', (i) => `${' '.repeat(i)}a:\n`, '', size),
    'question marks': (size) => filled('', () => '? ', '', size),
    'closing brackets': (size) => filled('a: 1\n', () => ']', '', size),
    tags: (size) => filled('a:\n', (i) => `- !t${i} 1\n`, '', size),
    'tags on one value': (size) => filled('a: ', () => '!x ', '1', size),
    documents: (size) => filled('a: 1\n', () => '---\na: 1\n', '', size),
    'document ends': (size) => filled('a: 1\n', () => '...\n', '', size),
    directives: (size) => filled('', () => '%YAML 1.2\n', '---\na: 1\n', size),
    comments: (size) => filled('', () => '#\n', load, size),
    'empty lines': (size) => filled('', () => '\n', load, size),
    'empty lines in text': (size) => filled('a: "x', () => '\n', '"', size),
    'one long text': (size) => filled('a: ', () => 'x', '', size),
    'one long quoted text': (size) => filled('a: "', () => 'x ', '"', size),
    'lines of one quoted text': (size) => filled('a: "', () => 'x\n ', '"', size),
    'escapes in one text': (size) => filled('a: "', () => '\\x41', '"', size),
    'lines of one plain text': (size) => filled('a: x\n', () => ' x\n', '', size),
    'a folded block': (size) => filled('a: >\n', () => ' x\n', '', size),
    'a literal block': (size) => filled('a: |\n', () => ' x\n', '', size),
    'a block of empty lines': (size) => filled('a: >\n x\n', () => '\n', ' x\n', size),
    'spaces before a comment': (size) => filled('a: x', () => ' ', '# c\n', size),
    'a text of spaces': (size) => filled('a: x', () => ' ', 'x\n', size),
    tabs: (size) => filled('a: x\n', () => '\t', '', size),
    'a threshold of spaces': (size) => filled(`${load}thresholds: ["p99 < 1`, () => ' ', 'x"]\n', size),
    'a threshold of digits': (size) => filled(`${load}thresholds: ["p99 < 1`, () => '1', 'x"]\n', size),
    'a threshold of words': (size) => filled(`${load}thresholds: ["`, () => 'p', '"]\n', size),
    'thresholds that cannot be read': (size) => filled(`${load}thresholds: [x`, () => ',x', ']\n', size),
    'a long field name': (size) => filled(`${load}? `, () => 'x', '\n: 1\n', size),
    'carriage returns': (size) => filled(load, () => '\r', '', size),
    colons: (size) => filled('a', () => ':', '', size),
    dashes: (size) => filled('', () => '-', '', size),
    ampersands: (size) => filled('a: ', () => '&', '', size),
    stars: (size) => filled('a: ', () => '*', '', size),
    'wide characters': (size) => filled('a: ', () => '\u{1f600}', '', size),
  };
}
