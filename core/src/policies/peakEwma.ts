import type { Random } from '../random/random.ts';
import { PodSet, resized } from './podSet.ts';
import type { Policy } from './policy.ts';
import { TwoDistinct } from './twoDistinct.ts';

/** Time constant of the moving average, in microseconds: 10 s, as in Finagle, Linkerd and ingress-nginx. */
const TAU = 10_000_000;
/** Cost of a pod that holds a request while its speed is still unknown: worse than any measured one. */
const PENALTY = 1e12;
const UNKNOWN = -1;

/**
 * Peak-EWMA (Finagle's `p2cPeakEwma`, Linkerd's default): two different pods at random, the lower load wins, where
 * load = cost x (outstanding + 1) / weight. The cost is a moving average of latency that jumps to a peak at once, falls
 * with a time constant of 10 s, and decays towards 0 while the pod is idle, so that a slow pod is tried again.
 *
 * A new pod starts at the mean cost of the known ones; when none is known it gets one request until that one answers.
 * Unlike Finagle, a failed request never lowers the cost: a pod that fails fast is not a fast pod.
 */
export class PeakEwma implements Policy {
  readonly #pods = new PodSet();
  readonly #pair = new TwoDistinct();
  readonly #random: Random;
  #outstanding = new Int32Array(0);
  #cost = new Float64Array(0);
  #stamp = new Float64Array(0);

  constructor(random: Random) {
    this.#random = random;
  }

  setPods(weights: ArrayLike<number>, eligible: ArrayLike<number | boolean>): void {
    this.#pods.set(weights, eligible);
    this.#pair.build(this.#pods);
    const { count } = this.#pods;
    this.#outstanding = resized(this.#outstanding, count);
    this.#stamp = resized(this.#stamp, count);
    this.#cost = resized(this.#cost, count, UNKNOWN);
    for (let pod = 0; pod < count; pod++) if (this.#cost[pod] === UNKNOWN) this.#assume(pod);
  }

  pick(_keyHash: number, now: number): number {
    const pair = this.#pair;
    pair.draw(this.#random);
    if (pair.second < 0) return pair.first;
    return this.#load(pair.second, now) < this.#load(pair.first, now) ? pair.second : pair.first;
  }

  started(pod: number): void {
    this.#outstanding[pod]!++;
  }

  finished(pod: number, now: number, microseconds: number, ok: boolean): void {
    this.#outstanding[pod]!--;
    if (!ok && this.#cost[pod] === UNKNOWN) {
      this.#assume(pod);
      return;
    }
    const decayed = this.#decayed(pod, now);
    const cost = this.#cost[pod]!;
    if (cost === UNKNOWN || microseconds > decayed) {
      this.#cost[pod] = Math.max(microseconds, decayed);
    } else {
      const keep = Math.exp(-Math.max(0, now - this.#stamp[pod]!) / TAU);
      this.#cost[pod] = ok ? cost * keep + microseconds * (1 - keep) : cost;
    }
    this.#stamp[pod] = Math.max(now, this.#stamp[pod]!);
  }

  forget(pod: number): void {
    if (pod >= this.#pods.count) return;
    this.#cost[pod] = UNKNOWN;
    this.#assume(pod);
  }

  #assume(pod: number): void {
    let sum = 0;
    let known = 0;
    let newest = 0;
    for (let other = 0; other < this.#pods.count; other++) {
      if (this.#cost[other] === UNKNOWN) continue;
      sum += this.#cost[other]!;
      newest = Math.max(newest, this.#stamp[other]!);
      known++;
    }
    if (known === 0) return;
    this.#cost[pod] = sum / known;
    this.#stamp[pod] = newest;
  }

  /** The cost after the time since the last answer, as if answers of no length had come. */
  #decayed(pod: number, now: number): number {
    const cost = this.#cost[pod]!;
    return cost <= 0 ? 0 : cost * Math.exp(-Math.max(0, now - this.#stamp[pod]!) / TAU);
  }

  #load(pod: number, now: number): number {
    const outstanding = this.#outstanding[pod]!;
    if (this.#cost[pod] === UNKNOWN) return outstanding === 0 ? 0 : PENALTY + outstanding;
    return (this.#decayed(pod, now) * (outstanding + 1)) / this.#pods.weights[pod]!;
  }
}
