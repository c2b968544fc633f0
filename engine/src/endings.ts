import { FAILURE_NAMES, type Failure } from '@evenkeel/contract/failures';
import { OUTCOMES } from '@evenkeel/contract/outcomes';
import type { EndingCount } from '@evenkeel/core/run/loadEngine';

/** Endings below this number are status codes; failures follow. */
export const FIRST_FAILURE = 1000;
const ENDINGS = FIRST_FAILURE + FAILURE_NAMES.length;

/** An ending as one number: the status code, or the failure behind the status codes. */
export const endingOfFailure = (failure: Failure): number => FIRST_FAILURE + FAILURE_NAMES.indexOf(failure);

/** The status code or the failure that an ending is. */
export function endingKind(ending: number): { status: number | null; failure: Failure | null } {
  return ending < FIRST_FAILURE
    ? { status: ending, failure: null }
    : { status: null, failure: FAILURE_NAMES[ending - FIRST_FAILURE]! };
}

/** Counts by ending and outcome in memory that a second reuses: one status can be expected of one request and not of another. */
export class EndingCounts {
  readonly #counts = new Uint32Array(ENDINGS * OUTCOMES.length);
  readonly #used: number[] = [];

  count(ending: number, outcome: number): void {
    const place = ending * OUTCOMES.length + outcome;
    if (this.#counts[place]!++ === 0) this.#used.push(place);
  }

  /** Numbers that `encode` writes. */
  get encodedLength(): number {
    return 1 + 2 * this.#used.length;
  }

  /** Writes how many there are, then the place and the count of each. Returns the offset behind. */
  encode(out: Float64Array, offset: number): number {
    let at = offset;
    out[at++] = this.#used.length;
    for (const used of this.#used) {
      out[at++] = used;
      out[at++] = this.#counts[used]!;
    }
    return at;
  }

  reset(): void {
    for (const used of this.#used) this.#counts[used] = 0;
    this.#used.length = 0;
  }
}

/** The sum of what several workers counted. */
export class EndingSums {
  readonly #counts = new Map<number, number>();

  /** Adds what `encode` wrote at `offset`. Returns the offset behind. */
  addEncoded(from: Float64Array, offset: number): number {
    const end = offset + 1 + 2 * from[offset]!;
    for (let at = offset + 1; at < end; at += 2) {
      this.#counts.set(from[at]!, (this.#counts.get(from[at]!) ?? 0) + from[at + 1]!);
    }
    return end;
  }

  list(): EndingCount[] {
    return [...this.#counts].map(([place, count]) => {
      const ending = Math.floor(place / OUTCOMES.length);
      return { ...endingKind(ending), outcome: OUTCOMES[place % OUTCOMES.length]!, count };
    });
  }
}

/** One request that ended in a way that had not been seen before, told once by each worker. */
export interface SeenEnding {
  readonly ending: number;
  readonly text: string;
  /** Place among the addresses of the target; −1 when it is not known. */
  readonly address: number;
  readonly pod: string | null;
}
