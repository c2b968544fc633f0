import type { FaultPreview } from '@evenkeel/contract/fault';
import { type FaultOrder, faultGuardSchema } from '@evenkeel/contract/faultPlan';
import { effectOf, scopeOf } from '@evenkeel/core/faults/faultNumbers';
import { type GuardedPod, type GuardrailSettings, guardrailRefusals } from './guardrails.ts';
import type { FaultPlace } from './ports/faultPlaces.ts';
import { resolveScope } from './scopeResolver.ts';

/** What is known of a pod's faults. */
export interface PodHistory {
  /** Id of the fault that it is under now. */
  faultOf(targetId: string, pod: string): string | null;
  /** Milliseconds since its last fault ended. */
  sinceFaultMs(targetId: string, pod: string): number | null;
}

/**
 * What a fault would do at a place now. The preview and the injection both ask this, so they cannot differ: the same pods in
 * the same state with the same seed give the same answer.
 */
export function surveyFault(
  place: FaultPlace,
  order: FaultOrder,
  seed: number,
  history: PodHistory,
  guardrails: GuardrailSettings
): FaultPreview {
  const { targetId, directory, driver } = place;
  const statuses = directory.list();
  const guarded = statuses.map(
    ({ pod, ready }): GuardedPod => ({
      pod,
      ready,
      faultId: history.faultOf(targetId, pod),
      sinceFaultMs: history.sinceFaultMs(targetId, pod),
    })
  );
  const candidates = guarded.map(({ pod, ready, faultId, sinceFaultMs }) => ({
    pod,
    healthy: ready && faultId === null,
    rested: sinceFaultMs === null || sinceFaultMs >= guardrails.cooldownMs,
    labels: driver.labels(pod),
  }));
  const effect = effectOf(order);
  const scope = scopeOf(order);
  const resolution = resolveScope(scope, candidates, seed);
  const pods = resolution.ok ? resolution.pods : [];
  const unsupported = driver.unsupported(effect);
  const refusals = [
    ...(unsupported === null ? [] : [unsupported]),
    ...(resolution.ok ? guardrailRefusals(pods, guarded, guardrails) : [resolution.refusal]),
  ];
  const healthy = new Set(candidates.filter((candidate) => candidate.healthy).map(({ pod }) => pod));
  const weightOf = (names: ReadonlySet<string>) =>
    statuses.reduce((sum, { pod, weight }) => sum + (names.has(pod) ? weight : 0), 0);
  const hit = new Set(pods.filter((pod) => healthy.has(pod)));
  const guard = order.guard ?? faultGuardSchema.parse({});
  return {
    targetId,
    allowed: refusals.length === 0,
    refusals,
    warnings: directory.complete
      ? []
      : ['Only pods that have answered are known here; there may be more of them than the share says.'],
    effect,
    scope,
    seed,
    pods: [...pods],
    healthyPods: healthy.size,
    remainingPods: healthy.size - hit.size,
    capacityPercent: healthy.size === 0 ? 0 : Math.min(100, (100 * weightOf(hit)) / Math.max(1e-9, weightOf(healthy))),
    forSeconds: order.forSeconds,
    guard,
    stops: stopsOf(order.forSeconds, guard),
  };
}

function stopsOf(forSeconds: number, guard: FaultPreview['guard']): string[] {
  const limits = [
    ...(guard.errorRatePercent === null ? [] : [`the error rate is above ${guard.errorRatePercent} %`]),
    ...(guard.p99Ms === null ? [] : [`p99 is above ${guard.p99Ms} ms`]),
    ...(guard.balancePercent === null ? [] : [`the balance score is below ${guard.balancePercent}`]),
  ];
  return [
    `It ends by itself after ${forSeconds} s: the pods count the time themselves, so this holds even if the service dies.`,
    ...(limits.length === 0
      ? []
      : [`While a run loads the target, it is taken back when ${limits.join(' or ')} for two seconds in a row.`]),
    'An Admin can revert it at any time.',
    'Anybody can pull the safety lever, which reverts every fault.',
  ];
}
