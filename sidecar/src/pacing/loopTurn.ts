/** What a turn of the event loop is for; the first goes before all others. */
export const TURNS = ['stop', 'health', 'request', 'part'] as const;
/** The emergency stop; health and metrics; a request as it comes; a further part of what takes long. */
export type Turn = (typeof TURNS)[number];

/** Who waits for a turn of this thread's event loop, each kind in the order in which they came. */
const waiting = TURNS.map((): (() => void)[] => []);
let turning = false;

/**
 * Resolves in a later turn of the event loop, in which nobody else who asked goes on. Work that is cut into pieces, with a turn before
 * each, holds up timers, sockets and the emergency stop for one piece at most, however many do such work at once.
 */
export function loopTurn(turn: Turn = 'part'): Promise<void> {
  return new Promise((resolve) => {
    waiting[TURNS.indexOf(turn)]!.push(resolve);
    if (turning) return;
    turning = true;
    setImmediate(giveTurn);
  });
}

function giveTurn(): void {
  const next = waiting.find((queue) => queue.length > 0)?.shift();
  turning = waiting.some((queue) => queue.length > 0);
  // An immediate that is asked for now is run in the next turn of the loop.
  if (turning) setImmediate(giveTurn);
  next?.();
}
