const FIRST_MS = 500;
const LONGEST_MS = 15_000;

/**
 * How long to wait before attempt `attempt` (from 0) to reconnect, in milliseconds: exponential with full jitter, so that
 * a hundred browsers do not come back in the same moment. `random` is in [0, 1).
 */
export function backoffMs(attempt: number, random: number): number {
  const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 20));
  return Math.round(FIRST_MS / 2 + random * (ceiling - FIRST_MS / 2));
}
