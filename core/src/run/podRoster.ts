import type { PodStatus } from '@evenkeel/contract/target';
import type { PodDirectory } from '../targets/podDirectory.ts';
import type { LoadSecond } from './loadEngine.ts';

/** A change of the pods that is worth a mark on the time axis. */
export interface RosterChange {
  readonly kind: 'pod-restarted' | 'pod-ready' | 'pod-not-ready' | 'pod-added' | 'pod-removed';
  readonly text: string;
}

/**
 * Every pod that a run has known, with its last status. A pod that leaves the directory stays, not ready, because its requests
 * still count; a pod that only its answers reveal (a URL without a directory) joins when it first answers.
 */
export class PodRoster {
  readonly #directory: PodDirectory;
  readonly #known = new Map<string, PodStatus>();

  constructor(directory: PodDirectory) {
    this.#directory = directory;
    for (const pod of directory.list()) this.#known.set(pod.pod, pod);
  }

  /** All pods ever known, in the order of their names. */
  list(): PodStatus[] {
    return [...this.#known.values()].sort((a, b) => a.pod.localeCompare(b.pod, 'en', { numeric: true }));
  }

  /** Looks at the directory and at who answered in this second; returns what changed. */
  update(second: LoadSecond): RosterChange[] {
    const changes: RosterChange[] = [];
    const listed = this.#directory.list();
    const present = new Set<string>();
    for (const status of listed) {
      present.add(status.pod);
      changes.push(...difference(this.#known.get(status.pod), status));
      this.#known.set(status.pod, status);
    }
    if (!this.#directory.complete) {
      for (const pod of second.pods.keys()) {
        if (present.has(pod) || this.#known.has(pod)) continue;
        this.#known.set(pod, revealed(pod));
      }
      return changes;
    }
    for (const [pod, status] of this.#known) {
      if (present.has(pod) || !status.ready) continue;
      this.#known.set(pod, { ...status, ready: false });
      changes.push({ kind: 'pod-removed', text: `${pod} left` });
    }
    return changes;
  }
}

function difference(before: PodStatus | undefined, after: PodStatus): RosterChange[] {
  if (before === undefined) return [{ kind: 'pod-added', text: `${after.pod} joined` }];
  if (after.restarts > before.restarts) return [{ kind: 'pod-restarted', text: `${after.pod} restarted` }];
  if (after.ready && !before.ready) return [{ kind: 'pod-ready', text: `${after.pod} became ready` }];
  if (!after.ready && before.ready) return [{ kind: 'pod-not-ready', text: `${after.pod} stopped being ready` }];
  return [];
}

function revealed(pod: string): PodStatus {
  return {
    pod,
    address: null,
    ready: true,
    weight: 1,
    cpuCores: null,
    memoryBytes: null,
    activeConnections: null,
    restarts: 0,
  };
}
