/** Time as the life of a fault needs it: deadlines are monotonic, so a wall clock that is set back keeps no fault alive. */
export interface FaultClock {
  /** Milliseconds since the Unix epoch, for people. */
  now(): number;
  /** Milliseconds that only go forward. */
  monotonic(): number;
  /** Calls `fire` once after `ms`. Returns how to cancel it. */
  after(ms: number, fire: () => void): () => void;
}

export const systemFaultClock: FaultClock = {
  now: Date.now,
  monotonic: () => performance.now(),
  after: (ms, fire) => {
    const timer = setTimeout(fire, Math.max(0, ms));
    return () => clearTimeout(timer);
  },
};
