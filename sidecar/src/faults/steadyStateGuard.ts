import type { FaultGuard } from '@evenkeel/contract/faultPlan';

/** One second of the run that loads the target, as the guard looks at it. */
export interface SteadySecond {
  /** null when nothing completed. */
  readonly errorRatePercent: number | null;
  readonly p99Ms: number | null;
  readonly balancePercent: number | null;
}

/** A single bad second may be chance; with two the fault is taken back within three seconds of the breach. */
const BAD_SECONDS = 2;
/** A guard that saw the run and sees it no more does not wait longer than this. */
const BLIND_AFTER_MS = 3000;

/** Watches the steady state of a target that is under a fault. Says in a sentence why the fault must be taken back. */
export class SteadyStateGuard {
  readonly #limits: FaultGuard;
  #bad = 0;
  #seenAt: number | null = null;

  constructor(limits: FaultGuard) {
    this.#limits = limits;
  }

  /** Takes one second that was seen at the monotonic time `at`. */
  observe(second: SteadySecond, at: number): string | null {
    this.#seenAt = at;
    const breach = this.#breach(second);
    this.#bad = breach === null ? 0 : this.#bad + 1;
    return this.#bad >= BAD_SECONDS ? breach : null;
  }

  /** To be called each second: a run that went silent is no steady state. */
  check(at: number): string | null {
    if (this.#seenAt === null || at - this.#seenAt <= BLIND_AFTER_MS) return null;
    return `nothing was heard of the run for ${BLIND_AFTER_MS / 1000} s, so the steady state cannot be watched`;
  }

  /** The run ended in order: silence from now on means nothing. */
  rest(): void {
    this.#seenAt = null;
    this.#bad = 0;
  }

  #breach({ errorRatePercent, p99Ms, balancePercent }: SteadySecond): string | null {
    const { errorRatePercent: maxErrors, p99Ms: maxP99, balancePercent: minBalance } = this.#limits;
    if (maxErrors !== null && errorRatePercent !== null && errorRatePercent > maxErrors) {
      return `the error rate was ${errorRatePercent.toFixed(1)} %, above the limit of ${maxErrors} %`;
    }
    if (maxP99 !== null && p99Ms !== null && p99Ms > maxP99) {
      return `p99 was ${Math.round(p99Ms)} ms, above the limit of ${maxP99} ms`;
    }
    if (minBalance !== null && balancePercent !== null && balancePercent < minBalance) {
      return `the balance score was ${balancePercent.toFixed(1)}, below the limit of ${minBalance}`;
    }
    return null;
  }
}
