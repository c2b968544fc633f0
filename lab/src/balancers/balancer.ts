import type { PolicyName } from '@evenkeel/core/policies/registry';
import type { Routing, UpstreamCounts } from '../proxy/balancerMessages.ts';

/** What stands in front of the pods: our own proxy or a real program. */
export interface Balancer {
  /** For people: "embedded balancer", "nginx 1.22.1". */
  readonly title: string;
  /** Port on 127.0.0.1. */
  readonly port: number;
  /** Process ids, the one that is killed to test a crash first. */
  pids(): readonly number[];
  /** Takes over pods, weights, readiness and policy without dropping a request. @throws Error with a message for people. */
  route(routing: Routing): Promise<void>;
  /** Requests per pod as the balancer counted them itself. */
  counts(): Promise<readonly UpstreamCounts[]>;
  /** Ends it, within a few seconds, whatever state it is in. */
  stop(): Promise<void>;
}

export interface BalancerEvents {
  died(cause: string): void;
  restarted(): void;
}

/** A policy that a balancer lacks, with those that it has. */
export function unsupportedPolicy(title: string, policy: PolicyName, supported: readonly PolicyName[]): Error {
  return new Error(`--policy ${policy}: ${title} has no such policy; it has ${supported.join(', ')}`);
}
