import { type FieldProblem, fieldProblems, fieldText, problemCount } from '@evenkeel/contract/fieldProblems';
import { clipped, inputExcess, MAX_PROBLEMS } from '@evenkeel/contract/inputBounds';
import { type Limits, STANDARD_LIMITS } from '@evenkeel/contract/limits';
import { PROTO_REFUSED, protoField } from '@evenkeel/contract/protoField';
import { type Scenario, scenarioSchema, scenarioSchemaFor } from '@evenkeel/contract/scenario';
import { MAX_SCENARIO_BYTES, type ScenarioFormat } from '@evenkeel/contract/scenarioFile';
import { formatThreshold, parseThreshold, type Threshold } from '@evenkeel/contract/threshold';
import { seen, UNSEEN, UNSEEN_PAIR, writtenOut } from '@evenkeel/contract/unseenText';
import { type Document, type ScalarTag, stringify, type Tags } from 'yaml';
import type { z } from 'zod';
import { linesOf, readYaml, TooMuchYaml, type YamlText } from './boundedYaml.ts';

export interface ScenarioTextProblem extends Pick<FieldProblem, 'field' | 'message'> {
  /** From 1; null when the field is not in the text at all. */
  readonly line: number | null;
}

/** Making a schema takes longer than reading by it. */
const schemas = new WeakMap<Limits, z.ZodType<Scenario>>([[STANDARD_LIMITS, scenarioSchema]]);

/** Longest part of a message that repeats the text. */
const MAX_MESSAGE = 300;

/**
 * Text that is no scenario. The message holds one line per problem, each with its place, what is wrong and what is allowed; past
 * the first twenty it says how many more there are.
 */
export class ScenarioTextError extends Error {
  readonly problems: readonly ScenarioTextProblem[];
  /** Problems that are not told one by one. */
  readonly more: number;

  constructor(problems: readonly ScenarioTextProblem[], more = 0) {
    const rest = more === 0 ? [] : [`and ${more} more ${more === 1 ? 'problem' : 'problems'}`];
    super([...problems.map(problemText), ...rest].join('\n'));
    this.name = 'ScenarioTextError';
    this.problems = problems;
    this.more = more;
  }
}

/**
 * Reads a scenario from JSON or YAML (1.2, of which JSON is a part). A threshold may be a phrase such as `p99 < 500ms`.
 * Unknown fields and fields given twice are refused. Throws a ScenarioTextError with the problems at once. What would take long
 * (a text that is nested too deep, or holds more than any scenario) is refused before it does.
 */
export function parseScenarioText(text: string, limits: Limits = STANDARD_LIMITS): Scenario {
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_SCENARIO_BYTES) {
    throw whole(`has ${bytes} bytes (allowed at most ${MAX_SCENARIO_BYTES})`);
  }
  const yaml = readText(text);
  const plain = plainValue(yaml.document);
  const excess = inputExcess(plain);
  if (excess !== null) throw whole(excess);
  const lineOf = linesOf(yaml);
  const lost = protoField(plain);
  if (lost !== null) {
    throw new ScenarioTextError([{ field: fieldText(lost), message: PROTO_REFUSED, line: lineOf(lost) }]);
  }
  const problems: ScenarioTextProblem[] = [];
  const input = readThresholds(plain, (path, message) =>
    problems.push({ field: path.join('.'), message: repeated(message), line: lineOf(path) })
  );
  const schema = schemaFor(limits);
  const parsed = schema.safeParse(input);
  if (parsed.success && problems.length === 0) return parsed.data;
  const count = problems.length + (parsed.success ? 0 : problemCount(parsed.error));
  if (!parsed.success) {
    for (const { field, message, path } of fieldProblems(schema, parsed.error, input, MAX_PROBLEMS)) {
      problems.push({ field, message: repeated(message), line: lineOf(path) });
    }
  }
  const told = problems.slice(0, MAX_PROBLEMS);
  // One issue of a union can be several problems.
  throw new ScenarioTextError(told, Math.max(count, problems.length) - told.length);
}

/**
 * What an older parser takes for something else, cannot read or reads differently when it is not written out within double quotes:
 * whatever cannot be seen, blanks at the end of lines, a tab, and the value key of YAML 1.1.
 */
const isWrittenOut = (text: string): boolean =>
  WRITTEN_OUT.test(text) || (text.includes('\n') && (text.startsWith(' ') || text.endsWith(' ')));

const WRITTEN_OUT = new RegExp(`[${UNSEEN}\\t]|${UNSEEN_PAIR}| \\n|^=$`);

/** The tag of text, but for such text: the double quotes of JSON are those of YAML. */
const withWrittenOut = (tag: ScalarTag): ScalarTag => ({
  ...tag,
  stringify: (item, ...context) => {
    const text = String(item.value);
    if (isWrittenOut(text)) return writtenOut(JSON.stringify(text));
    return tag.stringify!(item, ...context);
  },
});

/** Whatever an older parser takes for a number, a date or a truth value (`no`, `12:30`) is put in quotes. */
const YAML = {
  lineWidth: 120,
  compat: 'yaml-1.1',
  customTags: (tags: Tags): Tags =>
    tags.map((tag) =>
      typeof tag === 'object' && tag.tag === 'tag:yaml.org,2002:str' && tag.collection === undefined
        ? withWrittenOut(tag)
        : tag
    ),
} as const;

/** Writes a scenario with every field, so that a later change of a default does not change it. Reading it gives the same back. */
export function formatScenarioText(scenario: Scenario, format: ScenarioFormat): string {
  const written = { ...scenario, thresholds: scenario.thresholds.map(writtenThreshold) };
  return format === 'json' ? `${JSON.stringify(written, null, 2)}\n` : stringify(written, YAML);
}

function schemaFor(limits: Limits): z.ZodType<Scenario> {
  const schema = schemas.get(limits) ?? scenarioSchemaFor(limits);
  schemas.set(limits, schema);
  return schema;
}

function readText(text: string): YamlText {
  let yaml: YamlText;
  try {
    yaml = readYaml(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    if (!(error instanceof TooMuchYaml)) throw error;
    throw new ScenarioTextError([{ field: '', message: error.message, line: error.line }]);
  }
  // A warning is a tag that nobody knows; its value would be read as something else than was meant.
  const mistakes = [...yaml.document.errors, ...yaml.document.warnings];
  if (mistakes.length === 0) return yaml;
  const told = mistakes.slice(0, MAX_PROBLEMS).map(({ message, pos }) => ({
    field: '',
    message: `not JSON or YAML: ${repeated(message)}`,
    line: yaml.lineAt(pos[0]),
  }));
  throw new ScenarioTextError(told, mistakes.length - told.length);
}

function plainValue(document: Document.Parsed): unknown {
  try {
    return document.toJS();
  } catch (error) {
    // The only thing that can go wrong in a document without errors: aliases that unfold without end.
    throw whole(`cannot be unfolded: ${repeated((error as Error).message)}`);
  }
}

/** Puts thresholds that are written as phrases into their full form. One that cannot be read is taken out and told. */
function readThresholds(input: unknown, refuse: (path: PropertyKey[], message: string) => void): unknown {
  if (typeof input !== 'object' || input === null || !('thresholds' in input) || !Array.isArray(input.thresholds)) {
    return input;
  }
  const stand: Threshold = { metric: 'p99', op: '<', value: 0 };
  const thresholds = input.thresholds.map((entry: unknown, i) => {
    if (typeof entry !== 'string') return entry;
    try {
      return parseThreshold(entry);
    } catch (error) {
      refuse(['thresholds', i], (error as Error).message);
      return stand;
    }
  });
  return { ...input, thresholds };
}

/** The phrase where it says everything, as people write it by hand; the full form otherwise. */
function writtenThreshold(threshold: Threshold): Threshold | string {
  const phrase = formatThreshold(threshold);
  const given = Object.entries(threshold).filter(([, value]) => value !== undefined);
  try {
    const read = Object.entries(parseThreshold(phrase));
    const same =
      read.length === given.length && read.every(([key, value]) => threshold[key as keyof Threshold] === value);
    return same ? phrase : threshold;
  } catch {
    return threshold;
  }
}

/** A message that may repeat the text. */
const repeated = (message: string): string => seen(clipped(message, MAX_MESSAGE));

const whole = (message: string) => new ScenarioTextError([{ field: '', message, line: null }]);

function problemText({ field, message, line }: ScenarioTextProblem): string {
  const place = [line === null ? null : `line ${line}`, field === '' ? null : field].filter((part) => part !== null);
  return `${place.length === 0 ? 'the scenario' : place.join(', ')}: ${message}`;
}
