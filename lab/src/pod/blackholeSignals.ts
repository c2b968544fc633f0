/** Cells of the memory that a pod shares with the thread of its black hole. */
export const GO = 0;
export const STATE = 1;
export const END = 2;
export const CELLS = 3;

/** Values of STATE. */
export const STARTING = 0;
export const UP = 1;
export const FAILED = 2;

export interface BlackholeSettings {
  readonly host: string;
  readonly port: number;
  /** Until when connections vanish at most, whatever happens to the rest of the process: `monotonicMs` of this process. */
  readonly until: number;
  readonly cells: Int32Array<SharedArrayBuffer>;
}

/** Milliseconds of a clock that only goes forward and is the same in every thread. */
export const monotonicMs = (): number => Number(process.hrtime.bigint() / 1000n) / 1000;
