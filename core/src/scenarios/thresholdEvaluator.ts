import { formatThreshold, type Threshold, type ThresholdResult } from '@evenkeel/contract/threshold';
import { Histogram } from '../histogram/histogram.ts';
import { observedText } from '../text/thresholdText.ts';
import { holds, type ThresholdRange, thresholdRange, thresholdValue } from './thresholdValue.ts';

/** What the thresholds need to know of one second of the measuring phase. Nothing of it is kept by reference. */
export interface ThresholdSecond {
  /** Second of the run. */
  readonly second: number;
  /** Response times of the requests that completed in this second. */
  readonly response: Histogram;
  readonly completed: number;
  /** Completed requests that were not ok. */
  readonly errors: number;
  /** Ages of the requests that were cut off, which are in `response` too; none when missing. */
  readonly cutOff?: Histogram;
  /** Balance score in percent of the last `seconds` seconds, as far back as the caller remembers; null when there is none. */
  balanceOver(seconds: number): number | null;
}

/** A threshold whose sliding window stayed in breach for its `forSeconds`. Reported once per threshold. */
export interface ThresholdBreach {
  readonly threshold: Threshold;
  readonly second: number;
  readonly observed: number;
  /** For people: what was asked and what was seen. */
  readonly sentence: string;
}

type Counted = Pick<ThresholdSecond, 'response' | 'completed' | 'errors' | 'cutOff'>;

interface Watch {
  readonly threshold: Threshold;
  /** Windows that must be in breach one after the other: `forSeconds` seconds lie between the first and the last. */
  readonly needed: number;
  /** Values of the last `needed` windows that had one, oldest first. */
  readonly recent: number[];
  /** The value closest to breaking (or furthest beyond) that `needed` windows in a row reached. */
  worst: number | null;
  breachedAtSecond: number | null;
}

/**
 * Judges thresholds over the measuring phase of a run, fed one second at a time.
 *
 * - Without `overSeconds` a threshold is judged once, over everything, in `results`.
 * - With it, every full window that ends in the newest second is judged. The breach counts when all windows of `forSeconds + 1`
 *   seconds in a row break the limit. A window without a value (nothing completed, too few requests for a balance score) neither
 *   breaks the row nor lengthens it.
 *
 * Windows merge histograms, so their percentiles are percentiles of requests. Memory is bounded by the longest window.
 */
export class ThresholdEvaluator {
  readonly #thresholds: readonly Threshold[];
  readonly #watches: Watch[] = [];
  /** Distinct window lengths, ascending. */
  readonly #windows: readonly number[];
  /** The last seconds, as long as the longest window; second n of the phase is at n modulo the length. */
  readonly #ring: { readonly response: Histogram; completed: number; errors: number }[] = [];
  readonly #whole = { response: new Histogram(), completed: 0, errors: 0 };
  /** What came after the phase. */
  readonly #drained = { response: new Histogram(), completed: 0, errors: 0 };
  readonly #window = new Histogram();
  readonly #cutOff = new Histogram();
  #seconds = 0;

  constructor(thresholds: readonly Threshold[]) {
    this.#thresholds = thresholds;
    for (const threshold of thresholds) {
      if (threshold.overSeconds === undefined) continue;
      const needed = (threshold.forSeconds ?? 0) + 1;
      this.#watches.push({ threshold, needed, recent: [], worst: null, breachedAtSecond: null });
    }
    const lengths = new Set(this.#watches.map((watch) => watch.threshold.overSeconds!));
    this.#windows = [...lengths].sort((a, b) => a - b);
  }

  /** Counts one second of the measuring phase and returns the breaches that count from this second on. */
  add(second: ThresholdSecond): ThresholdBreach[] {
    this.#remember(second);
    addTo(this.#whole, second);
    if (second.cutOff) this.#cutOff.add(second.cutOff);
    this.#seconds++;
    const breaches: ThresholdBreach[] = [];
    // One walk from the newest second backwards passes every window length on its way.
    this.#window.reset();
    const counted = { completed: 0, errors: 0 };
    let walked = 0;
    for (const length of this.#windows) {
      if (length > this.#seconds) break;
      for (; walked < length; walked++) {
        const past = this.#ring[(this.#seconds - 1 - walked) % this.#ring.length]!;
        this.#window.add(past.response);
        counted.completed += past.completed;
        counted.errors += past.errors;
      }
      for (const watch of this.#watches) {
        if (watch.threshold.overSeconds !== length) continue;
        const value = thresholdValue(watch.threshold.metric, {
          ...counted,
          response: this.#window,
          seconds: length,
          balance: () => second.balanceOver(length),
        });
        const breach = value === null ? null : judge(watch, value, second.second);
        if (breach) breaches.push(breach);
      }
    }
    return breaches;
  }

  /**
   * Counts answers that came after the phase to requests that it sent, and requests that were cut off with the age that they had:
   * they belong to the whole and to the last window, so that the slowest are not lost, but lengthen nothing and move no window.
   */
  addDrained(drained: Counted): void {
    addTo(this.#whole, drained);
    addTo(this.#drained, drained);
    if (drained.cutOff) this.#cutOff.add(drained.cutOff);
  }

  /**
   * The verdict on every threshold, in the order given. `balance` is the score over the whole measuring phase in percent.
   * A threshold with a window shows the worst value that lasted for its `forSeconds`; when the phase was too short for that,
   * the whole phase is judged instead. What depends on how long requests would have lasted that were cut off is not judged.
   */
  results(balance: number | null): ThresholdResult[] {
    return this.#thresholds.map((threshold) => {
      const watch = this.#watches.find((candidate) => candidate.threshold === threshold);
      const breachedAtSecond = watch?.breachedAtSecond ?? null;
      const range = watch?.worst == null ? this.#wholeRange(threshold, balance) : this.#lastRange(watch, watch.worst);
      if (range === null) return { threshold, observed: null, passed: false, breachedAtSecond };
      const [holdsLow, holdsHigh] = [holds(threshold, range.low), holds(threshold, range.high)];
      const observed = holdsLow === holdsHigh ? (threshold.op.startsWith('<') ? range.low : range.high) : null;
      return { threshold, observed, passed: holdsLow && holdsHigh, breachedAtSecond };
    });
  }

  #wholeRange({ metric }: Threshold, balance: number | null): ThresholdRange | null {
    const whole = { ...this.#whole, seconds: this.#seconds, balance: () => balance };
    return thresholdRange(metric, whole, this.#cutOff);
  }

  /** The worst that windows reached, and the last window once more with what came of its requests after the phase, if that is worse. */
  #lastRange({ threshold: { metric, op, overSeconds }, needed }: Watch, worst: number): ThresholdRange {
    const last = { low: worst, high: worst };
    // It cannot show that a breach lasted, and slow answers break no lower bound.
    if (!op.startsWith('<') || needed > 1 || metric === 'balance' || metric === 'rate') return last;
    if (this.#drained.response.count === 0 && this.#cutOff.count === 0) return last;
    const window = { response: new Histogram(), completed: 0, errors: 0 };
    addTo(window, this.#drained);
    for (let back = 1; back <= overSeconds!; back++) {
      addTo(window, this.#ring[(this.#seconds - back) % this.#ring.length]!);
    }
    const range = thresholdRange(metric, { ...window, seconds: overSeconds!, balance: () => null }, this.#cutOff);
    return range === null ? last : { low: Math.max(worst, range.low), high: Math.max(worst, range.high) };
  }

  #remember(second: ThresholdSecond): void {
    const length = this.#windows.at(-1);
    if (length === undefined) return;
    const at = this.#seconds % length;
    // The ring grows with the first seconds, so a short run never pays for a long window.
    if (this.#ring.length <= at) this.#ring.push({ response: new Histogram(), completed: 0, errors: 0 });
    const slot = this.#ring[at]!;
    slot.response.reset();
    slot.response.add(second.response);
    slot.completed = second.completed;
    slot.errors = second.errors;
  }
}

function addTo(sum: { readonly response: Histogram; completed: number; errors: number }, counted: Counted): void {
  sum.response.add(counted.response);
  sum.completed += counted.completed;
  sum.errors += counted.errors;
}

/** Takes the newest window into account; a breach when the row in breach became long enough just now. */
function judge(watch: Watch, value: number, second: number): ThresholdBreach | null {
  const { threshold, recent } = watch;
  recent.push(value);
  if (recent.length > watch.needed) recent.shift();
  if (recent.length < watch.needed) return null;
  const upper = threshold.op.startsWith('<');
  // The mildest value of the row is what lasted: it breaks the limit exactly when the whole row does.
  const lasted = upper ? Math.min(...recent) : Math.max(...recent);
  if (watch.worst === null || (upper ? lasted > watch.worst : lasted < watch.worst)) watch.worst = lasted;
  if (watch.breachedAtSecond !== null || holds(threshold, lasted)) return null;
  watch.breachedAtSecond = second;
  return { threshold, second, observed: value, sentence: breachSentence(threshold, value) };
}

function breachSentence(threshold: Threshold, value: number): string {
  const asked = formatThreshold({ ...threshold, abort: false });
  return `${threshold.metric} is ${observedText({ threshold, observed: value })}, which breaks "${asked}"`;
}
