/** What is counted of a second beside outcomes, pods and times. A new counter is one line here, and whoever counts it. */
export const SECOND_COUNTERS = [
  /** Requests that the schedule wanted; in the closed model those that users sent, or gave up because they waited for a connection past the timeout. */
  'offered',
  'sent',
  /** Never sent: the in-flight bound was reached, or this machine had no socket left (then the generator's health says so). */
  'dropped',
  /**
   * Cut off at the end of the drain; only in the last second. They lasted at least as long as they had, so the response and service
   * times count them with that age.
   */
  'cancelled',
  'connectionsOpened',
  /** Completed responses that no pod could be found for, without `balancerErrors`. */
  'unattributed',
  /** 502, 503 and 504 that the balancer gave itself, without an upstream. */
  'balancerErrors',
  /** Requests that the balancer tried on more than one pod. */
  'retried',
  /** Times that a request went out once more: its reused connection ended before any byte, or HTTP/2 says that it was not processed. */
  'resent',
] as const;

export type SecondCounter = (typeof SECOND_COUNTERS)[number];
export type SecondCounts = Record<SecondCounter, number>;

export const noCounts = (): SecondCounts =>
  Object.fromEntries(SECOND_COUNTERS.map((counter) => [counter, 0])) as SecondCounts;

/** Adds the counts of one to those of another. */
export function addCounts(to: SecondCounts, from: Readonly<SecondCounts>): void {
  for (const counter of SECOND_COUNTERS) to[counter] += from[counter];
}
