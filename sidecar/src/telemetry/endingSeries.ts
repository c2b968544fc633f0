import { endingName, STATUS_PHRASES } from '@evenkeel/contract/endingText';
import { FAILURE_NAMES } from '@evenkeel/contract/failures';
import type { LoadSecond } from '../runs/ports/loadEngine.ts';
import { labelText } from './exposition.ts';

/** Label of the status codes that no standard knows: a target must not be able to make labels up. */
const UNKNOWN_CODE = 'other';

/** What is exported about how the requests to one target ended; counts only ever grow. */
export class EndingSeries {
  readonly #target: string;
  /** Status codes come one by one, so each begins at 0 in the scrape that first shows it: its first increase is not lost. */
  readonly #codes = new Map<string, { count: number; shown: boolean }>();
  readonly #failures = new Map<string, number>(FAILURE_NAMES.map((name) => [name, 0]));

  constructor(target: string) {
    this.#target = target;
  }

  add(second: LoadSecond): void {
    for (const one of second.endings) {
      const name = endingName(one);
      if (one.failure !== null) {
        this.#failures.set(name, this.#failures.get(name)! + one.count);
        continue;
      }
      const code = name in STATUS_PHRASES ? name : UNKNOWN_CODE;
      const series = this.#codes.get(code) ?? { count: 0, shown: false };
      series.count += one.count;
      this.#codes.set(code, series);
    }
  }

  /** Labels and values of the answers by status code, for one scrape. */
  *codes(): Iterable<readonly [labels: string, value: number]> {
    for (const [code, series] of this.#codes) {
      yield [labelText({ target: this.#target, code }), series.shown ? series.count : 0];
      series.shown = true;
    }
  }

  *failures(): Iterable<readonly [labels: string, value: number]> {
    for (const [failure, count] of this.#failures) yield [labelText({ target: this.#target, failure }), count];
  }
}
