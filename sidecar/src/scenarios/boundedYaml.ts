import { MAX_INPUT_DEPTH, MAX_INPUT_VALUES } from '@evenkeel/contract/inputBounds';
import { Composer, CST, type Document, isMap, isScalar, isSeq, Lexer, LineCounter, Parser } from 'yaml';

/** Words and signs of one text, at most: a value takes three or four of them. */
const MAX_LEXEMES = 4 * MAX_INPUT_VALUES;
/** Entries of one group or list, at most: names are compared with each other, so time grows with the square. */
const MAX_ENTRIES = 1000;
/** Every alias is looked for from the beginning of the text. */
const MAX_ALIASES = 100;

/** A text that is bound to take long. `line` is where that was seen, from 1. */
export class TooMuchYaml extends Error {
  readonly line: number;

  constructor(message: string, line: number) {
    super(message);
    this.name = 'TooMuchYaml';
    this.line = line;
  }
}

export interface YamlText {
  readonly document: Document.Parsed;
  /** Line of an offset, from 1. */
  lineAt(offset: number): number;
}

/**
 * Reads one YAML document (1.2, core schema), in time that grows with the length of the text and no faster: what costs more is
 * counted as it goes by, and a text with too much of it is given up before it is put together. Throws `TooMuchYaml`.
 */
export function readYaml(text: string): YamlText {
  const lines = new LineCounter();
  const options = { lineCounter: lines, prettyErrors: false, logLevel: 'error', schema: 'core' } as const;
  const composed = new Composer(options).compose(boundedTokens(text, lines), true, text.length);
  let document: Document.Parsed | undefined;
  let second: Document.Parsed | undefined;
  for (const next of composed) {
    if (document === undefined) document = next;
    else {
      second = next;
      break;
    }
  }
  if (second) throw new TooMuchYaml('holds several documents (---); write one', lines.linePos(second.range[0]).line);
  return { document: document!, lineAt: (offset) => lines.linePos(offset).line };
}

/** The line at which the value of a path begins, or that of the deepest part of the path that the text holds; null for none. */
export function linesOf({ document, lineAt }: YamlText): (path: readonly PropertyKey[]) => number | null {
  const offsets = new Map<string, number>();
  collect(document.contents, '', offsets);
  return (path) => {
    for (let depth = path.length; depth > 0; depth--) {
      const offset = offsets.get(path.slice(0, depth).map(step).join(''));
      if (offset !== undefined) return lineAt(offset);
    }
    return null;
  };
}

const step = (key: unknown): string => `\0${String(key)}`;

function collect(node: unknown, at: string, offsets: Map<string, number>): void {
  const start = (node as { range?: readonly number[] | null } | null)?.range?.[0];
  if (start !== undefined) offsets.set(at, start);
  if (isMap(node)) {
    for (const { key, value } of node.items) collect(value, at + step(isScalar(key) ? key.value : key), offsets);
  } else if (isSeq(node)) {
    for (const [i, item] of node.items.entries()) collect(item, at + step(i), offsets);
  }
}

/** Blanks, comments, and the lexer's sign that a scalar follows. */
const isBlank = (lexeme: string): boolean => lexeme === CST.SCALAR || /^[\s#]/.test(lexeme);

/** The tokens of a text, until there is too much of it. */
function* boundedTokens(text: string, lines: LineCounter): Generator<CST.Token> {
  const parser = new Parser(lines.addNewLine);
  lines.addNewLine(0);
  const refuse = (message: string) => new TooMuchYaml(message, lines.lineStarts.length);
  let lexemes = 0;
  let aliases = 0;
  for (const lexeme of new Lexer().lex(text)) {
    if (!isBlank(lexeme) && ++lexemes > MAX_LEXEMES) {
      throw refuse(`holds too much: no scenario has more than ${MAX_INPUT_VALUES} values`);
    }
    if (lexeme.startsWith('*') && ++aliases > MAX_ALIASES)
      throw refuse(`holds more than ${MAX_ALIASES} aliases (*name)`);
    yield* parser.next(lexeme);
    // A level of the text is a collection on the parser's stack, and at times an entry of it.
    if (parser.stack.length > 2 * MAX_INPUT_DEPTH) throw refuse(`is nested deeper than ${MAX_INPUT_DEPTH} levels`);
    const open = parser.stack.at(-1);
    if (open !== undefined && 'items' in open && open.items.length > MAX_ENTRIES) {
      throw refuse(`holds more than ${MAX_ENTRIES} entries in one group or list`);
    }
  }
  yield* parser.end();
}
