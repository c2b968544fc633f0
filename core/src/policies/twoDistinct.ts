import type { Random } from '../random/random.ts';
import { AliasTable } from './aliasTable.ts';
import type { PodSet } from './podSet.ts';

/** Draws of a second pod before the search gives up on chance: with one very heavy pod it might never end (as in nginx). */
const MAX_DRAWS = 20;

/** Draws two different eligible pods, each in proportion to the weights. `second` is -1 when only one pod is eligible. */
export class TwoDistinct {
  first = -1;
  second = -1;
  readonly #table = new AliasTable();
  #pods: PodSet | null = null;

  build(pods: PodSet): void {
    this.#pods = pods;
    this.#table.build(pods);
  }

  draw(random: Random): void {
    this.first = this.#table.draw(random);
    this.second = -1;
    const pods = this.#pods;
    if (pods === null || pods.indices.length < 2) return;
    const { indices } = pods;
    if (pods.equalWeights) {
      // One draw from the others: the last pod stands in for the first one's place.
      const other = indices[random.below(indices.length - 1)]!;
      this.second = other === this.first ? indices[indices.length - 1]! : other;
      return;
    }
    for (let draws = 0; draws < MAX_DRAWS; draws++) {
      const other = this.#table.draw(random);
      if (other !== this.first) {
        this.second = other;
        return;
      }
    }
    const other = indices[random.below(indices.length - 1)]!;
    this.second = other === this.first ? indices[indices.length - 1]! : other;
  }
}
