import { readFileSync } from 'node:fs';
import type { Scenario } from '@evenkeel/contract/scenario';
import { UsageError } from './usageError.ts';

/** Descriptors that the process needs besides its connections: workers, files, pipes, listeners. */
const RESERVED = 150;

/** Connections that a scenario may open at once. */
export function connectionsOf(scenario: Scenario): number {
  const { connections, load } = scenario;
  return connections.policy === 'per-user' && load.model === 'users' ? load.users : connections.count;
}

/**
 * Refuses a scenario that this machine has not enough open files for. The embedded cluster's balancer has the same limit and two
 * connections for each of ours: the other one goes to a pod. `limit` is the soft limit, null when unknown.
 */
export function checkOpenFiles(scenario: Scenario, isEmbedded: boolean, limit: number | null = openFileLimit()): void {
  const needed = connectionsOf(scenario) * (isEmbedded ? 2 : 1) + RESERVED;
  if (limit === null || needed <= limit) return;
  throw new UsageError(
    `${connectionsOf(scenario)} connections (--connections, --users) need ${needed} open files${isEmbedded ? ' in the balancer' : ''} and this shell allows ${limit}: ask for fewer, or raise it with "ulimit -n ${needed}".`
  );
}

function openFileLimit(): number | null {
  try {
    const soft = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
    return soft === undefined ? null : Number(soft);
  } catch {
    return null;
  }
}
