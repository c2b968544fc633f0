/** Seconds that a balancer may take to notice a pod that has become ready. */
export const GRACE_SECONDS = 5;

export interface PodReadiness {
  readonly pod: string;
  readonly ready: boolean;
}

/**
 * Which pods should get their share of the load. A pod that becomes ready is given a grace, because balancers poll or are told
 * late; pods that are ready in the very first second of a run need none. A pod that stops being ready stops being eligible at once.
 */
export class Eligibility {
  readonly #graceSeconds: number;
  /** The second from which each ready pod is eligible. */
  #eligibleFrom: ReadonlyMap<string, number> | null = null;

  constructor(graceSeconds: number = GRACE_SECONDS) {
    this.#graceSeconds = graceSeconds;
  }

  /** Takes the readiness of all pods in `second` (which grows from call to call) and returns the names of the eligible ones. */
  observe(second: number, pods: Iterable<PodReadiness>): ReadonlySet<string> {
    const before = this.#eligibleFrom;
    const eligibleFrom = new Map<string, number>();
    const eligible = new Set<string>();
    for (const { pod, ready } of pods) {
      if (!ready) continue;
      const from = before === null ? second : (before.get(pod) ?? second + this.#graceSeconds);
      eligibleFrom.set(pod, from);
      if (from <= second) eligible.add(pod);
    }
    this.#eligibleFrom = eligibleFrom;
    return eligible;
  }
}
