/** First-in-first-out queue of (id, time) pairs with a fixed capacity, in two flat arrays. */
export class TimedQueue {
  readonly #ids: Int32Array;
  readonly #times: Float64Array;
  #head = 0;
  #size = 0;

  constructor(capacity: number) {
    this.#ids = new Int32Array(Math.max(1, capacity));
    this.#times = new Float64Array(Math.max(1, capacity));
  }

  get size(): number {
    return this.#size;
  }

  /** Time of the first pair; Infinity when empty. */
  get firstTime(): number {
    return this.#size === 0 ? Number.POSITIVE_INFINITY : this.#times[this.#head]!;
  }

  push(id: number, time: number): void {
    const at = (this.#head + this.#size++) % this.#ids.length;
    this.#ids[at] = id;
    this.#times[at] = time;
  }

  /** Removes the first pair and returns its id. The queue must not be empty. */
  shift(): number {
    const id = this.#ids[this.#head]!;
    this.#head = (this.#head + 1) % this.#ids.length;
    this.#size--;
    return id;
  }

  clear(): void {
    this.#size = 0;
  }
}
