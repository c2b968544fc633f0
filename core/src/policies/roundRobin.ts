import type { Random } from '../random/random.ts';
import { PodSet } from './podSet.ts';
import type { Policy } from './policy.ts';

/** Each eligible pod in turn, whatever its weight. It begins at a random pod, so that several balancers do not march in step. */
export class RoundRobin implements Policy {
  readonly #pods = new PodSet();
  readonly #random: Random;
  #next = -1;

  constructor(random: Random) {
    this.#random = random;
  }

  setPods(weights: ArrayLike<number>, eligible: ArrayLike<number | boolean>): void {
    const upcoming = this.#next < 0 ? -1 : this.#pods.indices[this.#next];
    this.#pods.set(weights, eligible);
    const { indices } = this.#pods;
    if (indices.length === 0) return;
    if (upcoming === undefined || upcoming < 0) this.#next = this.#random.below(indices.length);
    else {
      const at = indices.findIndex((pod) => pod >= upcoming);
      this.#next = Math.max(at, 0);
    }
  }

  pick(): number {
    const { indices } = this.#pods;
    if (indices.length === 0) return -1;
    const pod = indices[this.#next]!;
    this.#next = this.#next + 1 === indices.length ? 0 : this.#next + 1;
    return pod;
  }

  started(): void {}
  finished(): void {}
  forget(): void {}
}
