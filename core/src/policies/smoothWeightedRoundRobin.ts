import { PodSet } from './podSet.ts';
import type { Policy } from './policy.ts';
import { SmoothWeighting } from './smoothWeighting.ts';

/** Turns in proportion to the weights, spread as evenly as they can be (nginx's default). Takes O(pods) per pick. */
export class SmoothWeightedRoundRobin implements Policy {
  readonly #pods = new PodSet();
  readonly #turns = new SmoothWeighting();

  setPods(weights: ArrayLike<number>, eligible: ArrayLike<number | boolean>): void {
    this.#pods.set(weights, eligible);
    this.#turns.resize(this.#pods);
  }

  pick(): number {
    const { indices, weights } = this.#pods;
    return indices.length === 0 ? -1 : this.#turns.choose(indices, indices.length, weights);
  }

  started(): void {}
  finished(): void {}
  forget(): void {}
}
