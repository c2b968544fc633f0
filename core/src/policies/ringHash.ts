import { mix } from './hash.ts';
import { PodSet } from './podSet.ts';
import type { Policy } from './policy.ts';

/** Points of the heaviest pod on the ring: nginx's figure for `hash ... consistent`. */
export const RING_POINTS = 160;
/** A point and its pod in one number: the low part holds the pod. */
const POD_SPAN = 2 ** 21;

/**
 * Consistent hashing on a ring: the first point clockwise from the key's hash. The heaviest pod has `points` points,
 * others in proportion. The share of a pod varies with CV of about 1 / sqrt(points), so 160 points give no better than
 * a score of about 92 even for perfectly uniform keys. Points depend on a pod's index alone: pods that leave or come
 * move only their own keys, and all balancers agree.
 */
export class RingHash implements Policy {
  readonly #pods = new PodSet();
  readonly #points: number;
  #hashes = new Uint32Array(0);
  #owners = new Int32Array(0);

  constructor(points = RING_POINTS) {
    this.#points = points;
  }

  setPods(weights: ArrayLike<number>, eligible: ArrayLike<number | boolean>): void {
    this.#pods.set(weights, eligible);
    const { indices, weights: weight } = this.#pods;
    const heaviest = weight.reduce((most, value) => Math.max(most, value), 0);
    const counts = Array.from(indices, (pod) => Math.max(1, Math.round((this.#points * weight[pod]!) / heaviest)));
    const ring = new Float64Array(counts.reduce((sum, count) => sum + count, 0));
    let at = 0;
    for (const [order, pod] of indices.entries()) {
      const seed = mix(pod + 1);
      for (let point = 0; point < counts[order]!; point++) {
        ring[at++] = mix(seed + Math.imul(point + 1, 0x9e3779b9)) * POD_SPAN + pod;
      }
    }
    ring.sort();
    this.#hashes = Uint32Array.from(ring, (value) => Math.floor(value / POD_SPAN));
    this.#owners = Int32Array.from(ring, (value) => value % POD_SPAN);
  }

  pick(keyHash: number): number {
    const hashes = this.#hashes;
    if (hashes.length === 0) return -1;
    const key = keyHash >>> 0;
    let low = 0;
    let high = hashes.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (hashes[middle]! < key) low = middle + 1;
      else high = middle;
    }
    return this.#owners[low === hashes.length ? 0 : low]!;
  }

  started(): void {}
  finished(): void {}
  forget(): void {}
}
