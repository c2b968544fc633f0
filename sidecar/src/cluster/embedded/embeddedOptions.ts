import type { PolicyName } from '@evenkeel/core/policies/registry';
import type { ServiceTime } from './pod/serviceTime.ts';
import type { EjectionSettings, HashKey, RetrySettings } from './proxy/balancerMessages.ts';

export const BALANCER_KINDS = ['embedded', 'nginx', 'haproxy'] as const;
export type BalancerKind = (typeof BALANCER_KINDS)[number];

/** What the embedded cluster is made of. */
export interface EmbeddedOptions {
  /** Number of pods, 1 to 64. */
  readonly pods: number;
  readonly serviceTime: ServiceTime;
  /** Requests that a pod works on at once. */
  readonly concurrency: number;
  /** Requests that may wait in a pod. */
  readonly queue: number;
  /** Capacity factor of each pod in order; pods beyond the list have 1. Service times are divided by it. */
  readonly capacity: readonly number[];
  /** Weight of each pod for the balancer, in order; pods beyond the list have 1. */
  readonly weights: readonly number[];
  readonly policy: PolicyName;
  /** Balancer processes in front of the same pods, 1 to 16. */
  readonly balancers: number;
  readonly balancer: BalancerKind;
  readonly mode: 'request' | 'connection';
  readonly retry: RetrySettings | null;
  readonly ejection: EjectionSettings | null;
  readonly hashKey: HashKey;
  /** Port of the balancer on 127.0.0.1; 0 for any free one. */
  readonly port: number;
  /** Seed of service times and of the balancer's random choices. */
  readonly seed: number;
}

export const EMBEDDED_DEFAULTS: EmbeddedOptions = {
  pods: 4,
  serviceTime: { kind: 'exponential', meanMs: 5 },
  concurrency: 64,
  queue: 1024,
  capacity: [],
  weights: [],
  policy: 'round-robin',
  balancers: 1,
  balancer: 'embedded',
  mode: 'request',
  retry: { tries: 3, statuses: [] },
  ejection: { maxFails: 1, failTimeoutMs: 10_000, statuses: [] },
  hashKey: 'uri',
  port: 0,
  seed: 1,
};
