import type { AddressReport, Ending, EndingExample } from '@evenkeel/contract/ending';
import { endingName } from '@evenkeel/contract/endingText';
import type { EndingCount, LoadSecond } from './loadEngine.ts';

/** Sums up how the requests of a run ended, with one example of each, and what came of each address. */
export class EndingTally {
  readonly #counts = new Map<string, EndingCount>();
  readonly #examples = new Map<string, EndingExample>();
  readonly #addresses = new Map<string, AddressReport>();

  /** Keeps the examples of a second whose counts are of no account: the first one of its kind may come in the warm-up. */
  addExamples({ seen }: LoadSecond): void {
    for (const one of seen) {
      const name = endingName(one);
      if (!this.#examples.has(name)) this.#examples.set(name, one.example);
    }
  }

  add(second: LoadSecond): void {
    this.addExamples(second);
    for (const one of second.endings) {
      const key = `${endingName(one)} ${one.outcome}`;
      this.#counts.set(key, { ...one, count: one.count + (this.#counts.get(key)?.count ?? 0) });
    }
    for (const { address, answered, unanswered } of second.addresses) {
      const sum = this.#addresses.get(address) ?? { address, answered: 0, unanswered: 0 };
      this.#addresses.set(address, {
        address,
        answered: sum.answered + answered,
        unanswered: sum.unanswered + unanswered,
      });
    }
  }

  /** Most frequent first. */
  endings(): Ending[] {
    return [...this.#counts.values()]
      .map((one) => ({ ...one, example: this.#examples.get(endingName(one)) ?? null }))
      .sort((a, b) => b.count - a.count);
  }

  /** In the order in which connections take them in turn. */
  addresses(): AddressReport[] {
    return [...this.#addresses.values()];
  }
}
