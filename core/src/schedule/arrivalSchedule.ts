import type { Stage } from '@evenkeel/contract/scenario';

/**
 * When an open-model load sends its requests: a pure function of time over a piecewise-linear rate.
 *
 * With A(t) the integral of the rate from 0 to t (in requests), request n (from 0) is due at the last moment at which
 * A(t) is still n. So a constant rate r sends at 0, 1/r, 2/r, …: every full second of it holds exactly r requests, and
 * fractions of a request carry over stage borders. The time within a stage that moves from rate a with slope s solves
 * a·t + s·t²/2 = x for the part x of A that lies in the stage: t = 2x / (a + √(a² + 2·s·x)), k6's ramping arrival rate
 * in the form that loses no digits when s is small.
 *
 * All times are seconds since the profile's start.
 */
export class ArrivalSchedule {
  /** Length of the profile in seconds. */
  readonly durationSeconds: number;
  /** Number of requests of the whole profile. */
  readonly total: number;
  readonly #stages: readonly Stage[];
  /** Per stage its start in seconds, and A at its start; one entry more than stages. */
  readonly #starts: readonly number[];
  readonly #areas: readonly number[];

  constructor(stages: readonly Stage[]) {
    const starts = [0];
    const areas = [0];
    for (const [index, stage] of stages.entries()) {
      starts.push(starts[index]! + stage.durationSeconds);
      areas.push(snapped(areas[index]! + ((stage.from + stage.to) / 2) * stage.durationSeconds));
    }
    this.#stages = stages;
    this.#starts = starts;
    this.#areas = areas;
    this.durationSeconds = starts[stages.length]!;
    this.total = Math.ceil(areas[stages.length]!);
  }

  /** Requests per second at time t; at a jump the rate behind it; 0 outside the profile. */
  rateAt(t: number): number {
    if (t < 0 || t >= this.durationSeconds) return 0;
    const index = lastAtMost(this.#starts, t);
    const stage = this.#stages[index]!;
    return stage.from + ((stage.to - stage.from) * (t - this.#starts[index]!)) / stage.durationSeconds;
  }

  /** How many requests are due before time t (t itself excluded). */
  dueBefore(t: number): number {
    if (t <= 0) return 0;
    if (t >= this.durationSeconds) return this.total;
    const index = lastAtMost(this.#starts, t);
    const stage = this.#stages[index]!;
    const within = t - this.#starts[index]!;
    const slope = (stage.to - stage.from) / stage.durationSeconds;
    return Math.ceil(snapped(this.#areas[index]! + stage.from * within + (slope * within * within) / 2));
  }

  /** When request n (from 0) is due; Infinity when the profile has no such request. */
  timeOf(n: number): number {
    return n < this.total ? this.timeInStage(n, lastAtMost(this.#areas, n)) : Number.POSITIVE_INFINITY;
  }

  /** The stage in which request n lies, searched from a stage that is not behind it. For cursors. */
  stageOf(n: number, from: number): number {
    let stage = from;
    while (stage + 1 < this.#stages.length && this.#areas[stage + 1]! <= n) stage++;
    return stage;
  }

  /** `timeOf(n)` when the stage of n is known. */
  timeInStage(n: number, stageIndex: number): number {
    const { from, to, durationSeconds } = this.#stages[stageIndex]!;
    const start = this.#starts[stageIndex]!;
    const x = n - this.#areas[stageIndex]!;
    if (x <= 0) return start;
    const slope = (to - from) / durationSeconds;
    const root = Math.sqrt(Math.max(0, from * from + 2 * slope * x));
    return start + Math.min(durationSeconds, (2 * x) / (from + root));
  }
}

/** Sums of decimal fractions miss whole numbers by some 1e-13; a request must not appear or vanish by that. */
function snapped(area: number): number {
  const whole = Math.round(area);
  return Math.abs(area - whole) <= 1e-9 * Math.max(1, whole) ? whole : area;
}

/** The last index with `sorted[index] <= value`, never the closing entry. */
function lastAtMost(sorted: readonly number[], value: number): number {
  let index = 0;
  while (index + 2 < sorted.length && sorted[index + 1]! <= value) index++;
  return index;
}
