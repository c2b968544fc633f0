import type { StepPurpose, StepVerdict } from '@evenkeel/contract/breakingPoint';

export interface SearchRange {
  /** Requests per second of the first step. */
  readonly startRate: number;
  /** No step goes higher. */
  readonly maxRate: number;
  /** The bracket is narrow enough when its upper end is at most this much above its lower one, in percent. */
  readonly precisionPercent: number;
}

/** The step that the search wants next. */
export interface WantedStep {
  readonly purpose: StepPurpose;
  readonly rate: number;
  /** Another try at the rate of the step before, because that one did not pass. */
  readonly repeated: boolean;
}

export type SearchOutcome = 'found' | 'lower-bound' | 'beyond-range' | 'below-range' | 'unfinished';

/** The result is confirmed a little below the last good rate: at the edge itself a service passes or fails by chance. */
export const CONFIRM_SHARE = 0.95;
/** Verdicts of one kind that settle a rate. */
const TRIES = { failed: 2, inconclusive: 3, unknown: 6 } as const;
/** Confirmations that may fail before the search gives up on a target that is not the same twice. */
const MAX_CONFIRMATIONS = 3;
/** Open rates that are tried again before they count as what the generator can do. */
const MAX_REVISITS = 2;

/**
 * Finds the highest rate that a target takes, one step at a time: doubles from the start rate until a step fails, then bisects
 * (geometrically, so that both halves are equally wide in percent) until the bracket is narrow, then confirms at 0.95 of the
 * last good rate. A confirmation that fails is a new first bad rate and the search goes on below it.
 *
 * A step that failed is repeated once, and a rate is bad when it failed twice. An inconclusive step, which may owe to what else the
 * generator's machine had to do for a moment, is repeated twice (the very first one five times); a rate that stays
 * inconclusive is open. Below a rate that
 * failed, open rates are gaps, and the search narrows the bracket on both sides of them. With nothing failed above, the search stays
 * below the lowest open rate and tries it again at the end; still open, it is what the generator can do, and the result is only a lower
 * bound.
 *
 * Pure: it neither runs nor waits. Ask `next`, run the step, `record` its verdict, until `next` is null.
 */
export class BreakingPointSearch {
  readonly #range: SearchRange;
  readonly #passed: number[] = [];
  /** Verdicts other than passed at the rate that is being tried. */
  #tries: StepVerdict[] = [];
  #current: { readonly purpose: StepPurpose; readonly rate: number } | null;
  readonly #open: number[] = [];
  #firstBad: number | null = null;
  #confirmations = 0;
  #revisits = 0;
  #confirmedRate: number | null = null;

  constructor(range: SearchRange) {
    if (!(range.startRate > 0) || !(range.maxRate >= range.startRate) || !(range.precisionPercent > 0)) {
      throw new RangeError('a search needs 0 < startRate <= maxRate and a precision above 0');
    }
    this.#range = range;
    this.#current = { purpose: 'doubling', rate: range.startRate };
  }

  /** The step to run now; null when the search is over. Does not change until `record`. */
  next(): WantedStep | null {
    return this.#current && { ...this.#current, repeated: this.#tries.length > 0 };
  }

  /** Takes the verdict on the step that `next` asked for. */
  record(verdict: StepVerdict): void {
    const current = this.#current;
    if (current === null) throw new Error('the search is over');
    if (verdict !== 'passed') {
      this.#tries.push(verdict);
      // Before anything passed a weak moment of the machine would be the whole answer.
      const needed =
        verdict === 'failed' ? TRIES.failed : this.#passed.length === 0 ? TRIES.unknown : TRIES.inconclusive;
      if (this.#tries.filter((tried) => tried === verdict).length < needed) return;
      if (verdict === 'failed') this.#firstBad = Math.min(this.#firstBad ?? current.rate, current.rate);
      else this.#open.push(current.rate);
    } else if (current.purpose === 'confirmation') {
      this.#confirmedRate = current.rate;
    } else {
      this.#passed.push(current.rate);
    }
    this.#tries = [];
    this.#current = this.#following();
  }

  /** Highest rate that passed below every rate that failed; null when there is none. */
  get lastGoodRate(): number | null {
    const below = this.#passed.filter((rate) => rate < (this.#firstBad ?? Number.POSITIVE_INFINITY));
    return below.length === 0 ? null : Math.max(...below);
  }

  /** Lowest rate that failed; null when none did. */
  get firstBadRate(): number | null {
    return this.#firstBad;
  }

  /** Lowest open rate between the last good and the first bad one; null when there is none. */
  get ceilingRate(): number | null {
    return this.#gaps[0] ?? null;
  }

  get confirmedRate(): number | null {
    return this.#confirmedRate;
  }

  /** What the search has come to; `unfinished` while it goes on. */
  get outcome(): SearchOutcome {
    const good = this.lastGoodRate;
    const bad = this.#firstBad;
    if (this.#current !== null) return 'unfinished';
    if (good === null) return bad === null ? 'lower-bound' : 'below-range';
    if (bad === null && this.#gaps.length === 0) return 'beyond-range';
    if (this.#confirmedRate === null) return 'unfinished';
    return this.#gaps.length > 0 && this.#isWideOpen(good) ? 'lower-bound' : 'found';
  }

  /** Open rates between the last good and the first bad rate, ascending. */
  get #gaps(): number[] {
    const [good, bad] = [this.lastGoodRate ?? 0, this.#firstBad ?? Number.POSITIVE_INFINITY];
    return this.#open.filter((rate) => rate > good && rate < bad).sort((a, b) => a - b);
  }

  /** Ratio of the ends of a bracket that is narrow enough. */
  get #wide(): number {
    return 1 + this.#range.precisionPercent / 100;
  }

  #following(): { purpose: StepPurpose; rate: number } | null {
    const good = this.lastGoodRate;
    if (good === null || this.#confirmedRate !== null) return null;
    const bad = this.#firstBad ?? this.#gaps[0];
    if (bad === undefined) {
      if (good >= this.#range.maxRate) return null;
      return { purpose: 'doubling', rate: Math.min(2 * good, this.#range.maxRate) };
    }
    if (bad > good * this.#wide) {
      const corners = [good, ...this.#gaps.filter((rate) => rate < bad), bad];
      const middle = this.#middleOfWidest(corners);
      if (middle !== null) return { purpose: 'bisection', rate: middle };
    }
    const again = this.#rateToTryAgain(good);
    if (again !== null) return { purpose: 'bisection', rate: again };
    if (this.#confirmations >= MAX_CONFIRMATIONS) return null;
    this.#confirmations++;
    return { purpose: 'confirmation', rate: rounded(CONFIRM_SHARE * good) };
  }

  /** Before an open rate makes the result a lower bound: takes it out once more, for what kept the machine busy may be over. */
  #rateToTryAgain(good: number): number | null {
    const gap = this.#gaps[0];
    if (gap === undefined || this.#revisits >= MAX_REVISITS || !this.#isWideOpen(good)) return null;
    this.#revisits++;
    this.#open.splice(this.#open.indexOf(gap), 1);
    return gap;
  }

  /** Whether nothing failed near enough above the last good rate to be an answer. A bracket with a gap in it may be twice as wide. */
  #isWideOpen(good: number): boolean {
    return this.#firstBad === null || this.#firstBad > good * this.#wide ** 2;
  }

  /** The middle of the widest piece between corners; null when every piece is narrow enough. */
  #middleOfWidest(corners: readonly number[]): number | null {
    let widest = 1;
    for (let i = 2; i < corners.length; i++) {
      if (corners[i]! / corners[i - 1]! > corners[widest]! / corners[widest - 1]!) widest = i;
    }
    const [low, high] = [corners[widest - 1]!, corners[widest]!];
    return high > low * this.#wide ? between(low, high) : null;
  }
}

/** Rates that people can read: whole above 100, else three digits, which is finer than any precision that can be asked for. */
function rounded(rate: number): number {
  return rate >= 100 ? Math.round(rate) : Number(rate.toPrecision(3));
}

/** A readable rate in the geometric middle; null when there is none strictly between the two. */
function between(good: number, bad: number): number | null {
  const middle = rounded(Math.sqrt(good * bad));
  return middle > good && middle < bad ? middle : null;
}
