import type { PolicyName } from '@evenkeel/core/policies/registry';

/** When a request that failed at one pod goes to another one, as in nginx's `proxy_next_upstream`. */
export interface RetrySettings {
  /** Pods tried at most for one request, the first one included. */
  readonly tries: number;
  /** Statuses that count as a failure of the pod, besides errors and timeouts. */
  readonly statuses: readonly number[];
}

/** When a failing pod is left out for a while, as by nginx's `max_fails` and `fail_timeout`. */
export interface EjectionSettings {
  /** Failures within `failTimeoutMs` that eject the pod. */
  readonly maxFails: number;
  /** How long the pod stays out, and the window in which failures are counted. */
  readonly failTimeoutMs: number;
  /** Statuses that count as a failure of the pod, besides errors and timeouts. */
  readonly statuses: readonly number[];
}

/** What hashing policies hash: the request's URI, the address and port of the client's connection, or a request header. */
export type HashKey = 'uri' | 'client' | `header:${string}`;

/** What a balancer process is started with (JSON in its first argument). */
export interface BalancerSettings {
  readonly port: number;
  /** `request` chooses a pod for every request, `connection` one for every client connection. */
  readonly mode: 'request' | 'connection';
  readonly balancers: number;
  /** Null switches retries off. */
  readonly retry: RetrySettings | null;
  /** Null switches ejection off. */
  readonly ejection: EjectionSettings | null;
  readonly hashKey: HashKey;
  readonly connectTimeoutMs: number;
  /** Time that a pod may take until its response headers, and between two pieces of a body. */
  readonly responseTimeoutMs: number;
  readonly seed: number;
}

/** One pod as the balancer sees it. Its place in the list is its identity. */
export interface UpstreamPod {
  readonly pod: string;
  readonly host: string;
  /** 0 while the pod has no address. */
  readonly port: number;
  readonly weight: number;
  readonly ready: boolean;
}

/** What may change while the balancer runs. Always the whole state, so a restarted balancer needs only the last one. */
export interface Routing {
  readonly policy: PolicyName;
  readonly pods: readonly UpstreamPod[];
}

/** From the supervisor. A balancer listens as soon as it has its first routing; `id` comes back in the answer. */
export type BalancerCommand =
  | { readonly type: 'route'; readonly id: number; readonly routing: Routing }
  | { readonly type: 'count'; readonly id: number };

/** Requests of one pod as a balancer process counted them. */
export interface UpstreamCounts {
  readonly pod: string;
  /** Requests (or connections) for which this pod was the first choice. */
  readonly decisions: number;
  /** All requests (or connections) sent there, retries included. */
  readonly attempts: number;
  readonly failures: number;
  readonly outstanding: number;
  readonly ejected: boolean;
}

export type BalancerReport =
  | { readonly type: 'listening'; readonly port: number }
  | { readonly type: 'failed'; readonly code: string; readonly message: string }
  /** The processes that a group of balancers consists of now. */
  | { readonly type: 'workers'; readonly pids: readonly number[] }
  | { readonly type: 'routed'; readonly id: number }
  | { readonly type: 'counts'; readonly id: number; readonly pods: readonly UpstreamCounts[] };
