/**
 * Which counters were in the last exposition. Prometheus sees an increase only between two values, so a counter that begins at 15
 * loses 15: the first time that one is written it is written as 0, whatever was counted by then, and the next time as it is.
 * What is left out of an exposition is forgotten, and begins at 0 again.
 */
export class KnownSeries {
  #last = new Map<string, Set<string>>();
  #current = new Map<string, Set<string>>();

  /** An exposition begins. */
  turn(): void {
    this.#last = this.#current;
    this.#current = new Map();
  }

  /** Whether the last exposition had this series; this one has it from now on. */
  has(family: string, labels: string): boolean {
    const current = this.#current.get(family) ?? new Set();
    this.#current.set(family, current.add(labels));
    return this.#last.get(family)?.has(labels) ?? false;
  }
}
