import type { FieldProblem } from './fieldProblems.ts';
import type { Scenario } from './scenario.ts';
import { parseTargetUrl, requestTargetOf, TargetUrlError } from './targetUrl.ts';

/** Why a scenario cannot be sent to a target, with the field of the scenario that stands against it; null when it can. */
export function requestTargetProblem(
  url: string,
  { request, mix }: Pick<Scenario, 'request' | 'mix'>
): FieldProblem | null {
  const target = parseTargetUrl(url);
  const asked = mix?.map((part, i) => ({ path: part.request.path, at: ['mix', i, 'request', 'path'] }));
  for (const { path, at } of asked ?? [{ path: request.path, at: ['request', 'path'] }]) {
    try {
      requestTargetOf(target, path);
    } catch (error) {
      if (!(error instanceof TargetUrlError)) throw error;
      return { field: at.join('.'), path: at, message: `the target ${error.message}` };
    }
  }
  return null;
}
