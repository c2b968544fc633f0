import { type FieldProblem, fieldProblems } from '@evenkeel/contract/fieldProblems';
import { WIDEST_LIMITS } from '@evenkeel/contract/limits';
import type { RequestHeaders } from '@evenkeel/contract/requestHeaders';
import { scenarioSchemaFor } from '@evenkeel/contract/scenario';

/** Which flag a field of the scenario comes from; the first entry whose path starts the field's path wins. */
const FLAG_OF_FIELD: readonly (readonly [field: string, flag: string])[] = [
  ['load.users', '--users'],
  ['load.spawnRate', '--spawn-rate'],
  ['load.durationSeconds', '--duration'],
  ['load.thinkTimeMs', '--think-time'],
  ['request.method', '--method'],
  ['request.path', '--path'],
  ['request.headers', '--header'],
  ['request.body', '--body'],
  ['request.timeoutMs', '--timeout'],
  ['request.expect', '--expect'],
  ['connections.count', '--connections'],
  ['connections.policy', '--connection-policy'],
  ['connections.streams', '--streams'],
  ['connections.maxRequests', '--max-requests-per-connection'],
  ['connections.maxAgeSeconds', '--max-connection-age'],
  ['connections.maxHeadBytes', '--max-head'],
  ['warmupSeconds', '--warmup'],
  ['drainSeconds', '--drain'],
  ['thresholds', '--threshold'],
  ['faults', '--fault'],
];

/** What is wrong with the scenario that flags asked for: a line for every flag, with its limit. */
export function scenarioProblems(
  problems: readonly FieldProblem[],
  input: unknown,
  flags: { readonly stage?: readonly string[]; readonly allowAny?: boolean }
): string[] {
  const wrongLoad = problems.some(({ field }) => isAboutLoad(field));
  const lines = new Map<string, string>();
  for (const { field, message } of problems) {
    // A load that is not right has no length that a warm-up could be compared with.
    if (wrongLoad && field === 'warmupSeconds' && message.includes('load profile')) continue;
    const flag = flagOf(field, message, flags.stage !== undefined, input);
    const liftable = !flags.allowAny && isAboutLoad(field) && /\ballowed\b/.test(message);
    const hint = liftable && isAllowedBySome(field, input) ? ' (--allow-any lifts the everyday limits)' : '';
    const line = `${flag}: ${message}${hint}.`;
    // One flag makes several fields of a load; what is said of the whole comes last, and says most.
    lines.set(isAboutLoad(field) && flag !== '--stage' ? flag : line, line);
  }
  return [...lines.values()];
}

const isAboutLoad = (field: string) => field.startsWith('load');

function flagOf(field: string, message: string, hasStages: boolean, input: unknown): string {
  if (field.startsWith('load.stages')) {
    if (hasStages) return '--stage';
    return field.endsWith('durationSeconds') || message.startsWith('the stages last') ? '--duration' : '--rate';
  }
  const header = headerAt(/^request\.headers\.(\d+)/.exec(field)?.[1], input);
  const flag = FLAG_OF_FIELD.find(([name]) => field.startsWith(name))?.[1] ?? field;
  return header === undefined ? flag : `${flag} ${header}`;
}

/** The name of the header at a place of the list that flags make; undefined when it is no name that a line can hold. */
function headerAt(place: string | undefined, input: unknown): string | undefined {
  if (place === undefined) return undefined;
  const { headers } = (input as { request: { headers: RequestHeaders } }).request;
  const name = headers[Number(place)]?.[0];
  return name !== undefined && /^[\x21-\x7e]{1,128}$/.test(name) ? name : undefined;
}

function isAllowedBySome(field: string, input: unknown): boolean {
  const schema = scenarioSchemaFor(WIDEST_LIMITS);
  const { error } = schema.safeParse(input);
  return error === undefined || !fieldProblems(schema, error, input).some((problem) => problem.field === field);
}
