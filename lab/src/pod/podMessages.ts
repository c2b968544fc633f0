import type { ServiceTime } from './serviceTime.ts';

/** What a pod process is started with (JSON in its first argument). */
export interface PodSettings {
  readonly name: string;
  /** Address to listen on; 127.0.0.1 when it is not given. */
  readonly host?: string;
  /** Port; 0 for any free one. When it is taken the pod listens on another one. */
  readonly port: number;
  readonly serviceTime: ServiceTime;
  /** Service times are divided by it: 0.33 is a pod three times slower. */
  readonly capacity: number;
  /** Requests worked on at once. */
  readonly concurrency: number;
  /** Requests that may wait; further ones get 503. */
  readonly queue: number;
  readonly seed: number;
}

/**
 * A fault inside one pod. It ends by itself after `ttlMs` of the pod's own monotonic clock, whatever happens to the
 * service that injected it. Several faults may be active at once: delays add up.
 */
export type PodFault = { readonly id: string; readonly ttlMs: number } & PodFaultKind;

export type PodFaultKind =
  /** Every answer comes later by `delayMs` plus or minus up to `jitterMs` (uniform); the wait takes no slot. */
  | { readonly kind: 'latency'; readonly delayMs: number; readonly jitterMs: number }
  /** A share of the requests (`ratio`, 0 to 1) is answered at once with `status` instead of being worked on. */
  | { readonly kind: 'errors'; readonly ratio: number; readonly status: number }
  /**
   * Nothing is answered, as behind a network partition; the pod stays ready (a grey failure). Existing connections are
   * stalled until the end or cut. New ones are accepted and stalled, or never accepted so that connecting times out.
   */
  | {
      readonly kind: 'freeze';
      readonly existing: 'stall' | 'cut';
      readonly connects: 'accept' | 'time-out';
    }
  /** The pod says that it is not ready and works on. */
  | { readonly kind: 'not-ready' }
  /** The process kills itself. Staying down for `ttlMs` is up to its supervisor. */
  | { readonly kind: 'crash' };

/** From the supervisor to a pod. Every `inject` and `clear` is answered by a `fault` report. */
export type PodCommand =
  | { readonly type: 'inject'; readonly fault: PodFault }
  | { readonly type: 'clear'; readonly id: string }
  | { readonly type: 'stop' };

/** From a pod to its supervisor. */
export type PodReport =
  | { readonly type: 'listening'; readonly port: number }
  | { readonly type: 'failed'; readonly message: string }
  | { readonly type: 'ready'; readonly ready: boolean }
  | ({ readonly type: 'stats' } & PodFigures)
  | {
      readonly type: 'fault';
      readonly id: string;
      readonly state: 'active' | 'ended' | 'refused';
      /** Why it ended or was refused; for `ended` one of `expired`, `cleared`, `unknown` (there was none of this id). */
      readonly reason: string;
    };

/** What a pod says about itself once a second. */
export interface PodFigures {
  /** Requests answered since the process began, without readiness probes. */
  readonly requests: number;
  readonly activeConnections: number;
  readonly inService: number;
  readonly queued: number;
  /** Cores in use over the last second. */
  readonly cpuCores: number;
  readonly memoryBytes: number;
}
