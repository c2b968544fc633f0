import type { Drift } from '@evenkeel/contract/drift';
import type { Phase } from '@evenkeel/contract/sample';
import type { Scenario } from '@evenkeel/contract/scenario';
import type { SpikeRecovery } from '@evenkeel/contract/spikeRecovery';
import { type DriftSecond, DriftTracker } from './driftTracker.ts';
import { type RecoveryPoint, spikeRecovery, spikeSpan } from './spikeRecovery.ts';
import { steadyFrom } from './steadyPart.ts';

export interface AnswerSecond extends DriftSecond {
  /** Second of the run. */
  readonly second: number;
  readonly phase: Phase;
  /** The load generator was at its limit: what it shows then is not the service's doing. */
  readonly saturated: boolean;
}

export interface Answers {
  readonly drift?: Drift;
  readonly recovery?: SpikeRecovery;
}

/**
 * What a scenario asks beyond its thresholds: whether the service drifted while the load held one level, and how long it took to recover
 * from a spike. A profile that does not ask a question gets no answer to it.
 */
export class ScenarioAnswers {
  readonly #scenario: Pick<Scenario, 'load' | 'warmupSeconds' | 'kind'>;
  readonly #steadyFrom: number | null;
  readonly #drift = new DriftTracker();

  constructor(scenario: Pick<Scenario, 'load' | 'warmupSeconds' | 'kind'>) {
    this.#scenario = scenario;
    // After a spike the service may still be recovering: that is no drift.
    this.#steadyFrom = this.#span === null ? steadyFrom(scenario) : null;
  }

  add(second: AnswerSecond): void {
    if (this.#steadyFrom === null || second.phase !== 'measuring' || second.saturated) return;
    if (second.second >= this.#steadyFrom) this.#drift.add(second);
  }

  /** The parts of the report. `timeline` is that of the report. */
  answers(timeline: readonly (RecoveryPoint & { readonly phase: Phase })[]): Answers {
    const measured = timeline.filter((point) => point.phase === 'measuring');
    const span = this.#span;
    const drift = this.#steadyFrom === null ? null : this.#drift.result();
    // A short run that did not ask is spared the news that it was too short.
    const isAnswer = drift !== null && (drift.verdict !== 'too-short' || this.#scenario.kind === 'sustained');
    return {
      ...(isAnswer ? { drift } : {}),
      ...(span === null ? {} : { recovery: spikeRecovery(measured, span) }),
    };
  }

  get #span() {
    return this.#scenario.load.model === 'rate' ? spikeSpan(this.#scenario.load.stages) : null;
  }
}

/**
 * Why a run fails by its answers, each in a sentence: a scenario fails by the question that it was made for, and by no other. A run
 * that was stopped early is not blamed for an answer that it could not give.
 */
export function failuresOf({ drift, recovery }: Answers, kind: Scenario['kind']): string[] {
  const failures: string[] = [];
  if (kind === 'sustained' && drift?.verdict === 'worse') failures.push(drift.sentence);
  if (kind === 'spike' && recovery?.recoverySeconds === null && recovery.baselineP95Ms !== null) {
    failures.push(recovery.sentence);
  }
  return failures;
}
