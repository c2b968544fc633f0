const FIRST_MS = 200;
const LONGEST_MS = 10_000;
/** A process that lived this long starts with a clean slate. */
const FORGIVEN_AFTER_MS = 30_000;

/** Back-off of restarts: 0.2 s, doubled for every crash in a row up to 10 s, as a cluster does at a larger scale. */
export class RestartDelay {
  #next = FIRST_MS;

  /** The delay before the next start of a process that lived for `livedMs`. */
  after(livedMs: number): number {
    if (livedMs >= FORGIVEN_AFTER_MS) this.#next = FIRST_MS;
    const delay = this.#next;
    this.#next = Math.min(LONGEST_MS, this.#next * 2);
    return delay;
  }
}
