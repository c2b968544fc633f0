import { chiSquareQuantile } from '../statistics/chiSquare.ts';
import type { ConnectionSpread } from './connectionSpread.ts';
import type { Spread } from './spread.ts';

/** Connections are sticky when this share of the reused ones always met one pod, or from this variance inflation. */
const PINNED_SHARE = 0.8;
const STICKY_DESIGN_EFFECT = 4;
/** A spread that this few connections show less often than once in a thousand times has another cause. */
const EXPLAINED_UP_TO = 0.999;

/** Independent routing decisions behind so many requests. */
export function effectiveDecisionsOf(requests: number, connections: ConnectionSpread): number {
  return requests / Math.max(1, connections.designEffect);
}

/** The CV that connections spread at random leave, however many requests they carry: sqrt((k - 1) / C). */
export function structuralFloorCv(pods: number, connections: number): number {
  return Math.sqrt((pods - 1) / connections);
}

/** Whether requests follow their connection to one pod, and so few connections explain the spread that was seen. */
export function isPinned(spread: Spread, connections: ConnectionSpread): boolean {
  const { pinned, reused, designEffect } = connections;
  const sticky = (reused > 0 && pinned >= PINNED_SHARE * reused) || designEffect >= STICKY_DESIGN_EFFECT;
  if (!sticky) return false;
  const decisions = Math.min(connections.connections, effectiveDecisionsOf(spread.requests, connections));
  return decisions * spread.cv ** 2 <= chiSquareQuantile(EXPLAINED_UP_TO, spread.degrees);
}
