/** Milliseconds that only go forward, with the Unix epoch as their zero when the process began. */
export const monotonic = (): number => performance.timeOrigin + performance.now();

/** Milliseconds since the Unix epoch from a wall's clock that is read once, and as much later as the monotonic clock says. */
export function steadyNow(wall: () => number = () => Date.now(), forward: () => number = monotonic): () => number {
  const ahead = wall() - forward();
  return () => Math.floor(forward() + ahead);
}

/**
 * The clock of everything that runs and faults record. While any of them goes on it is steady, whatever is done to the clock of the machine: no
 * end comes before its beginning, and what happened on the way is on one axis. In between it goes by the machine.
 */
export class ServiceClock {
  readonly #wall: () => number;
  readonly #forward: () => number;
  readonly #isBusy: () => boolean;
  #steady: () => number;

  constructor(isBusy: () => boolean, wall: () => number = () => Date.now(), forward: () => number = monotonic) {
    this.#isBusy = isBusy;
    this.#wall = wall;
    this.#forward = forward;
    this.#steady = steadyNow(wall, forward);
  }

  /** Milliseconds since the Unix epoch. */
  readonly now = (): number => {
    if (!this.#isBusy()) this.#steady = steadyNow(this.#wall, this.#forward);
    return this.#steady();
  };

  /** When something of this clock is or was by the clock of the machine as it is set now: for whoever compares it with that. */
  readonly onWall = (at: number): number => at + this.#wall() - this.now();
}
