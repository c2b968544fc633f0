import type { Random } from '../random/random.ts';
import type { PodSet } from './podSet.ts';

/** Draws eligible pods in proportion to their weights in constant time (Walker's alias method, Vose's construction). */
export class AliasTable {
  #pods = new Int32Array(0);
  #alias = new Int32Array(0);
  #keep = new Float64Array(0);

  build(pods: PodSet): void {
    const { indices, weights } = pods;
    const n = indices.length;
    this.#pods = indices;
    this.#alias = indices.slice();
    this.#keep = new Float64Array(n).fill(1);
    if (pods.equalWeights) return;
    let total = 0;
    for (const pod of indices) total += weights[pod]!;
    const scaled = Float64Array.from(indices, (pod) => (weights[pod]! * n) / total);
    const small: number[] = [];
    const large: number[] = [];
    for (let at = 0; at < n; at++) (scaled[at]! < 1 ? small : large).push(at);
    while (small.length > 0 && large.length > 0) {
      const below = small.pop()!;
      const above = large.pop()!;
      this.#keep[below] = scaled[below]!;
      this.#alias[below] = indices[above]!;
      scaled[above] = scaled[above]! + scaled[below]! - 1;
      (scaled[above]! < 1 ? small : large).push(above);
    }
  }

  /** A pod index, or -1 when none is eligible. */
  draw(random: Random): number {
    const n = this.#pods.length;
    if (n === 0) return -1;
    const slot = random.below(n);
    const keep = this.#keep[slot]!;
    return keep >= 1 || random.next() < keep ? this.#pods[slot]! : this.#alias[slot]!;
  }
}
