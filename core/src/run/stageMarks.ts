import type { LoadModel } from '@evenkeel/contract/scenario';
import { describeStage } from '../report/reportSections.ts';
import type { RunClock } from './runClock.ts';

interface Boundary {
  /** Seconds since the load began. */
  readonly second: number;
  readonly text: string;
}

/** Where the load changes its course: the begin of every stage but the first, or the moment at which all users are there. */
export function stageBoundaries(load: LoadModel): Boundary[] {
  if (load.model === 'users') {
    const second = load.users / load.spawnRate;
    return second < load.durationSeconds ? [{ second, text: `all ${load.users} users are there` }] : [];
  }
  const stages = load.stages.filter(({ durationSeconds }) => durationSeconds > 0);
  let second = 0;
  return stages.flatMap((stage, index) => {
    const boundary = { second, text: `stage ${index + 1} of ${stages.length}: ${describeStage(stage)}` };
    second += stage.durationSeconds;
    return index === 0 ? [] : [boundary];
  });
}

/** Marks each change of the load's course at once, by the clock, and at the latest with the second into which it falls. */
export class StageMarks {
  readonly #coming: Boundary[];
  readonly #mark: (boundary: Boundary) => void;
  readonly #later: RunClock['after'];
  #cancel: () => void = () => {};

  constructor(load: LoadModel, mark: (boundary: Boundary) => void, later: RunClock['after']) {
    this.#coming = stageBoundaries(load);
    this.#mark = mark;
    this.#later = later;
  }

  /** The load is at this second right now. */
  at(second: number): void {
    this.#cancel();
    const [next] = this.#coming;
    if (next === undefined) return;
    this.#cancel = this.#later(Math.max(0, next.second - second) * 1000, () => {
      this.#pass(next.second);
      this.at(next.second);
    });
  }

  /** This second of the load was counted. */
  counted(second: number): void {
    this.#pass(second);
  }

  /** Nothing is sent any more. */
  end(): void {
    this.#cancel();
    this.#coming.length = 0;
  }

  #pass(second: number): void {
    while (this.#coming.length > 0 && this.#coming[0]!.second <= second) this.#mark(this.#coming.shift()!);
  }
}
