import { mix } from './hash.ts';
import { PodSet } from './podSet.ts';
import type { Policy } from './policy.ts';

/** Slots of the table; a prime, as in Google's paper and Envoy. */
const SLOTS = 65_537;

/**
 * Maglev hashing (Eisenbud et al., NSDI 2016): every pod fills slots of a table in the order of its own permutation, in
 * turns that follow the weights. Shares differ by well under 1 % up to about 600 equal pods; a pod that leaves moves its own
 * keys and a few others.
 */
export class Maglev implements Policy {
  readonly #pods = new PodSet();
  #table = new Int32Array(0);

  setPods(weights: ArrayLike<number>, eligible: ArrayLike<number | boolean>): void {
    this.#pods.set(weights, eligible);
    const { indices, weights: weight } = this.#pods;
    const n = indices.length;
    if (n === 0) {
      this.#table = new Int32Array(0);
      return;
    }
    const table = new Int32Array(SLOTS).fill(-1);
    const slot = new Int32Array(n);
    const skip = new Int32Array(n);
    const turn = new Float64Array(n);
    let heaviest = 0;
    for (let at = 0; at < n; at++) {
      const pod = indices[at]!;
      slot[at] = mix(pod + 0x51ed270b) % SLOTS;
      skip[at] = (mix(pod + 0x2545f491) % (SLOTS - 1)) + 1;
      heaviest = Math.max(heaviest, weight[pod]!);
    }
    for (let filled = 0; filled < SLOTS; ) {
      for (let at = 0; at < n && filled < SLOTS; at++) {
        const pod = indices[at]!;
        turn[at]! += weight[pod]! / heaviest;
        if (turn[at]! < 1) continue;
        turn[at]! -= 1;
        let free = slot[at]!;
        while (table[free] !== -1) free = (free + skip[at]!) % SLOTS;
        table[free] = pod;
        slot[at] = (free + skip[at]!) % SLOTS;
        filled++;
      }
    }
    this.#table = table;
  }

  pick(keyHash: number): number {
    return this.#table.length === 0 ? -1 : this.#table[(keyHash >>> 0) % SLOTS]!;
  }

  started(): void {}
  finished(): void {}
  forget(): void {}
}
