import type { Random } from '../random/random.ts';

/**
 * Draws which request of a mix is sent next, by weight. By chance and not in turn: a fixed order could fall into step with a
 * round-robin balancer and send one kind of request to one pod only.
 */
export class RequestMix {
  readonly #upTo: readonly number[];
  readonly #random: Random;

  /** At least one weight, all above 0. Each worker takes a random stream of its own. */
  constructor(weights: readonly number[], random: Random) {
    let sum = 0;
    this.#upTo = weights.map((weight) => {
      sum += weight;
      return sum;
    });
    this.#random = random;
  }

  /** Index of the next request. */
  next(): number {
    const drawn = this.#random.next() * this.#upTo.at(-1)!;
    let index = 0;
    while (drawn >= this.#upTo[index]!) index++;
    return index;
  }
}
