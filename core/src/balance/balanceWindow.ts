/** What one pod did in one second, as the balance sees it. Every known pod is listed in every second, also with zeros. */
export interface PodBalanceSecond {
  readonly pod: string;
  /** First-attempt routing decisions for this pod. */
  readonly decisions: number;
  /** Responses that this pod gave, retries included. */
  readonly served: number;
  /** Those of them that were errors. */
  readonly errors: number;
  /** Sum of the service times of its responses, in microseconds. */
  readonly serviceMicroseconds: number;
  /** Capacity weight, 1 for equal pods. A pod of weight 0 should get nothing and is never eligible. */
  readonly weight: number;
  /** Ready and past its grace: it should get its share. */
  readonly eligible: boolean;
  /**
   * Whether it was ready at all, when that differs from `eligible`: what a pod serves within its grace is not a leak.
   * Left out, it is the same as `eligible`.
   */
  readonly ready?: boolean;
}

export interface BalanceSecond {
  /** False for seconds that are left out of the balance: warm-up, drain, a saturated generator. */
  readonly counts: boolean;
  /** Responses that no pod could be found for. */
  readonly unattributed: number;
  readonly pods: readonly PodBalanceSecond[];
}

/** Sums over a window. All but `leaked` are over the seconds in which the pod was eligible. */
export interface PodTotals {
  readonly pod: string;
  /** Eligible in at least one counted second. */
  readonly eligible: boolean;
  readonly requests: number;
  /** Σ n_t w_it: what it should have got, given who was eligible in each second. */
  readonly expected: number;
  /** Σ n_t w_it (1 - w_it): variance of the count if every decision were made by chance. */
  readonly variance: number;
  readonly served: number;
  readonly errors: number;
  readonly workMicroseconds: number;
  readonly expectedWorkMicroseconds: number;
  /** Decisions for this pod while it was not ready or had weight 0. */
  readonly leaked: number;
}

export interface BalanceTotals {
  readonly pods: readonly PodTotals[];
  /** First-attempt decisions over eligible pods. */
  readonly requests: number;
  /** All first-attempt decisions that a pod could be found for, leaks and pods in their grace included. */
  readonly attributed: number;
  readonly unattributed: number;
  readonly countedSeconds: number;
  /** The most pods that were eligible in the same second. */
  readonly mostEligible: number;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

function emptyPod(pod: string): Mutable<PodTotals> {
  return {
    pod,
    eligible: false,
    requests: 0,
    expected: 0,
    variance: 0,
    served: 0,
    errors: 0,
    workMicroseconds: 0,
    expectedWorkMicroseconds: 0,
    leaked: 0,
  };
}

const isEligible = (second: PodBalanceSecond) => second.eligible && second.weight > 0;

/**
 * Adds up what the balance score needs, one second at a time, in memory proportional to the number of pods. A pod that comes
 * or goes is judged by what was expected of it in the seconds in which it was eligible.
 */
export class BalanceWindow {
  readonly #pods = new Map<string, Mutable<PodTotals>>();
  #requests = 0;
  #attributed = 0;
  #unattributed = 0;
  #countedSeconds = 0;
  #mostEligible = 0;

  /** Adds one second. A second that does not count only makes its pods known. */
  add(second: BalanceSecond): void {
    if (!second.counts) {
      for (const { pod } of second.pods) this.#pod(pod);
      return;
    }
    let requests = 0;
    let work = 0;
    let weight = 0;
    let eligible = 0;
    for (const entry of second.pods) {
      this.#attributed += entry.decisions;
      if (!isEligible(entry)) continue;
      eligible++;
      requests += entry.decisions;
      work += entry.serviceMicroseconds;
      weight += entry.weight;
    }
    for (const entry of second.pods) {
      const totals = this.#pod(entry.pod);
      if (!isEligible(entry)) {
        if (!(entry.ready ?? entry.eligible) || entry.weight <= 0) totals.leaked += entry.decisions;
        continue;
      }
      const share = entry.weight / weight;
      totals.eligible = true;
      totals.requests += entry.decisions;
      totals.expected += requests * share;
      totals.variance += requests * share * (1 - share);
      totals.served += entry.served;
      totals.errors += entry.errors;
      totals.workMicroseconds += entry.serviceMicroseconds;
      totals.expectedWorkMicroseconds += work * share;
    }
    this.#requests += requests;
    this.#unattributed += second.unattributed;
    this.#countedSeconds++;
    this.#mostEligible = Math.max(this.#mostEligible, eligible);
  }

  /** Adds everything that another window has added up. */
  merge(other: BalanceWindow): void {
    for (const from of other.#pods.values()) {
      const into = this.#pod(from.pod);
      into.eligible ||= from.eligible;
      into.requests += from.requests;
      into.expected += from.expected;
      into.variance += from.variance;
      into.served += from.served;
      into.errors += from.errors;
      into.workMicroseconds += from.workMicroseconds;
      into.expectedWorkMicroseconds += from.expectedWorkMicroseconds;
      into.leaked += from.leaked;
    }
    this.#requests += other.#requests;
    this.#attributed += other.#attributed;
    this.#unattributed += other.#unattributed;
    this.#countedSeconds += other.#countedSeconds;
    this.#mostEligible = Math.max(this.#mostEligible, other.#mostEligible);
  }

  /** The sums so far, pods in the order of their names. */
  totals(): BalanceTotals {
    return {
      pods: Array.from(this.#pods.values(), (pod) => ({ ...pod })).sort((a, b) => (a.pod < b.pod ? -1 : 1)),
      requests: this.#requests,
      attributed: this.#attributed,
      unattributed: this.#unattributed,
      countedSeconds: this.#countedSeconds,
      mostEligible: this.#mostEligible,
    };
  }

  #pod(name: string): Mutable<PodTotals> {
    let totals = this.#pods.get(name);
    if (totals === undefined) {
      totals = emptyPod(name);
      this.#pods.set(name, totals);
    }
    return totals;
  }
}
