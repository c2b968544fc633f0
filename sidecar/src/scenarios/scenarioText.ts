import { type FieldProblem, fieldProblems } from '@evenkeel/contract/fieldProblems';
import { type Limits, STANDARD_LIMITS } from '@evenkeel/contract/limits';
import { type Scenario, scenarioSchema, scenarioSchemaFor } from '@evenkeel/contract/scenario';
import { MAX_SCENARIO_BYTES, type ScenarioFormat } from '@evenkeel/contract/scenarioFile';
import { formatThreshold, parseThreshold, type Threshold } from '@evenkeel/contract/threshold';
import { type Document, LineCounter, parseDocument, stringify } from 'yaml';

export interface ScenarioTextProblem extends Pick<FieldProblem, 'field' | 'message'> {
  /** From 1; null when the field is not in the text at all. */
  readonly line: number | null;
}

/** Text that is no scenario. The message holds one line per problem, each with its place, what is wrong and what is allowed. */
export class ScenarioTextError extends Error {
  readonly problems: readonly ScenarioTextProblem[];

  constructor(problems: readonly ScenarioTextProblem[]) {
    super(problems.map(problemText).join('\n'));
    this.name = 'ScenarioTextError';
    this.problems = problems;
  }
}

/**
 * Reads a scenario from JSON or YAML (1.2, of which JSON is a part). A threshold may be a phrase such as `p99 < 500ms`.
 * Unknown fields and fields given twice are refused. Throws a ScenarioTextError with every problem at once.
 */
export function parseScenarioText(text: string, limits: Limits = STANDARD_LIMITS): Scenario {
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_SCENARIO_BYTES) {
    throw whole(`has ${bytes} bytes (allowed at most ${MAX_SCENARIO_BYTES})`);
  }
  const lines = new LineCounter();
  const document = parseDocument(text.replace(/^\uFEFF/, ''), {
    lineCounter: lines,
    prettyErrors: false,
    schema: 'core',
  });
  // A warning is a tag that nobody knows; its value would be read as something else than was meant.
  const mistakes = [...document.errors, ...document.warnings];
  if (mistakes.length > 0) {
    throw new ScenarioTextError(
      mistakes.map((error) => ({
        field: '',
        message: `not JSON or YAML: ${error.message}`,
        line: lines.linePos(error.pos[0]).line,
      }))
    );
  }
  const lineOf = (path: readonly PropertyKey[]) => lineIn(document, lines, path);
  const problems: ScenarioTextProblem[] = [];
  const input = readThresholds(plainValue(document), (path, message) =>
    problems.push({ field: path.join('.'), message, line: lineOf(path) })
  );
  const schema = limits === STANDARD_LIMITS ? scenarioSchema : scenarioSchemaFor(limits);
  const parsed = schema.safeParse(input);
  if (!parsed.success) {
    for (const { field, message, path } of fieldProblems(schema, parsed.error, input)) {
      problems.push({ field, message, line: lineOf(path) });
    }
  }
  if (problems.length > 0 || !parsed.success) throw new ScenarioTextError(problems);
  return parsed.data;
}

/** Writes a scenario with every field, so that a later change of a default does not change it. Reading it gives the same back. */
export function formatScenarioText(scenario: Scenario, format: ScenarioFormat): string {
  const written = { ...scenario, thresholds: scenario.thresholds.map(writtenThreshold) };
  return format === 'json' ? `${JSON.stringify(written, null, 2)}\n` : stringify(written, { lineWidth: 120 });
}

function plainValue(document: Document.Parsed): unknown {
  try {
    return document.toJS();
  } catch (error) {
    // The only thing that can go wrong in a document without errors: aliases that unfold without end.
    throw whole(`cannot be unfolded: ${(error as Error).message}`);
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

/** The line of the deepest part of a path that the text holds. */
function lineIn(document: Document.Parsed, lines: LineCounter, path: readonly PropertyKey[]): number | null {
  for (let depth = path.length; depth > 0; depth--) {
    const node = document.getIn(path.slice(0, depth), true);
    const start = (node as { range?: readonly number[] | null } | undefined)?.range?.[0];
    if (start !== undefined) return lines.linePos(start).line;
  }
  return null;
}

const whole = (message: string) => new ScenarioTextError([{ field: '', message, line: null }]);

function problemText({ field, message, line }: ScenarioTextProblem): string {
  const place = [line === null ? null : `line ${line}`, field === '' ? null : field].filter((part) => part !== null);
  return `${place.length === 0 ? 'the scenario' : place.join(', ')}: ${message}`;
}
