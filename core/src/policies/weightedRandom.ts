import type { Random } from '../random/random.ts';
import { AliasTable } from './aliasTable.ts';
import { PodSet } from './podSet.ts';
import type { Policy } from './policy.ts';

/** Each request to a pod at random, in proportion to the weights. */
export class WeightedRandom implements Policy {
  readonly #pods = new PodSet();
  readonly #table = new AliasTable();
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  setPods(weights: ArrayLike<number>, eligible: ArrayLike<number | boolean>): void {
    this.#pods.set(weights, eligible);
    this.#table.build(this.#pods);
  }

  pick(): number {
    return this.#table.draw(this.#random);
  }

  started(): void {}
  finished(): void {}
  forget(): void {}
}
