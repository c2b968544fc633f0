/** What no fault may do, whoever asks. */
export interface GuardrailSettings {
  /** Pods under faults at once, in percent of all pods of the target. */
  readonly maxPodsPercent: number;
  /** Pods that stay ready and under no fault. */
  readonly minHealthyPods: number;
  /** Rest of a pod between two faults, in milliseconds. */
  readonly cooldownMs: number;
}

export const STANDARD_GUARDRAILS: GuardrailSettings = { maxPodsPercent: 50, minHealthyPods: 1, cooldownMs: 5000 };

/** A pod as the guardrails see it. */
export interface GuardedPod {
  readonly pod: string;
  readonly ready: boolean;
  /** Id of the fault that it is under; null when there is none. */
  readonly faultId: string | null;
  /** Milliseconds since its last fault ended; null when it never had one. */
  readonly sinceFaultMs: number | null;
}

/** Every reason, each in a sentence, why these pods must not be hit now; empty when they may. */
export function guardrailRefusals(
  hit: readonly string[],
  pods: readonly GuardedPod[],
  settings: GuardrailSettings
): string[] {
  const refusals: string[] = [];
  const chosen = new Set(hit);
  for (const { pod, ready, faultId, sinceFaultMs } of pods) {
    if (!chosen.has(pod)) continue;
    if (faultId !== null) {
      refusals.push(`${pod} is under the fault ${faultId} already; one fault per pod: revert that one or wait for it.`);
    } else if (!ready) {
      refusals.push(`${pod} is not ready; only healthy pods are hit.`);
    } else if (sinceFaultMs !== null && sinceFaultMs < settings.cooldownMs) {
      const rest = Math.ceil((settings.cooldownMs - sinceFaultMs) / 1000);
      refusals.push(`${pod} came out of a fault ${Math.floor(sinceFaultMs / 1000)} s ago; wait ${rest} s more.`);
    }
  }
  const affected = pods.filter(({ pod, faultId }) => chosen.has(pod) || faultId !== null).length;
  const percent = (100 * affected) / Math.max(1, pods.length);
  if (percent > settings.maxPodsPercent) {
    refusals.push(
      `${affected} of ${pods.length} pods would be under faults (${Math.round(percent)} %); at most ${settings.maxPodsPercent} % are allowed.`
    );
  }
  const healthy = pods.filter(({ pod, ready, faultId }) => ready && faultId === null && !chosen.has(pod)).length;
  if (healthy < settings.minHealthyPods) {
    refusals.push(`${healthy} healthy pods would remain; at least ${settings.minHealthyPods} must.`);
  }
  return refusals;
}
