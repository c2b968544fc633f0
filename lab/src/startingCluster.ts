import type { PodStatus } from '@evenkeel/contract/target';
import type { PodDirectory } from '@evenkeel/core/targets/podDirectory';
import type { ClusterEvent } from './embeddedCluster.ts';
import type { FaultableCluster } from './faultDriver.ts';
import type { PodFault } from './pod/podMessages.ts';
import type { FaultAnswer } from './podKeeper.ts';

type Started = PodDirectory & FaultableCluster;

/**
 * The cluster of a service that is about to start it: without pods until it is up. Pods die with their service, so whatever an earlier
 * one did to them is over, and that can be told without waiting for new ones.
 */
export class StartingCluster implements PodDirectory, FaultableCluster {
  readonly complete = true;
  readonly #listeners = new Set<(event: ClusterEvent) => void>();
  #cluster: Started | null = null;

  /** The pods are there. To be called once. */
  isUp(cluster: Started): void {
    this.#cluster = cluster;
    for (const listener of this.#listeners) cluster.onEvent(listener);
  }

  list(): readonly PodStatus[] {
    return this.#cluster?.list() ?? [];
  }

  injectFault(pod: string, fault: PodFault, stayDown?: boolean): Promise<FaultAnswer> {
    return this.#started.injectFault(pod, fault, stayDown);
  }

  clearFault(pod: string, id: string): Promise<FaultAnswer> {
    return this.#started.clearFault(pod, id);
  }

  /** Listeners stay until the cluster ends: there is one, its driver. */
  onEvent(listener: (event: ClusterEvent) => void): () => void {
    this.#listeners.add(listener);
    const leave = this.#cluster?.onEvent(listener);
    return () => {
      this.#listeners.delete(listener);
      leave?.();
    };
  }

  get #started(): Started {
    if (this.#cluster === null) throw new Error('the embedded cluster is still starting');
    return this.#cluster;
  }
}
