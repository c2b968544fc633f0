/**
 * Hands out the free numbers among 0 … size − 1 strictly in turn: the first free one behind the last that was taken.
 * A bit per number, so skipping the busy ones costs a few words even with thousands of them.
 */
export class TurnRing {
  readonly #free: Int32Array;
  readonly #size: number;
  #turn = 0;
  #freeCount: number;

  constructor(size: number) {
    this.#size = size;
    this.#freeCount = size;
    this.#free = new Int32Array(Math.ceil(size / 32));
    for (let i = 0; i < size; i++) this.#free[i >> 5]! |= 1 << (i & 31);
  }

  /** Takes the next free number, or −1 when none is free. */
  take(): number {
    if (this.#freeCount === 0) return -1;
    const words = this.#free.length;
    let word = this.#turn >> 5;
    // Only what lies behind the turn in its own word; the rest of that word comes last, after a whole round.
    let bits = this.#free[word]! & (-1 << (this.#turn & 31));
    while (bits === 0) {
      word = word + 1 === words ? 0 : word + 1;
      bits = this.#free[word]!;
    }
    const bit = 31 - Math.clz32(bits & -bits);
    const taken = word * 32 + bit;
    this.#free[word]! &= ~(1 << bit);
    this.#freeCount--;
    this.#turn = taken + 1 === this.#size ? 0 : taken + 1;
    return taken;
  }

  /** Gives back a number that was taken. */
  release(number: number): void {
    this.#free[number >> 5]! |= 1 << (number & 31);
    this.#freeCount++;
  }
}
