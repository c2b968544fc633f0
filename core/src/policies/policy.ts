/**
 * A balancing policy over pods that are known by their index. It never reads a clock and draws randomness only from the
 * generator it was made with, so the simulator and the real balancer run the very same code. Nothing is allocated by
 * `pick`, `started` or `finished`.
 *
 * Times are microseconds of any monotonic clock, always the same one.
 */
export interface Policy {
  /**
   * Says which pods exist, their capacity weights (0 or more; 1 is an ordinary pod) and which of them may be picked
   * (anything but 0 or false). A pod of weight 0 is never picked. What was learned about an index stays.
   * @throws RangeError when a weight is negative or not finite, or the lengths differ.
   */
  setPods(weights: ArrayLike<number>, eligible: ArrayLike<number | boolean>): void;
  /**
   * The pod that gets the next request, or -1 when no pod may be picked. `keyHash` is 32 uniform bits of the request's
   * key (see `hashKey`); only hashing policies read it.
   */
  pick(keyHash: number, now: number): number;
  /** A request went to `pod`. Every call is paired with one of `finished`. */
  started(pod: number, now: number): void;
  /** A request to `pod` ended after `microseconds`; `ok` is false when it failed. */
  finished(pod: number, now: number, microseconds: number, ok: boolean): void;
  /** Another pod took the place of this index: what was learned about the speed of the old one is dropped. */
  forget(pod: number): void;
}
