/**
 * When the users of a closed-model load start: user i (from 0) at i / spawnRate seconds, until all run or the profile
 * ends. Worker w of W gets the users w, w + W, …: whole users, never shares of one.
 */
export class UserSchedule {
  readonly durationSeconds: number;
  readonly #users: number;
  readonly #spawnRate: number;

  constructor(load: { readonly users: number; readonly spawnRate: number; readonly durationSeconds: number }) {
    this.#users = load.users;
    this.#spawnRate = load.spawnRate;
    this.durationSeconds = load.durationSeconds;
  }

  /** Users of the whole profile. */
  get total(): number {
    return this.#users;
  }

  /** When user i starts, in seconds; Infinity when there is no such user. */
  startOf(i: number): number {
    const start = i / this.#spawnRate;
    return i < this.#users && start < this.durationSeconds ? start : Number.POSITIVE_INFINITY;
  }

  /** Users running at time t; 0 outside the profile. */
  usersAt(t: number): number {
    if (t < 0 || t >= this.durationSeconds) return 0;
    return Math.min(this.#users, Math.floor(t * this.#spawnRate + 1e-9) + 1);
  }
}
