/** Weights and eligibility of pods by index, with the eligible ones as a dense list: what every policy starts from. */
export class PodSet {
  /** Number of pods, eligible or not. */
  count = 0;
  weights = new Float64Array(0);
  /** 1 for pods that may be picked. */
  eligible = new Uint8Array(0);
  /** Indices of the eligible pods in ascending order. */
  indices = new Int32Array(0);
  /** Whether all eligible pods weigh the same. */
  equalWeights = true;

  /** @throws RangeError when a weight is negative or not finite, or the lengths differ. */
  set(weights: ArrayLike<number>, eligible: ArrayLike<number | boolean>): void {
    if (weights.length !== eligible.length) {
      throw new RangeError(`${weights.length} weights but ${eligible.length} eligibility flags`);
    }
    for (let pod = 0; pod < weights.length; pod++) {
      const weight = weights[pod]!;
      if (!Number.isFinite(weight) || weight < 0) {
        throw new RangeError(`the weight of pod ${pod} is ${weight}; it must be a number of at least 0`);
      }
    }
    this.count = weights.length;
    this.weights = Float64Array.from(weights);
    this.eligible = Uint8Array.from({ length: this.count }, (_, pod) => (eligible[pod] && weights[pod]! > 0 ? 1 : 0));
    this.indices = Int32Array.from({ length: this.count }, (_, pod) => pod).filter((pod) => this.eligible[pod] === 1);
    const first = this.indices.length > 0 ? this.weights[this.indices[0]!] : 1;
    this.equalWeights = this.indices.every((pod) => this.weights[pod] === first);
  }
}

/** The same array when it already has the length, else a copy of it that is cut or padded with `fill`. */
export function resized<T extends Float64Array | Int32Array>(array: T, length: number, fill = 0): T {
  if (array.length === length) return array;
  const next = new (array.constructor as new (length: number) => T)(length).fill(fill) as T;
  next.set(array.subarray(0, length));
  return next;
}
