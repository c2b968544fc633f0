import { OUTCOMES, type OutcomeCounts } from '@evenkeel/contract/outcome';
import type { PodReport, Report } from '@evenkeel/contract/report';
import type { PodStatus } from '@evenkeel/contract/target';
import { Histogram } from '../histogram/histogram.ts';
import { EndingTally } from './endingTally.ts';
import type { LoadSecond, PodSecond } from './loadEngine.ts';
import { addCounts, noCounts } from './secondCounts.ts';

export const OK = OUTCOMES.indexOf('ok');

/** Completed requests of a second that were not ok. */
export const errorsOf = (outcomes: Uint32Array): number => outcomes.reduce((sum, n) => sum + n, 0) - outcomes[OK]!;

const WITHOUT_RESPONSE = (['timeout', 'reset', 'other'] as const).map((outcome) => OUTCOMES.indexOf(outcome));

/** Requests that were given up in a second: sent to the target, without a response that could be read. */
export const unansweredOf = ({ outcomes, cancelled }: LoadSecond): number =>
  WITHOUT_RESPONSE.reduce((sum, outcome) => sum + outcomes[outcome]!, cancelled);

/** Counter array to named counts. */
export function outcomeCounts(counts: Uint32Array): OutcomeCounts {
  return Object.fromEntries(OUTCOMES.map((outcome, i) => [outcome, counts[i]!])) as OutcomeCounts;
}

type PodTotals = PodSecond;

/**
 * Sums a run up, with memory that depends on the number of pods only. What counts is the measuring phase and, because slow
 * answers would otherwise be lost, the answers of the drain to requests that the measuring phase sent.
 */
export class RunTally {
  readonly #outcomes = new Uint32Array(OUTCOMES.length);
  readonly #endings = new EndingTally();
  readonly #response = new Histogram();
  readonly #service = new Histogram();
  readonly #lateness = new Histogram();
  readonly #pods = new Map<string, PodTotals>();
  readonly #totals = {
    ...noCounts(),
    completed: 0,
    warmupCompleted: 0,
  };
  readonly #seconds = { warming: 0, measured: 0, draining: 0, strained: 0, saturated: 0 };

  add(second: LoadSecond): void {
    if (second.phase === 'warming') {
      // A pool that was filled in the warm-up serves the measuring phase too.
      this.#totals.connectionsOpened += second.connectionsOpened;
      this.#seconds.warming++;
      this.#totals.warmupCompleted += second.completed;
      this.#endings.addExamples(second);
      return;
    }
    if (second.phase === 'measuring') {
      this.#seconds.measured++;
      if (second.generator.state !== 'ok') this.#seconds[second.generator.state]++;
    } else {
      this.#seconds.draining++;
    }
    addCounts(this.#totals, second);
    this.#totals.completed += second.completed;
    for (let i = 0; i < OUTCOMES.length; i++) this.#outcomes[i]! += second.outcomes[i]!;
    this.#endings.add(second);
    this.#response.add(second.response);
    this.#service.add(second.service);
    this.#lateness.add(second.lateness);
    for (const [pod, counts] of second.pods) addPod(this.#podTotals(pod), counts);
  }

  /** Measured seconds and those of them in which the generator was saturated. */
  get seconds(): Report['seconds'] {
    return { ...this.#seconds };
  }

  /** The report's figures. `pods` is the directory's last word on every pod that the run knew. */
  figures(
    pods: readonly PodStatus[]
  ): Pick<
    Report,
    | 'seconds'
    | 'totals'
    | 'achievedRate'
    | 'offeredRate'
    | 'errorRatePercent'
    | 'outcomes'
    | 'endings'
    | 'addresses'
    | 'response'
    | 'service'
    | 'lateness'
    | 'pods'
  > {
    const measured = Math.max(1, this.#seconds.measured);
    const { completed, offered } = this.#totals;
    return {
      seconds: this.seconds,
      totals: { ...this.#totals },
      achievedRate: completed / measured,
      offeredRate: offered / measured,
      errorRatePercent: completed === 0 ? 0 : (100 * errorsOf(this.#outcomes)) / completed,
      outcomes: outcomeCounts(this.#outcomes),
      endings: this.#endings.endings(),
      addresses: this.#endings.addresses(),
      response: this.#response.summary(),
      service: this.#service.summary(),
      lateness: this.#lateness.summary(),
      pods: pods.map((status) => podReport(status, this.#podTotals(status.pod))),
    };
  }

  #podTotals(pod: string): PodTotals {
    let totals = this.#pods.get(pod);
    if (!totals) {
      totals = {
        decisions: 0,
        outcomes: new Uint32Array(OUTCOMES.length),
        response: new Histogram(),
        serviceMicroseconds: 0,
      };
      this.#pods.set(pod, totals);
    }
    return totals;
  }
}

function addPod(totals: PodTotals, counts: PodSecond): void {
  totals.decisions += counts.decisions;
  totals.serviceMicroseconds += counts.serviceMicroseconds;
  totals.response.add(counts.response);
  for (let i = 0; i < OUTCOMES.length; i++) totals.outcomes[i]! += counts.outcomes[i]!;
}

function podReport(status: PodStatus, totals: PodTotals): PodReport {
  return {
    pod: status.pod,
    requests: totals.decisions,
    errors: errorsOf(totals.outcomes),
    outcomes: outcomeCounts(totals.outcomes),
    response: totals.response.summary(),
    workSeconds: totals.serviceMicroseconds / 1e6,
    readyAtEnd: status.ready,
    restarts: status.restarts,
    weight: status.weight,
    cpuCores: status.cpuCores,
    memoryBytes: status.memoryBytes,
  };
}
