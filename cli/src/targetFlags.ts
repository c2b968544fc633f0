import { type Attribution, attributionSchema, POD_HEADER, UPSTREAM_HEADER } from '@evenkeel/contract/attribution';
import { podIdSchema } from '@evenkeel/contract/ids';
import { MAX_PODS } from '@evenkeel/contract/limits';
import { requestTargetProblem } from '@evenkeel/contract/requestTargetProblem';
import type { Scenario } from '@evenkeel/contract/scenario';
import type { PodStatus, Target } from '@evenkeel/contract/target';
import { parseTargetUrl, type TargetUrl, TargetUrlError } from '@evenkeel/contract/targetUrl';
import { quotedText } from '@evenkeel/contract/unseenText';
import type { PodDirectory } from '@evenkeel/core/targets/podDirectory';
import { UsageError } from './usageError.ts';

export interface TargetFlags {
  target?: string;
  attribute?: string[];
  pod?: string[];
}

/** The target that `--target`, `--attribute` and `--pod` describe, for a scenario. Throws a UsageError that names the flag. */
export function targetFromFlags(
  flags: TargetFlags & { target: string },
  scenario: Scenario
): { target: Target; directory: PodDirectory } {
  const url = parseUrl(flags.target);
  const problem = requestTargetProblem(flags.target, scenario);
  if (problem) throw new UsageError(`--target and ${problem.field}: ${problem.message}.`);
  return {
    target: {
      id: 'url',
      name: url.authority,
      kind: 'url',
      url: flags.target,
      attribution: parseAttribution(flags.attribute ?? []),
      balancer: 'whatever answers at this URL',
    },
    directory: namedPods(flags.pod ?? []),
  };
}

function parseUrl(text: string): TargetUrl {
  try {
    return parseTargetUrl(text);
  } catch (error) {
    if (!(error instanceof TargetUrlError)) throw error;
    // Where a password may stand, nothing is repeated.
    const said = text.includes('@') || text.length > 100 ? '' : ` ${quotedText(text)}`;
    throw new UsageError(`--target${said} ${error.message}.`);
  }
}

function parseAttribution(expressions: readonly string[]): Attribution {
  if (expressions.length === 0) return { header: POD_HEADER, upstreamHeader: UPSTREAM_HEADER };
  const wanted: Attribution = {};
  for (const expression of expressions) {
    const [kind, name] = [expression.slice(0, expression.indexOf(':')), expression.slice(expression.indexOf(':') + 1)];
    if (kind === 'header') wanted.header = name;
    else if (kind === 'upstream') wanted.upstreamHeader = name;
    else
      throw new UsageError(
        `--attribute ${quotedText(expression)}: write header:NAME (the pod names itself) or upstream:NAME (the balancer lists addresses).`
      );
  }
  const parsed = attributionSchema.safeParse(wanted);
  if (!parsed.success) throw new UsageError(`--attribute: ${parsed.error.issues[0]!.message}.`);
  return parsed.data;
}

/** Pods that the person named with `--pod NAME` or `--pod NAME=ADDRESS:PORT`: they count even when they never answer. */
function namedPods(names: readonly string[]): PodDirectory {
  if (names.length > MAX_PODS) throw new UsageError(`--pod: at most ${MAX_PODS} pods can be named.`);
  const pods = names.map((text): PodStatus => {
    const [pod, address] = text.split('=', 2) as [string, string?];
    if (!podIdSchema.safeParse(pod).success) throw new UsageError(`--pod ${quotedText(text)} is not a pod name.`);
    return {
      pod,
      address: address ?? null,
      ready: true,
      weight: 1,
      cpuCores: null,
      memoryBytes: null,
      activeConnections: null,
      restarts: 0,
    };
  });
  return { list: () => pods, complete: pods.length > 0 };
}
