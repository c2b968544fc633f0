import type { FaultEffect } from '@evenkeel/contract/fault';

/** One fault on one pod, as a driver is asked to make it. */
export interface Injection {
  readonly faultId: string;
  readonly pod: string;
  readonly effect: FaultEffect;
}

/**
 * How to take one injection back: plain JSON that outlives the process. It must say everything that is needed, since the
 * pod, the driver and the service that made it may all be gone when it is used.
 */
export interface Inverse {
  readonly faultId: string;
  readonly pod: string;
  /** The driver's own: an object's name, an original value. */
  readonly detail: Readonly<Record<string, string | number | boolean>>;
}

export interface Probe {
  /** null when it cannot be told. */
  readonly effective: boolean | null;
  /** What was seen, in a few words: `a request took 251 ms`. */
  readonly evidence: string;
}

/** What a revert found: `reverted` took the fault back; `was-over` found nothing of it, as after its expiry or a restart of the pod. */
export type RevertResult = 'reverted' | 'was-over';

export type LostListener = (inverse: Inverse, why: string) => void;

/**
 * Injects faults into the pods of one place (the embedded cluster, a namespace). The conformance suite beside this file says
 * what every driver must keep. All promises reject with an Error whose message is for people.
 */
export interface FaultDriver {
  /** Recorded with every fault. */
  readonly name: string;

  /** Why it cannot make this effect here, in a sentence; null when it can. */
  unsupported(effect: FaultEffect): string | null;

  /** Labels of a pod, for scopes by label. */
  labels(pod: string): Readonly<Record<string, string>>;

  /** How an injection would be taken back. Changes nothing; it is called, and its answer written down, before `apply`. */
  inverse(injection: Injection): Promise<Inverse>;

  /**
   * Makes the effect. It must end by itself after `ttlMs` of the place's own monotonic clock, even if this process dies at
   * any moment. When it rejects the effect may be there or not. Several calls for one injection are as one.
   */
  apply(injection: Injection, inverse: Inverse, ttlMs: number): Promise<void>;

  /** Looks from where the balancer stands whether the effect is there. */
  probe(injection: Injection): Promise<Probe>;

  /**
   * Takes an injection back and resolves when that is certain. Harmless when there is nothing to take back, also when the
   * pod is gone or is under another fault by now; may be called any number of times.
   */
  revert(inverse: Inverse): Promise<RevertResult>;

  /**
   * Calls `listener` when an injection is over before its time although nobody took it back: its pod was restarted, say. `why` is
   * for people. Returns how to stop that.
   */
  onLost(listener: LostListener): () => void;

  /** What is found in the place with our mark, whether or not a journal knows of it. */
  leftovers(): Promise<readonly Inverse[]>;
}
