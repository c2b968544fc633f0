import { type PodSet, resized } from './podSet.ts';

/**
 * nginx's smooth weighted round-robin over any subset of pods: every candidate gains its weight, the largest is chosen
 * and pays the sum back. Weights 5, 1, 1 give A A B A C A A instead of A A A A A B C.
 */
export class SmoothWeighting {
  #current = new Float64Array(0);

  resize(pods: PodSet): void {
    this.#current = resized(this.#current, pods.count);
    for (let pod = 0; pod < pods.count; pod++) if (pods.eligible[pod] === 0) this.#current[pod] = 0;
  }

  /** Chooses among the first `length` of `candidates` (pod indices); at least one. */
  choose(candidates: Int32Array, length: number, weights: Float64Array): number {
    const current = this.#current;
    let best = -1;
    let total = 0;
    for (let at = 0; at < length; at++) {
      const pod = candidates[at]!;
      const weight = weights[pod]!;
      total += weight;
      const value = current[pod]! + weight;
      current[pod] = value;
      if (best < 0 || value > current[best]!) best = pod;
    }
    current[best]! -= total;
    return best;
  }
}
