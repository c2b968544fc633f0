import { z } from 'zod';
import { clipped } from './inputBounds.ts';
import { quotedText } from './unseenText.ts';

/** One field that a schema refused: where, and in one phrase what is wrong and what is allowed. */
export interface FieldProblem {
  /** `load.stages.2.from`; empty for the input as a whole. */
  readonly field: string;
  /** `5 is below 10 (allowed 10 to 1000)`. */
  readonly message: string;
  readonly path: readonly PropertyKey[];
}

type JsonSchema = {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
  readonly oneOf?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly type?: string;
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | false;
  readonly items?: JsonSchema;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
};

/** JSON schemas that were made before: making one takes milliseconds. */
const described = new WeakMap<z.ZodType, JsonSchema>();

/**
 * Says for the issues of a failed parse, the first `most` of them, where each is, what was given, and what the schema allows there.
 * `problemCount` says how many there are in all.
 */
export function fieldProblems(
  schema: z.ZodType,
  error: z.ZodError,
  input: unknown,
  most = Number.POSITIVE_INFINITY
): FieldProblem[] {
  const root = described.get(schema) ?? (z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema);
  described.set(schema, root);
  const problems: FieldProblem[] = [];
  for (const issue of error.issues) {
    if (problems.length >= most) break;
    problems.push(...problemsOf(issue, root, input, most - problems.length));
  }
  return problems;
}

/** How many fields a failed parse refused. */
export const problemCount = (error: z.ZodError): number =>
  error.issues.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : 1), 0);

/** A path as people read it: `load.stages.2.from`, `request.headers["a b"]`. */
export function fieldText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, whole) => {
    const key = typeof whole === 'string' ? clipped(whole) : whole;
    if (typeof key === 'string' && !/^[\w-]+$/.test(key)) return `${text}[${quotedText(key)}]`;
    return text === '' ? String(key) : `${text}.${String(key)}`;
  }, '');
}

function problemsOf(issue: z.core.$ZodIssue, root: JsonSchema, input: unknown, most: number): FieldProblem[] {
  const at = (path: readonly PropertyKey[], message: string): FieldProblem => ({
    field: fieldText(path),
    message,
    path,
  });
  if (issue.code === 'unrecognized_keys') {
    const known = Object.keys(nodeAt(root, issue.path, input)?.properties ?? {});
    return issue.keys.slice(0, most).map((key) => at([...issue.path, key], unknownField(key, known)));
  }
  const nearest = nearestForm(issue);
  if (nearest !== undefined) {
    return nearest
      .flatMap((inner) => problemsOf({ ...inner, path: [...issue.path, ...inner.path] }, root, input, most))
      .slice(0, most);
  }
  const given = valueAt(input, issue.path);
  const node = nodeAt(root, issue.path, input);
  return [at(issue.path, sentenceOf(issue, given, node))];
}

/** Of the forms that a value may have, the one that it has, when something within it is wrong. */
function nearestForm(issue: z.core.$ZodIssue): readonly z.core.$ZodIssue[] | undefined {
  if (issue.code !== 'invalid_union') return undefined;
  return issue.errors.find(
    (issues) => issues.length > 0 && issues.every(({ code, path }) => code !== 'invalid_type' || path.length > 0)
  );
}

function sentenceOf(issue: z.core.$ZodIssue, given: unknown, node: JsonSchema | undefined): string {
  // Header values and bodies may be secrets: they are never repeated.
  const secret = issue.path.includes('headers') || issue.path.at(-1) === 'body';
  const isName = issue.path.at(-3) === 'headers' && typeof issue.path.at(-2) === 'number' && issue.path.at(-1) === 0;
  const said = isName ? 'the name' : secret ? 'the value' : shown(given);
  const allowed = allowedText(node);
  const range = allowed === null ? '' : ` (allowed ${allowed})`;
  switch (issue.code) {
    case 'invalid_type':
      if (given === undefined) return `is missing${range}`;
      return `${said} is not ${TYPE_NAMES[issue.expected] ?? `of type ${issue.expected}`}${range}`;
    case 'too_small':
    case 'too_big': {
      const small = issue.code === 'too_small';
      const bound = small ? issue.minimum : issue.maximum;
      if (issue.origin === 'number' || issue.origin === 'int') {
        return `${said} is ${small ? 'below' : 'above'} ${bound}${range}`;
      }
      const [count, unit] = sizeOf(given);
      return `has ${count} ${unit}, ${small ? 'fewer' : 'more'} than ${bound}${range}`;
    }
    case 'invalid_value':
      if (given === undefined) return `is missing (allowed ${issue.values.join(', ')})`;
      return `${said} is not one of ${issue.values.join(', ')}`;
    case 'invalid_union': {
      const options = 'options' in issue && Array.isArray(issue.options) ? issue.options.join(', ') : null;
      if (options === null) {
        return `${said} ${issue.message.startsWith('must ') ? issue.message : 'fits none of the allowed forms'}`;
      }
      return given === undefined ? `is missing (allowed ${options})` : `${said} is not one of ${options}`;
    }
    case 'invalid_key':
      return `the name ${issue.issues[0]?.message ?? 'is not allowed'}`;
    case 'invalid_format':
      return `${said} ${/^must |^needs /.test(issue.message) ? issue.message : `is no valid ${issue.format}`}`;
    default:
      return issue.message;
  }
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  number: 'a number',
  int: 'a whole number',
  string: 'text (put it in quotes)',
  boolean: 'true or false',
  object: 'a group of fields',
  record: 'a group of fields',
  array: 'a list',
};

function unknownField(key: string, known: readonly string[]): string {
  const near = known.find((name) => name.toLowerCase() === key.toLowerCase() || oneEditApart(name, key));
  const hint = near === undefined ? `known here are ${known.join(', ')}` : `did you mean ${near}?`;
  return `unknown field; ${hint}`;
}

/** Whether one insertion, deletion, replacement or swap of neighbours turns one word into the other. */
function oneEditApart(a: string, b: string): boolean {
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  const [restA, restB] = [a.slice(start, a.length - end), b.slice(start, b.length - end)];
  if (restA.length <= 1 && restB.length <= 1) return true;
  return restA.length === 2 && restB.length === 2 && restA[0] === restB[1] && restA[1] === restB[0];
}

/** What was given, short enough for a line. */
function shown(given: unknown): string {
  if (given === null || typeof given === 'number' || typeof given === 'boolean') return String(given);
  if (typeof given === 'string') return quotedText(clipped(given, 60));
  if (Array.isArray(given)) return 'a list';
  return given === undefined ? 'nothing' : 'a group of fields';
}

function sizeOf(given: unknown): [number, string] {
  if (typeof given === 'string') return [given.length, given.length === 1 ? 'character' : 'characters'];
  const count = Array.isArray(given) ? given.length : Object.keys(given ?? {}).length;
  return [count, count === 1 ? 'entry' : 'entries'];
}

function allowedText(node: JsonSchema | undefined): string | null {
  if (node === undefined) return null;
  if (node.type === 'string') return between(node.minLength, node.maxLength, ' characters');
  if (node.type === 'array') return between(node.minItems, node.maxItems, ' entries');
  return between(node.minimum, node.maximum, '');
}

function between(low: number | undefined, high: number | undefined, unit: string): string | null {
  const min = low === undefined || low <= Number.MIN_SAFE_INTEGER ? undefined : low;
  const max = high === undefined || high >= Number.MAX_SAFE_INTEGER ? undefined : high;
  if (min !== undefined && max !== undefined) return `${min} to ${max}${unit}`;
  if (min !== undefined) return `at least ${min}${unit}`;
  return max === undefined ? null : `at most ${max}${unit}`;
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined,
    input
  );
}

/** The part of a JSON schema that describes the value at a path. */
function nodeAt(root: JsonSchema, path: readonly PropertyKey[], input: unknown): JsonSchema | undefined {
  let value = input;
  let node = resolved(root, root, value);
  for (const key of path) {
    const next: JsonSchema | false | undefined =
      typeof key === 'number' ? node?.items : (node?.properties?.[String(key)] ?? node?.additionalProperties);
    value = valueAt(value, [key]);
    node = next ? resolved(next, root, value) : undefined;
  }
  return node;
}

/** Follows references, and of several forms takes the one that the value says it is. */
function resolved(node: JsonSchema, root: JsonSchema, value: unknown): JsonSchema | undefined {
  if (node.$ref !== undefined) {
    const target = root.$defs?.[node.$ref.replace('#/$defs/', '')];
    return target && resolved(target, root, value);
  }
  const forms = node.oneOf ?? node.anyOf;
  if (forms === undefined) return node;
  const candidates = forms.filter((form) => form.type !== 'null').map((form) => resolved(form, root, value));
  return candidates.length === 1 ? candidates[0] : candidates.find((form) => form && hasConstants(form, value));
}

function hasConstants(form: JsonSchema, value: unknown): boolean {
  const constants = Object.entries(form.properties ?? {}).filter(([, field]) => field.const !== undefined);
  return constants.length > 0 && constants.every(([name, field]) => valueAt(value, [name]) === field.const);
}
