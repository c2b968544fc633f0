import { loopTurn } from '../pacing/loopTurn.ts';

export interface Scrape {
  readonly type: string;
  readonly body: Iterable<string>;
}

export interface SharedBody {
  readonly type: string;
  readonly body: readonly Buffer[];
}

/**
 * One exposition for everybody who scrapes within the same while: a thousand pods are megabytes, which are made and kept once, however
 * many ask for them and however slowly they read. It is made to its end in several turns of the event loop, whoever leaves meanwhile.
 */
export class SharedScrape {
  readonly #make: () => Promise<Scrape>;
  readonly #now: () => number;
  readonly #shareMs: number;
  #made: Promise<SharedBody> | null = null;
  /** When the last one was whole; null while it is being made. */
  #madeAt: number | null = null;

  /** `now` is a monotonic clock in milliseconds; what was made is given out for `shareMs` from then on. */
  constructor(make: () => Promise<Scrape>, now: () => number, shareMs: number) {
    this.#make = make;
    this.#now = now;
    this.#shareMs = shareMs;
  }

  scrape(): Promise<SharedBody> {
    const isOld = this.#madeAt !== null && this.#now() - this.#madeAt >= this.#shareMs;
    if (this.#made === null || isOld) {
      this.#madeAt = null;
      this.#made = this.#begin();
      this.#made.catch(() => {
        this.#made = null;
      });
    }
    return this.#made;
  }

  async #begin(): Promise<SharedBody> {
    const { type, body } = await this.#make();
    const parts: Buffer[] = [];
    for (const part of body) {
      parts.push(Buffer.from(part));
      await loopTurn('health');
    }
    this.#madeAt = this.#now();
    return { type, body: parts };
  }
}
