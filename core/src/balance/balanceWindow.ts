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
  /** Capacity weight, 1 for equal pods. A pod of weight 0 (below 1e-6) should get nothing and is never eligible. */
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
  /** Requests that reached the target and ended without a response: nobody knows which pods they were sent to. */
  readonly unanswered: number;
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
  /** All first-attempt decisions that a pod could be found for: leaks, pods in their grace and seconds that do not count included. */
  readonly attributed: number;
  /** Responses without a pod, those of seconds that do not count included: a wrong header is wrong in any second. */
  readonly unattributed: number;
  /** Requests without a response, likewise: most were sent seconds before they were given up. */
  readonly unanswered: number;
  readonly countedSeconds: number;
  /** The most pods that were eligible in the same second. */
  readonly mostEligible: number;
}

/** Columns of the sums; one row per pod in one typed array, so that windows of a thousand pods merge fast and stay small. */
const LISTED = 0;
const ELIGIBLE = 1;
const REQUESTS = 2;
const EXPECTED = 3;
const VARIANCE = 4;
const SERVED = 5;
const ERRORS = 6;
const WORK = 7;
const EXPECTED_WORK = 8;
const LEAKED = 9;
const COLUMNS = 10;

/** The row of each pod; windows that are merged with each other share one. */
export class PodRows {
  readonly names: string[] = [];
  readonly #rows = new Map<string, number>();

  rowOf(pod: string): number {
    let row = this.#rows.get(pod);
    if (row === undefined) {
      row = this.names.push(pod) - 1;
      this.#rows.set(pod, row);
    }
    return row;
  }
}

/** A smaller capacity weight is as good as none. */
const LEAST_WEIGHT = 1e-6;

const isEligible = (second: PodBalanceSecond) => second.eligible && second.weight >= LEAST_WEIGHT;

/**
 * Adds up what the balance score needs, one second at a time, in memory proportional to the number of pods. A pod that comes
 * or goes is judged by what was expected of it in the seconds in which it was eligible.
 */
export class BalanceWindow {
  readonly #rows: PodRows;
  #sums = new Float64Array(0);
  #requests = 0;
  #attributed = 0;
  #unattributed = 0;
  #unanswered = 0;
  #countedSeconds = 0;
  #mostEligible = 0;

  constructor(rows: PodRows = new PodRows()) {
    this.#rows = rows;
  }

  /** Adds one second. A second that does not count only makes its pods known, and whether requests are answered by name. */
  add(second: BalanceSecond): void {
    this.#unattributed += second.unattributed;
    this.#unanswered += second.unanswered;
    let [requests, work, weight, eligible] = [0, 0, 0, 0];
    for (const entry of second.pods) {
      if (!isEligible(entry)) continue;
      eligible++;
      requests += entry.decisions;
      work += entry.serviceMicroseconds;
      weight += entry.weight;
    }
    for (const entry of second.pods) {
      const row = this.#rows.rowOf(entry.pod) * COLUMNS;
      this.#reach(row);
      const sums = this.#sums;
      sums[row + LISTED]! += 1;
      this.#attributed += entry.decisions;
      if (!second.counts) continue;
      if (isEligible(entry)) {
        const share = entry.weight / weight;
        sums[row + ELIGIBLE]! += 1;
        sums[row + REQUESTS]! += entry.decisions;
        sums[row + EXPECTED]! += requests * share;
        sums[row + VARIANCE]! += requests * share * (1 - share);
        sums[row + SERVED]! += entry.served;
        sums[row + ERRORS]! += entry.errors;
        sums[row + WORK]! += entry.serviceMicroseconds;
        sums[row + EXPECTED_WORK]! += work * share;
      } else if (entry.weight < LEAST_WEIGHT || !(entry.ready ?? entry.eligible)) {
        sums[row + LEAKED]! += entry.decisions;
      }
    }
    if (!second.counts) return;
    this.#requests += requests;
    this.#countedSeconds++;
    this.#mostEligible = Math.max(this.#mostEligible, eligible);
  }

  /** Adds everything that another window over the same PodRows has added up. */
  merge(other: BalanceWindow): void {
    if (other.#rows !== this.#rows) throw new Error('windows can only be merged when they share their PodRows');
    this.#reach(other.#sums.length - 1);
    for (let i = 0; i < other.#sums.length; i++) this.#sums[i]! += other.#sums[i]!;
    this.#requests += other.#requests;
    this.#attributed += other.#attributed;
    this.#unattributed += other.#unattributed;
    this.#unanswered += other.#unanswered;
    this.#countedSeconds += other.#countedSeconds;
    this.#mostEligible = Math.max(this.#mostEligible, other.#mostEligible);
  }

  /** The sums so far, pods in the order of their names. */
  totals(): BalanceTotals {
    const pods: PodTotals[] = [];
    const sums = this.#sums;
    for (let row = 0; row < sums.length; row += COLUMNS) {
      if (sums[row + LISTED] === 0) continue;
      pods.push({
        pod: this.#rows.names[row / COLUMNS]!,
        eligible: sums[row + ELIGIBLE]! > 0,
        requests: sums[row + REQUESTS]!,
        expected: sums[row + EXPECTED]!,
        variance: sums[row + VARIANCE]!,
        served: sums[row + SERVED]!,
        errors: sums[row + ERRORS]!,
        workMicroseconds: sums[row + WORK]!,
        expectedWorkMicroseconds: sums[row + EXPECTED_WORK]!,
        leaked: sums[row + LEAKED]!,
      });
    }
    return {
      pods: pods.sort((a, b) => (a.pod < b.pod ? -1 : 1)),
      requests: this.#requests,
      attributed: this.#attributed,
      unattributed: this.#unattributed,
      unanswered: this.#unanswered,
      countedSeconds: this.#countedSeconds,
      mostEligible: this.#mostEligible,
    };
  }

  /** Makes room for every known pod when index `last` is out of reach. */
  #reach(last: number): void {
    if (last < this.#sums.length) return;
    const grown = new Float64Array(Math.max(this.#rows.names.length * COLUMNS, last + 1, 2 * this.#sums.length));
    grown.set(this.#sums);
    this.#sums = grown;
  }
}
