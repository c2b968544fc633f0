import type { PodStatus } from '@evenkeel/contract/target';
import type { PodDirectory } from './podDirectory.ts';

export interface ListedPod {
  readonly pod: string;
  readonly address?: string;
  readonly weight: number;
}

/** Pods that an operator listed. Nothing is known of their state, so they count as ready. Without any, the list is not complete. */
export function listedPods(listed: readonly ListedPod[]): PodDirectory {
  const pods = listed.map(
    ({ pod, address, weight }): PodStatus => ({
      pod,
      address: address ?? null,
      ready: true,
      weight,
      cpuCores: null,
      memoryBytes: null,
      activeConnections: null,
      restarts: 0,
    })
  );
  return { list: () => pods, complete: pods.length > 0 };
}
