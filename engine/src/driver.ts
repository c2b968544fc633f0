/** Decides when requests go out. Times are milliseconds since the load began. */
export interface Driver {
  /** Sends everything that is due by `now` and before the end of the second that is being counted. */
  advance(now: number): void;
  /** The end of that second moves to `end`. */
  countUntil(end: number): void;
  /** Sends nothing from now on, and forgets who waits. */
  stop(): void;
  /** Users running; −1 in the open model. */
  readonly users: number;
}
