import { type RunStore, StoreFailure } from './ports/runStore.ts';

/** About an hour of seconds of one run; past it samples are given up, states and reports never. */
const MAX_WAITING_SAMPLES = 3600;

type Write = (store: RunStore) => void;

/**
 * Writes what happened to runs, in order, and loses nothing when the store fails: what could not be written waits in memory
 * and is tried again. A run goes on and ends the same whether its history can be written now or later.
 */
export class HistoryWriter {
  readonly #store: RunStore;
  readonly #complain: (message: string, error: unknown) => void;
  readonly #waiting: { write: Write; sample: boolean }[] = [];
  #waitingSamples = 0;
  #lostSamples = 0;
  #failure: string | null = null;

  /** `complain` is told of a write that can never succeed, and is given up. */
  constructor(store: RunStore, complain: (message: string, error: unknown) => void) {
    this.#store = store;
    this.#complain = complain;
  }

  /** Why writes wait, for people; null when none do. */
  get failure(): string | null {
    return this.#failure;
  }

  /** Samples that were given up because too many were waiting. */
  get lostSamples(): number {
    return this.#lostSamples;
  }

  write(write: Write): void {
    this.#enqueue(write, false);
  }

  /** As `write`, but may be given up when very many wait. */
  writeSample(write: Write): void {
    if (this.#waitingSamples >= MAX_WAITING_SAMPLES) this.#lostSamples++;
    else this.#enqueue(write, true);
  }

  /** Tries what waits again. Returns whether nothing waits any more. */
  retry(): boolean {
    while (this.#waiting.length > 0) {
      try {
        this.#waiting[0]!.write(this.#store);
      } catch (error) {
        if (error instanceof StoreFailure) {
          this.#failure = error.message;
          return false;
        }
        // A mistake of ours; what comes after it must not wait for ever, nor the service die of it.
        this.#complain('a part of the history could not be written', error);
      }
      if (this.#waiting.shift()!.sample) this.#waitingSamples--;
    }
    this.#failure = null;
    return true;
  }

  #enqueue(write: Write, sample: boolean): void {
    this.#waiting.push({ write, sample });
    if (sample) this.#waitingSamples++;
    // While something waits, a timer tries again: not every second of every run hits the failing disk.
    if (this.#failure === null) this.retry();
  }
}
