import { PodSet, resized } from './podSet.ts';
import type { Policy } from './policy.ts';
import { SmoothWeighting } from './smoothWeighting.ts';

/**
 * The pod with the fewest outstanding requests per weight over all pods. Ties rotate by smooth weighted round-robin, as
 * in nginx: with a fixed order an idle or fast-failing first pod would swallow the traffic. Takes O(pods) per pick.
 */
export class LeastConnections implements Policy {
  readonly #pods = new PodSet();
  readonly #turns = new SmoothWeighting();
  #outstanding = new Int32Array(0);
  #tied = new Int32Array(0);

  setPods(weights: ArrayLike<number>, eligible: ArrayLike<number | boolean>): void {
    this.#pods.set(weights, eligible);
    this.#turns.resize(this.#pods);
    this.#outstanding = resized(this.#outstanding, this.#pods.count);
    this.#tied = new Int32Array(this.#pods.indices.length);
  }

  pick(): number {
    const { indices, weights } = this.#pods;
    const outstanding = this.#outstanding;
    const tied = this.#tied;
    let ties = 0;
    let least = Number.POSITIVE_INFINITY;
    for (let at = 0; at < indices.length; at++) {
      const pod = indices[at]!;
      const load = outstanding[pod]! / weights[pod]!;
      if (load > least) continue;
      if (load < least) {
        least = load;
        ties = 0;
      }
      tied[ties++] = pod;
    }
    if (ties === 0) return -1;
    return this.#turns.choose(tied, ties, weights);
  }

  started(pod: number): void {
    this.#outstanding[pod]!++;
  }

  finished(pod: number): void {
    this.#outstanding[pod]!--;
  }

  forget(): void {}
}
