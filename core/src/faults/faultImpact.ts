import type { FaultWindow } from '@evenkeel/contract/faultReport';
import { balanceScore } from '../balance/balanceScore.ts';
import { type BalanceSecond, BalanceWindow } from '../balance/balanceWindow.ts';
import { Histogram } from '../histogram/histogram.ts';

/** One measured second of a run. */
export interface ImpactSecond {
  /** Its start, milliseconds since the Unix epoch. */
  readonly at: number;
  readonly completed: number;
  readonly errors: number;
  readonly response: Histogram;
  readonly balance: BalanceSecond;
}

/** When a fault began to be injected, was active, began to be taken back, and was over; null while that is not so. */
export interface FaultSpan {
  readonly id: string;
  readonly from: number;
  readonly activeAt: number | null;
  readonly revertingAt: number | null;
  readonly until: number | null;
}

export interface FaultImpact {
  readonly before: FaultWindow | null;
  readonly during: FaultWindow | null;
  readonly after: FaultWindow | null;
  readonly recoverySeconds: number | null;
}

/** Seconds compared before and after a fault, at most. */
const COMPARED_SECONDS = 15;
const STEADY_SECONDS = 3;
const SECOND_MS = 1000;
/** As before: an error rate at most one point above, a p99 at most half above, and small differences do not count. */
const MORE_ERRORS_PERCENT = 1;
const MORE_P99 = 1.5;
const MORE_P99_MS = 5;

/**
 * What faults do to a run, counted while it goes on: before, during and after each fault, by merging the counts of whole
 * seconds. Seconds in which a fault begins or ends belong to neither side, and what is compared with before and after is free
 * of other faults.
 */
export class FaultImpacts {
  readonly #recent: ImpactSecond[] = [];
  readonly #tallies = new Map<string, Tally>();

  /** Takes one measured second, with all faults that are known by its end. */
  add(second: ImpactSecond, faults: readonly FaultSpan[]): void {
    const meanwhile = faults.filter(
      ({ from, until }) => from < second.at + SECOND_MS && (until ?? Number.POSITIVE_INFINITY) > second.at
    );
    for (const fault of faults) {
      let tally = this.#tallies.get(fault.id);
      if (tally === undefined) {
        tally = new Tally(this.#recent.filter(({ at }) => at + SECOND_MS <= fault.from));
        this.#tallies.set(fault.id, tally);
      }
      const alone = meanwhile.every(({ id }) => id === fault.id);
      tally.add(second, fault, alone);
    }
    if (meanwhile.length > 0) return;
    this.#recent.push(second);
    if (this.#recent.length > COMPARED_SECONDS) this.#recent.shift();
  }

  of(id: string): FaultImpact {
    return this.#tallies.get(id)?.impact() ?? { before: null, during: null, after: null, recoverySeconds: null };
  }
}

class Tally {
  readonly #before = new Window();
  readonly #during = new Window();
  readonly #after = new Window();
  #steadySince: number | null = null;
  #steady = 0;
  #recoveredMs: number | null = null;

  constructor(before: readonly ImpactSecond[]) {
    for (const second of before) this.#before.add(second);
  }

  /** `alone`: no other fault was on the target in this second. */
  add(second: ImpactSecond, { activeAt, revertingAt, from, until }: FaultSpan, alone: boolean): void {
    const end = second.at + SECOND_MS;
    if (end <= from) {
      if (alone) this.#before.add(second);
    } else if (activeAt !== null && second.at >= activeAt && end <= (revertingAt ?? Number.POSITIVE_INFINITY)) {
      this.#during.add(second);
    } else if (until !== null && second.at >= until && alone) {
      if (this.#after.seconds < COMPARED_SECONDS) this.#after.add(second);
      this.#recover(second, until);
    }
  }

  impact(): FaultImpact {
    return {
      before: this.#before.figures(),
      during: this.#during.figures(),
      after: this.#after.figures(),
      recoverySeconds: this.#recoveredMs === null ? null : this.#recoveredMs / 1000,
    };
  }

  #recover(second: ImpactSecond, until: number): void {
    const before = this.#before.figures();
    if (this.#recoveredMs !== null || before === null) return;
    if (!isAsBefore(second, before)) {
      this.#steady = 0;
      this.#steadySince = null;
      return;
    }
    this.#steadySince ??= second.at;
    this.#steady++;
    if (this.#steady >= STEADY_SECONDS) this.#recoveredMs = this.#steadySince - until;
  }
}

function isAsBefore(second: ImpactSecond, before: FaultWindow): boolean {
  if (second.completed === 0 || before.errorRatePercent === null) return false;
  const p99Ms = (second.response.quantile(0.99) ?? 0) / 1000;
  const wasMs = before.p99Ms ?? 0;
  return (
    (100 * second.errors) / second.completed <= before.errorRatePercent + MORE_ERRORS_PERCENT &&
    p99Ms <= Math.max(wasMs * MORE_P99, wasMs + MORE_P99_MS)
  );
}

class Window {
  readonly #response = new Histogram();
  readonly #balance = new BalanceWindow();
  #completed = 0;
  #errors = 0;
  seconds = 0;

  add({ completed, errors, response, balance }: ImpactSecond): void {
    this.seconds++;
    this.#completed += completed;
    this.#errors += errors;
    this.#response.add(response);
    this.#balance.add(balance);
  }

  /** null when there is no second. */
  figures(): FaultWindow | null {
    if (this.seconds === 0) return null;
    const ms = (q: number) => {
      const value = this.#response.quantile(q);
      return value === null ? null : value / 1000;
    };
    return {
      seconds: this.seconds,
      completed: this.#completed,
      errorRatePercent: this.#completed === 0 ? null : (100 * this.#errors) / this.#completed,
      p50Ms: ms(0.5),
      p99Ms: ms(0.99),
      scorePercent: balanceScore(this.#balance).scorePercent,
    };
  }
}
