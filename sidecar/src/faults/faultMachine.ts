import type { FaultState } from '@evenkeel/contract/fault';

/** Where a fault may go from each state. `reverting` is entered from everywhere: a fault can always be taken back. */
const NEXT: Readonly<Record<FaultState, readonly FaultState[]>> = {
  planned: ['injecting', 'reverting'],
  injecting: ['active', 'reverting'],
  active: ['reverting'],
  reverting: ['reverting', 'reverted', 'not-effective', 'revert-failed'],
  'revert-failed': ['reverting'],
  reverted: [],
  'not-effective': [],
};

export const mayFollow = (from: FaultState, to: FaultState): boolean => NEXT[from].includes(to);
