/** Time as a run needs it. Whoever executes a run brings it, so that a simulated target can bring its own. */
export interface RunClock {
  /** Milliseconds since the Unix epoch that only go forward, whatever is done to the machine's clock. */
  readonly now: () => number;
  /** Calls `fire` once after this many milliseconds; returns how to call it off. */
  readonly after: (milliseconds: number, fire: () => void) => () => void;
}
