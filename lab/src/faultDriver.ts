import type { FaultEffect } from '@evenkeel/contract/fault';
import type { PodStatus } from '@evenkeel/contract/target';
import type {
  FaultDriver,
  Injection,
  Inverse,
  LostListener,
  Probe,
  RevertResult,
} from '@evenkeel/core/faults/faultDriver';
import type { ClusterEvent } from './embeddedCluster.ts';
import { probeErrors, probeLatency, probeReachability } from './faultProbes.ts';
import type { PodFault } from './pod/podMessages.ts';
import type { FaultAnswer } from './podKeeper.ts';

/** What the driver needs of the embedded cluster. */
export interface FaultableCluster {
  list(): readonly PodStatus[];
  injectFault(pod: string, fault: PodFault, stayDown?: boolean): Promise<FaultAnswer>;
  clearFault(pod: string, id: string): Promise<FaultAnswer>;
  onEvent(listener: (event: ClusterEvent) => void): () => void;
}

/** A pod that was crashed or cut off must be back within this time of its revert. */
const BACK_PATIENCE_MS = 2500;
const DOWN_PATIENCE_MS = 1000;
const LOOK_EVERY_MS = 10;

/**
 * Faults in the pods of the embedded cluster. Each pod counts the time of its faults itself, by its own monotonic clock, and
 * all pods die with the service, so nothing can be left over by an earlier process.
 */
export class EmbeddedFaultDriver implements FaultDriver {
  readonly name = 'embedded';
  readonly #cluster: FaultableCluster;
  /** Faults in place, by `fault/pod`. */
  readonly #inPlace = new Map<string, Inverse>();
  readonly #lostListeners = new Set<LostListener>();

  constructor(cluster: FaultableCluster) {
    this.#cluster = cluster;
    cluster.onEvent((event) => {
      if (event.type === 'fault-ended') this.#inPlace.delete(keyOf(event.id, event.pod));
      else if (event.type === 'pod-restarted') this.#restarted(event.pod, event.cause);
    });
  }

  unsupported(): string | null {
    return null;
  }

  /** All pods are of one app; every other one is in zone `a` or `b`. */
  labels(pod: string): Readonly<Record<string, string>> {
    const index = this.#cluster.list().findIndex((status) => status.pod === pod);
    return { app: 'evenkeel-pod', zone: index % 2 === 0 ? 'a' : 'b' };
  }

  async inverse({ faultId, pod, effect }: Injection): Promise<Inverse> {
    const restarts = this.#status(pod).restarts;
    return {
      faultId,
      pod,
      detail: { effect: effect.type, restarts, ...(effect.type === 'pod-failure' ? { back: effect.restart } : {}) },
    };
  }

  async apply({ faultId, pod, effect }: Injection, inverse: Inverse, ttlMs: number): Promise<void> {
    const key = keyOf(faultId, pod);
    if (this.#inPlace.has(key)) return;
    this.#inPlace.set(key, inverse);
    const stayDown = effect.type === 'pod-failure' && !effect.restart;
    const { state, reason } = await this.#cluster.injectFault(pod, podFaultOf(faultId, effect, ttlMs), stayDown);
    if (state === 'refused') {
      this.#inPlace.delete(key);
      throw new Error(`${pod} refused it: ${reason}`);
    }
    if (effect.type === 'pod-failure') await this.#fails(faultId, pod);
  }

  async probe({ faultId, pod, effect }: Injection): Promise<Probe> {
    const { address } = this.#status(pod);
    if (effect.type === 'pod-failure') return this.#probeFailure(faultId, pod);
    if (address === null) return { effective: null, evidence: 'the pod has no address' };
    switch (effect.type) {
      case 'latency':
        return probeLatency(address, effect.delayMs - effect.jitterMs);
      case 'errors':
        return probeErrors(address, effect.status);
      case 'partition':
        return probeReachability(address);
    }
  }

  async revert({ faultId, pod, detail }: Inverse): Promise<RevertResult> {
    const status = this.#cluster.list().find((each) => each.pod === pod);
    if (status === undefined) {
      this.#inPlace.delete(keyOf(faultId, pod));
      return 'was-over';
    }
    const { state, reason } = await this.#cluster.clearFault(pod, faultId);
    if (state !== 'ended') throw new Error(`${pod} did not take it back: ${reason}`);
    const cleared = reason === 'cleared';
    // What this fault crashed is certainly free of it only when it is back; what another fault keeps down stays so.
    const crashed =
      detail.effect === 'pod-failure' && (cleared || (detail.back === true && !this.#isUnderOther(faultId, pod)));
    if (crashed && !(await this.#becomes(pod, BACK_PATIENCE_MS, isReady))) throw new Error(`${pod} is not back yet`);
    this.#inPlace.delete(keyOf(faultId, pod));
    return cleared ? 'reverted' : 'was-over';
  }

  onLost(listener: LostListener): () => void {
    this.#lostListeners.add(listener);
    return () => this.#lostListeners.delete(listener);
  }

  async leftovers(): Promise<readonly Inverse[]> {
    return [...this.#inPlace.values()];
  }

  /** What was in the process is gone with it; only a crash is not undone by the restart that it caused. */
  #restarted(pod: string, cause: string): void {
    for (const [key, inverse] of this.#inPlace) {
      if (inverse.pod !== pod || inverse.detail.effect === 'pod-failure') continue;
      this.#inPlace.delete(key);
      for (const listener of this.#lostListeners) listener(inverse, `${pod} was restarted (${cause})`);
    }
  }

  async #probeFailure(faultId: string, pod: string): Promise<Probe> {
    const failed = await this.#fails(faultId, pod);
    return { effective: failed, evidence: failed ? 'the pod went down' : 'the pod is still up' };
  }

  /** Whether the crash took, now or soon: the pod is down, or has been restarted since. */
  #fails(faultId: string, pod: string): Promise<boolean> {
    const before = this.#inPlace.get(keyOf(faultId, pod))?.detail.restarts;
    const down = ({ ready, restarts }: PodStatus) => !ready || (typeof before === 'number' && restarts > before);
    return this.#becomes(pod, DOWN_PATIENCE_MS, down);
  }

  #isUnderOther(faultId: string, pod: string): boolean {
    return [...this.#inPlace.values()].some((other) => other.pod === pod && other.faultId !== faultId);
  }

  async #becomes(pod: string, patienceMs: number, holds: (status: PodStatus) => boolean): Promise<boolean> {
    const until = performance.now() + patienceMs;
    for (;;) {
      if (holds(this.#status(pod))) return true;
      if (performance.now() >= until) return false;
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }

  #status(pod: string): PodStatus {
    const status = this.#cluster.list().find((each) => each.pod === pod);
    if (status === undefined) throw new Error(`there is no pod "${pod}"`);
    return status;
  }
}

const isReady = ({ ready }: PodStatus) => ready;

const keyOf = (faultId: string, pod: string) => `${faultId}/${pod}`;

function podFaultOf(id: string, effect: FaultEffect, ttlMs: number): PodFault {
  switch (effect.type) {
    case 'latency':
      return { id, ttlMs, kind: 'latency', delayMs: effect.delayMs, jitterMs: effect.jitterMs };
    case 'errors':
      return { id, ttlMs, kind: 'errors', ratio: effect.percent / 100, status: effect.status };
    case 'pod-failure':
      return { id, ttlMs, kind: 'crash' };
    case 'partition':
      return { id, ttlMs, kind: 'freeze', existing: effect.existing, connects: 'time-out' };
  }
}
