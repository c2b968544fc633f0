import { endingName, STATUS_PHRASES } from '@evenkeel/contract/endingText';
import { FAILURE_NAMES } from '@evenkeel/contract/failures';
import type { LoadSecond } from '@evenkeel/core/run/loadEngine';
import { labelText } from './exposition.ts';

/** Label of the status codes that no standard knows: a target must not be able to make labels up. */
const UNKNOWN_CODE = 'other';

/** What is exported about how the requests to one target ended; counts only ever grow. */
export class EndingSeries {
  readonly #target: string;
  readonly #codes = new Map<string, number>();
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
      this.#codes.set(code, (this.#codes.get(code) ?? 0) + one.count);
    }
  }

  /** Labels and counts of the answers by status code. */
  *codes(): Iterable<readonly [labels: string, value: number]> {
    for (const [code, count] of this.#codes) yield [labelText({ target: this.#target, code }), count];
  }

  *failures(): Iterable<readonly [labels: string, value: number]> {
    for (const [failure, count] of this.#failures) yield [labelText({ target: this.#target, failure }), count];
  }
}
