import { type BalanceSecond, type BalanceTotals, BalanceWindow, PodRows } from './balanceWindow.ts';

/** The window of the live score, in seconds. */
export const LIVE_SECONDS = 60;

/**
 * The balance of the last `seconds` seconds. Nothing is ever subtracted, so nothing drifts: old seconds are kept as sums of
 * themselves and everything newer up to the last turn-over (a queue made of two stacks), which costs O(pods) a second on average.
 */
export class LiveWindow {
  readonly #seconds: number;
  readonly #rows = new PodRows();
  /** Seconds since the last turn-over, oldest first. */
  #recent: BalanceWindow[] = [];
  #recentSum = new BalanceWindow(this.#rows);
  /** Sums over seconds before the last turn-over, the longest last: dropping the oldest second is a pop. */
  #olderSums: BalanceWindow[] = [];

  constructor(seconds: number = LIVE_SECONDS) {
    if (!Number.isInteger(seconds) || seconds < 1) throw new RangeError('seconds must be a whole number of at least 1');
    this.#seconds = seconds;
  }

  /** Adds one second and forgets the oldest one. A second that does not count takes its place in time all the same. */
  add(second: BalanceSecond): void {
    if (this.#recent.length + this.#olderSums.length === this.#seconds) this.#dropOldest();
    const window = new BalanceWindow(this.#rows);
    window.add(second);
    this.#recent.push(window);
    this.#recentSum.merge(window);
  }

  totals(): BalanceTotals {
    return this.#sumOf(this.#olderSums.at(-1), this.#recentSum).totals();
  }

  #dropOldest(): void {
    if (this.#olderSums.length === 0) {
      for (const window of this.#recent.reverse()) this.#olderSums.push(this.#sumOf(this.#olderSums.at(-1), window));
      this.#recent = [];
      this.#recentSum = new BalanceWindow(this.#rows);
    }
    this.#olderSums.pop();
  }

  #sumOf(a: BalanceWindow | undefined, b: BalanceWindow): BalanceWindow {
    const sum = new BalanceWindow(this.#rows);
    if (a !== undefined) sum.merge(a);
    sum.merge(b);
    return sum;
  }
}
