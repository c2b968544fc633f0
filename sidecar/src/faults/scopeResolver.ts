import type { FaultScope } from '@evenkeel/contract/faultPlan';
import { Random } from '@evenkeel/core/random/random';

/** A pod as the resolver sees it. */
export interface Candidate {
  readonly pod: string;
  /** Ready, and under no other fault. */
  readonly healthy: boolean;
  /** Came out of its last fault long enough ago to be hit again. */
  readonly rested: boolean;
  readonly labels: Readonly<Record<string, string>>;
}

export type Resolution =
  | { readonly ok: true; readonly pods: readonly string[] }
  | { readonly ok: false; readonly refusal: string };

/**
 * Which pods a scope means. A number or a share of the healthy pods is drawn by the seed among those that have rested: the same
 * pods and seed give the same answer. A share is rounded down, but to one pod at least. A name or a label means exactly those pods.
 */
export function resolveScope(scope: FaultScope, candidates: readonly Candidate[], seed: number): Resolution {
  if (scope.pod !== undefined) {
    if (candidates.some(({ pod }) => pod === scope.pod)) return { ok: true, pods: [scope.pod] };
    return refuse(`There is no pod "${scope.pod}"; the pods are ${listed(candidates.map(({ pod }) => pod))}.`);
  }
  if (scope.label !== undefined) {
    const at = scope.label.indexOf('=');
    const [key, value] = [scope.label.slice(0, at), scope.label.slice(at + 1)];
    const found = candidates.filter(({ labels }) => labels[key] === value).map(({ pod }) => pod);
    return found.length > 0 ? { ok: true, pods: found.sort() } : refuse(`No pod has the label ${scope.label}.`);
  }
  const healthy = candidates.filter((candidate) => candidate.healthy);
  const free = healthy.filter(({ rested }) => rested).map(({ pod }) => pod);
  if (healthy.length === 0) return refuse('No pod is healthy (ready and under no other fault), so none can be chosen.');
  const wanted = scope.count ?? Math.max(1, Math.floor((healthy.length * scope.percent!) / 100));
  if (wanted > healthy.length) {
    return refuse(`${wanted} pods are asked for; only ${healthy.length} are healthy (ready and under no other fault).`);
  }
  if (wanted > free.length) {
    return refuse(
      `${wanted} pods are asked for; only ${free.length} have rested from their last fault; wait a few seconds.`
    );
  }
  return { ok: true, pods: drawn(free.sort(), wanted, seed) };
}

/** `count` of the names, by a shuffle that the seed decides, in order of their names. */
function drawn(names: string[], count: number, seed: number): string[] {
  const random = new Random(seed);
  for (let i = 0; i < count; i++) {
    const j = i + random.below(names.length - i);
    [names[i], names[j]] = [names[j]!, names[i]!];
  }
  return names.slice(0, count).sort();
}

const refuse = (refusal: string): Resolution => ({ ok: false, refusal });

const listed = (pods: readonly string[]) =>
  pods.length === 0 ? 'none' : pods.length <= 8 ? pods.join(', ') : `${pods.slice(0, 8).join(', ')}, …`;
