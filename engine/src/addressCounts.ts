/** Requests by the address of the target that they went to, and whether an answer came. */
export class AddressCounts {
  /** Answered and unanswered in turn, by address. */
  readonly #counts: Uint32Array;

  constructor(addresses: number) {
    this.#counts = new Uint32Array(2 * addresses);
  }

  get encodedLength(): number {
    return 1 + this.#counts.length;
  }

  /** `address` below 0 is nowhere. */
  count(address: number, answered: boolean): void {
    if (address >= 0) this.#counts[2 * address + (answered ? 0 : 1)]!++;
  }

  /** Writes how many numbers follow, then the counts. Returns the offset behind. */
  encode(out: Float64Array, offset: number): number {
    out[offset] = this.#counts.length;
    out.set(this.#counts, offset + 1);
    return offset + 1 + this.#counts.length;
  }

  reset(): void {
    this.#counts.fill(0);
  }
}
