import type { Drift } from '@evenkeel/contract/drift';
import type { GeneratorState } from '@evenkeel/contract/generator';
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

interface AnswerPoint extends RecoveryPoint {
  readonly phase: Phase;
  readonly generator: GeneratorState;
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
  answers(timeline: readonly AnswerPoint[]): Answers {
    const measured = timeline.filter((point) => point.phase === 'measuring' && point.generator !== 'saturated');
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

/** What the answer to a scenario's own question says against the run, each in a sentence. */
export interface AnswerFaults {
  /** The service did not do what the scenario was made to show. */
  readonly failures: string[];
  /** The question stayed open. */
  readonly doubts: string[];
}

/**
 * What a run's answers say against it: a scenario fails by the question that it was made for, and by no other. A run that ended
 * early is not blamed for what it could not show any more.
 */
export function faultsOf({ drift, recovery }: Answers, kind: Scenario['kind'], endedEarly: boolean): AnswerFaults {
  const failures: string[] = [];
  const doubts: string[] = [];
  if (kind === 'sustained' && drift?.verdict === 'worse') failures.push(drift.sentence);
  if (kind === 'sustained' && drift?.verdict === 'too-short') doubts.push(drift.sentence);
  if (kind === 'spike' && recovery?.recoverySeconds === null) {
    (recovery.limitP95Ms === null || endedEarly ? doubts : failures).push(recovery.sentence);
  }
  return { failures, doubts };
}
