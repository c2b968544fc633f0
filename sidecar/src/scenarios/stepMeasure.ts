import type { BreakingPointSettings, BreakingPointStep } from '@evenkeel/contract/breakingPoint';
import type { GeneratorState } from '@evenkeel/contract/generator';
import type { Report } from '@evenkeel/contract/report';
import type { Sample } from '@evenkeel/contract/sample';
import type { WantedStep } from '@evenkeel/core/scenarios/breakingPointSearch';
import { judgeStep } from '@evenkeel/core/scenarios/stepJudge';

/**
 * Adds up the judged seconds of one step. What the target achieved is counted within those seconds; latencies and errors come
 * from the step's report, which also knows the slow answers that came while the step drained.
 */
export class StepMeasure {
  #seconds = 0;
  #saturated = 0;
  #strained = 0;
  #offered = 0;
  #sent = 0;
  #completed = 0;
  #good = 0;
  #dropped = 0;
  #inFlight = 0;

  add(sample: Sample): void {
    if (sample.phase !== 'measuring') return;
    this.#seconds++;
    if (sample.generator.state === 'saturated') this.#saturated++;
    if (sample.generator.state === 'strained') this.#strained++;
    this.#offered += sample.offered;
    this.#sent += sample.sent;
    this.#completed += sample.completed;
    this.#good += sample.outcomes.ok;
    this.#dropped += sample.dropped;
    this.#inFlight += sample.inFlight;
  }

  /** The step as it goes into the result. `report` is of this step alone. */
  step(
    wanted: WantedStep,
    place: { readonly number: number; readonly atSecond: number },
    report: Pick<Report, 'balance' | 'response' | 'errorRatePercent'>,
    settings: BreakingPointSettings
  ): BreakingPointStep {
    const { balance, response, errorRatePercent } = report;
    const perSecond = (count: number) => (this.#seconds === 0 ? 0 : count / this.#seconds);
    return {
      ...place,
      ...wanted,
      seconds: this.#seconds,
      ...judgeStep(
        {
          offered: this.#offered,
          completed: this.#completed,
          dropped: this.#dropped,
          errorRatePercent,
          p95Ms: response.p95,
          balanceHighPercent: balance.highPercent,
          seconds: this.#seconds,
          saturatedSeconds: this.#saturated,
        },
        settings
      ),
      offeredRate: perSecond(this.#offered),
      sentRate: perSecond(this.#sent),
      goodRate: perSecond(this.#good),
      dropped: this.#dropped,
      errorRatePercent,
      meanMs: response.mean,
      p50Ms: response.p50,
      p95Ms: response.p95,
      p99Ms: response.p99,
      inFlight: perSecond(this.#inFlight),
      balance: {
        verdict: balance.verdict,
        scorePercent: balance.scorePercent,
        lowPercent: balance.lowPercent,
        highPercent: balance.highPercent,
      },
      generator: this.#generator,
    };
  }

  get #generator(): GeneratorState {
    const lasted = (count: number) => count > this.#seconds / 5;
    if (lasted(this.#saturated)) return 'saturated';
    return lasted(this.#saturated + this.#strained) ? 'strained' : 'ok';
  }
}
