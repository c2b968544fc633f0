import type { ArrivalSchedule } from './arrivalSchedule.ts';

/**
 * Walks through the due times of one worker's share of a schedule without allocating: worker w of W gets the requests
 * w, w + W, w + 2W, …, so the shares of all workers together are the schedule, each request exactly once.
 */
export class ArrivalCursor {
  /** When the next request of this share is due, in seconds; Infinity behind the last. */
  due: number;
  readonly #schedule: ArrivalSchedule;
  readonly #step: number;
  #n: number;
  #stage = 0;

  constructor(schedule: ArrivalSchedule, worker = 0, workers = 1) {
    this.#schedule = schedule;
    this.#step = workers;
    this.#n = worker;
    this.due = this.#timeOfCurrent();
  }

  /** Moves to the next request. */
  advance(): void {
    this.#n += this.#step;
    this.due = this.#timeOfCurrent();
  }

  #timeOfCurrent(): number {
    if (this.#n >= this.#schedule.total) return Number.POSITIVE_INFINITY;
    this.#stage = this.#schedule.stageOf(this.#n, this.#stage);
    return this.#schedule.timeInStage(this.#n, this.#stage);
  }
}
