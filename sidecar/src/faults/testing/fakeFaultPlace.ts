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
import type { PodDirectory } from '@evenkeel/core/targets/podDirectory';
import type { FaultClock } from '../ports/faultClock.ts';

/** How one call of the driver goes: how long it takes, whether it is refused, and whether it did its work all the same. */
export interface CallFate {
  readonly delayMs: number;
  readonly fails: boolean;
  readonly landsAnyway: boolean;
}

export const SMOOTH: CallFate = { delayMs: 0, fails: false, landsAnyway: false };

export interface Landed {
  readonly faultId: string;
  readonly effect: FaultEffect;
  /** On the monotonic clock: it is over then, whatever happens. */
  readonly deadline: number;
}

/** Pods that live on when the service dies: they take faults and end them by their own clock. */
export class FakeFaultPlace implements PodDirectory {
  readonly complete = true;
  readonly names: readonly string[];
  readonly notReady = new Set<string>();
  /** What is in effect now, by pod. */
  readonly landed = new Map<string, Landed>();
  /** How often each injection was there, was taken back, ran out, and went down with its pod, by `fault/pod`. */
  readonly applied = new Map<string, number>();
  readonly reverted = new Map<string, number>();
  readonly expired = new Map<string, number>();
  readonly lost = new Map<string, number>();
  readonly lostListeners = new Set<LostListener>();
  readonly #clock: FaultClock;

  constructor(clock: FaultClock, pods: number) {
    this.#clock = clock;
    this.names = Array.from({ length: pods }, (_, index) => `pod-${index + 1}`);
  }

  list(): readonly PodStatus[] {
    return this.names.map((pod) => ({
      pod,
      address: null,
      ready: !this.notReady.has(pod),
      weight: 1,
      cpuCores: null,
      memoryBytes: null,
      activeConnections: null,
      restarts: 0,
    }));
  }

  land(pod: string, { faultId, effect, deadline }: Landed): void {
    const present = this.landed.get(pod);
    if (present?.faultId === faultId) return;
    if (present !== undefined) throw new Error(`${pod} is under the fault ${present.faultId}`);
    const left = deadline - this.#clock.monotonic();
    if (left <= 0) return;
    this.landed.set(pod, { faultId, effect, deadline });
    count(this.applied, faultId, pod);
    this.#clock.after(left, () => {
      if (this.landed.get(pod)?.faultId !== faultId) return;
      this.landed.delete(pod);
      count(this.expired, faultId, pod);
    });
  }

  /** The pod is started anew, without what it was under. */
  restart(pod: string): void {
    const landed = this.landed.get(pod);
    if (landed === undefined) return;
    this.landed.delete(pod);
    count(this.lost, landed.faultId, pod);
    const inverse = { faultId: landed.faultId, pod, detail: {} };
    for (const listener of [...this.lostListeners]) listener(inverse, `${pod} was restarted`);
  }

  lift(pod: string, faultId: string): RevertResult {
    if (this.landed.get(pod)?.faultId !== faultId) return 'was-over';
    this.landed.delete(pod);
    count(this.reverted, faultId, pod);
    return 'reverted';
  }
}

function count(counts: Map<string, number>, faultId: string, pod: string): void {
  const key = `${faultId}/${pod}`;
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** A driver for a fake place, whose calls go as a test decides. */
export class FakeFaultDriver implements FaultDriver {
  readonly name = 'fake';
  readonly calls: string[] = [];
  /** Decides how each call goes. */
  fate: (call: 'inverse' | 'apply' | 'probe' | 'revert', pod: string) => CallFate = () => SMOOTH;
  /** What every probe says; without it, the truth. */
  probed: Probe | null = null;
  refuses: string | null = null;
  readonly #place: FakeFaultPlace;
  readonly #clock: FaultClock;

  constructor(place: FakeFaultPlace, clock: FaultClock) {
    this.#place = place;
    this.#clock = clock;
  }

  unsupported(): string | null {
    return this.refuses;
  }

  labels(pod: string): Readonly<Record<string, string>> {
    return { app: 'shop', zone: this.#place.names.indexOf(pod) % 2 === 0 ? 'a' : 'b' };
  }

  async inverse({ faultId, pod }: Injection): Promise<Inverse> {
    return this.#call('inverse', pod, () => {
      if (!this.#place.names.includes(pod)) throw new Error(`there is no pod "${pod}"`);
      return { faultId, pod, detail: {} };
    });
  }

  apply({ faultId, pod, effect }: Injection, _inverse: Inverse, ttlMs: number): Promise<void> {
    const deadline = this.#clock.monotonic() + ttlMs;
    return this.#call('apply', pod, () => this.#place.land(pod, { faultId, effect, deadline }));
  }

  probe({ faultId, pod }: Injection): Promise<Probe> {
    return this.#call('probe', pod, () => {
      const effective = this.#place.landed.get(pod)?.faultId === faultId;
      return this.probed ?? { effective, evidence: effective ? 'it is there' : 'it is not there' };
    });
  }

  revert({ faultId, pod }: Inverse): Promise<RevertResult> {
    return this.#call('revert', pod, () => this.#place.lift(pod, faultId));
  }

  onLost(listener: LostListener): () => void {
    this.#place.lostListeners.add(listener);
    return () => this.#place.lostListeners.delete(listener);
  }

  async leftovers(): Promise<readonly Inverse[]> {
    return [...this.#place.landed].map(([pod, { faultId }]) => ({ faultId, pod, detail: {} }));
  }

  async #call<T>(call: 'inverse' | 'apply' | 'probe' | 'revert', pod: string, work: () => T): Promise<T> {
    this.calls.push(`${call} ${pod}`);
    const fate = this.fate(call, pod);
    if (fate.delayMs > 0) await new Promise<void>((resolve) => this.#clock.after(fate.delayMs, resolve));
    if (!fate.fails) return work();
    if (fate.landsAnyway) work();
    throw new Error(`the ${call} went wrong`);
  }
}
