import type { Random } from '../random/random.ts';
import { PodSet, resized } from './podSet.ts';
import type { Policy } from './policy.ts';
import { TwoDistinct } from './twoDistinct.ts';

/**
 * Two different pods at random (in proportion to the weights), the one with fewer outstanding requests per weight wins;
 * the first drawn wins a tie. nginx calls it `random two least_conn`.
 */
export class PowerOfTwoChoices implements Policy {
  readonly #pods = new PodSet();
  readonly #pair = new TwoDistinct();
  readonly #random: Random;
  #outstanding = new Int32Array(0);

  constructor(random: Random) {
    this.#random = random;
  }

  setPods(weights: ArrayLike<number>, eligible: ArrayLike<number | boolean>): void {
    this.#pods.set(weights, eligible);
    this.#pair.build(this.#pods);
    this.#outstanding = resized(this.#outstanding, this.#pods.count);
  }

  pick(): number {
    const pair = this.#pair;
    pair.draw(this.#random);
    if (pair.second < 0) return pair.first;
    const { weights } = this.#pods;
    const first = this.#outstanding[pair.first]! * weights[pair.second]!;
    const second = this.#outstanding[pair.second]! * weights[pair.first]!;
    return second < first ? pair.second : pair.first;
  }

  started(pod: number): void {
    this.#outstanding[pod]!++;
  }

  finished(pod: number): void {
    this.#outstanding[pod]!--;
  }

  forget(): void {}
}
