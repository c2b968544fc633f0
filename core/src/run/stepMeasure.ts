import type { BreakingPointSettings, BreakingPointStep } from '@evenkeel/contract/breakingPoint';
import type { GeneratorState } from '@evenkeel/contract/generator';
import type { Report } from '@evenkeel/contract/report';
import type { Sample } from '@evenkeel/contract/sample';
import type { WantedStep } from '../scenarios/breakingPointSearch.ts';
import { isLasting, type JudgedFigures, judgeStep } from '../scenarios/stepJudge.ts';

/**
 * Adds up the judged seconds of one step. What the target achieved is counted within those seconds; latencies and errors come
 * from the step's report, which also knows the slow answers that came while the step drained.
 */
export class StepMeasure {
  readonly #all = new Count();
  /** Seconds in which the generator was not saturated. */
  readonly #others = new Count();
  #strained = 0;
  #sent = 0;
  #inFlight = 0;

  add(sample: Sample): void {
    if (sample.phase !== 'measuring') return;
    this.#all.add(sample);
    if (sample.generator.state !== 'saturated') this.#others.add(sample);
    if (sample.generator.state === 'strained') this.#strained++;
    this.#sent += sample.sent;
    this.#inFlight += sample.inFlight;
  }

  /** The step as it goes into the result. `report` is of this step alone, `usualMeanMs` of the last one that passed. */
  step(
    wanted: WantedStep,
    place: { readonly number: number; readonly atSecond: number },
    report: Pick<Report, 'balance' | 'response' | 'errorRatePercent'>,
    settings: BreakingPointSettings,
    usualMeanMs: number | null
  ): BreakingPointStep {
    const { balance, response, errorRatePercent } = report;
    const { seconds, offered, completed, good, dropped } = this.#all;
    const perSecond = (count: number) => (seconds === 0 ? 0 : count / seconds);
    return {
      ...place,
      ...wanted,
      seconds,
      ...judgeStep(
        {
          seconds,
          offered,
          completed,
          dropped,
          errorRatePercent,
          p95Ms: response.p95,
          balanceHighPercent: balance.highPercent,
          saturatedSeconds: this.#saturated,
          others: this.#others.figures,
          meanMs: response.mean,
          usualMeanMs,
        },
        settings
      ),
      offeredRate: perSecond(offered),
      sentRate: perSecond(this.#sent),
      goodRate: perSecond(good),
      dropped,
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

  get #saturated(): number {
    return this.#all.seconds - this.#others.seconds;
  }

  get #generator(): GeneratorState {
    const { seconds } = this.#all;
    if (isLasting(this.#saturated, seconds)) return 'saturated';
    return isLasting(this.#saturated + this.#strained, seconds) ? 'strained' : 'ok';
  }
}

/** Sums over some seconds of a step. */
class Count {
  seconds = 0;
  offered = 0;
  completed = 0;
  good = 0;
  dropped = 0;
  readonly #p95s: number[] = [];

  add({ offered, completed, outcomes, dropped, response }: Sample): void {
    this.seconds++;
    this.offered += offered;
    this.completed += completed;
    this.good += outcomes.ok;
    this.dropped += dropped;
    if (response.p95 !== null) this.#p95s.push(response.p95);
  }

  get figures(): JudgedFigures {
    const { seconds, offered, completed, good, dropped } = this;
    return {
      seconds,
      offered,
      completed,
      dropped,
      errorRatePercent: completed === 0 ? 0 : (100 * (completed - good)) / completed,
      // Of single seconds: the one behind a standstill still shows its queue, so the middle one speaks for them.
      p95Ms: this.#p95s.sort((a, b) => a - b)[this.#p95s.length >> 1] ?? null,
    };
  }
}
