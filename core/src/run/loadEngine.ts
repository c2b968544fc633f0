import type { Attribution } from '@evenkeel/contract/attribution';
import type { AddressReport, Ending, EndingExample } from '@evenkeel/contract/ending';
import type { GeneratorHealth } from '@evenkeel/contract/generator';
import type { Phase } from '@evenkeel/contract/sample';
import type { Scenario } from '@evenkeel/contract/scenario';
import type { Histogram } from '../histogram/histogram.ts';
import type { SecondCounts } from './secondCounts.ts';

/** What one pod did in one second. */
export interface PodSecond {
  /** First-attempt routing decisions, by the pod that the balancer chose first. */
  decisions: number;
  /** Responses that this pod gave, by outcome in the order of OUTCOMES. */
  readonly outcomes: Uint32Array;
  /** Response times (from the intended send time) of the responses that this pod gave. */
  readonly response: Histogram;
  /** Sum of service times (from the actual send time), in microseconds. */
  serviceMicroseconds: number;
}

/** Requests that ended in the same way. */
export type EndingCount = Omit<Ending, 'example'>;

/** A way of ending that was seen for the first time. */
export type SeenExample = Pick<Ending, 'status' | 'failure'> & { readonly example: EndingExample };

/** Everything that the generator counted in one second, merged over its workers. Belongs to the receiver. */
export interface LoadSecond extends Readonly<SecondCounts> {
  /** Seconds since the load began. */
  readonly second: number;
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
  /**
   * The phase in which this second began. What completes while draining was sent while measuring: totals of a run are
   * over measuring and draining seconds, or its slowest responses are missing.
   */
  readonly phase: Phase;
  readonly completed: number;
  readonly inFlight: number;
  readonly users: number | null;
  readonly outcomes: Uint32Array;
  /** The outcomes in full. */
  readonly endings: readonly EndingCount[];
  readonly seen: readonly SeenExample[];
  /** By address that connections went to. */
  readonly addresses: readonly AddressReport[];
  readonly response: Histogram;
  readonly service: Histogram;
  readonly lateness: Histogram;
  /** Ages of the requests that were cut off; they are in `response` too. */
  readonly cutOff: Histogram;
  /** Keyed by pod name. A name that is not among the accepted pods is never a key. */
  readonly pods: ReadonlyMap<string, PodSecond>;
  readonly generator: GeneratorHealth;
}

export interface LoadPlan {
  readonly runId: string;
  /** Base URL of the target; the scenario's path is appended. */
  readonly url: string;
  readonly scenario: Scenario;
  readonly attribution: Attribution;
  /** Pods whose names may be counted, with the address by which an upstream header names them. */
  readonly pods: readonly { readonly pod: string; readonly address: string | null }[];
  /** Accept names that are not among `pods`, up to MAX_PODS: for targets without a complete directory. */
  readonly acceptUnknownPods: boolean;
  /** Networks that connections may go to, checked on the address that is connected to. */
  readonly allowedNetworks: readonly string[];
}

/** How spread the requests were over connections: what an operator needs to recognise pinning. */
export interface ConnectionSpread {
  /** Connections that carried at least one attributed response in the measuring phase. */
  readonly connections: number;
  /** Those with at least two attributed responses that all came from one pod. */
  readonly pinned: number;
  /** Those with at least two attributed responses. */
  readonly reused: number;
  /**
   * Variance inflation by connection (cluster design effect around the observed shares, at least 1):
   * requests / designEffect is the number of independent routing decisions. 1 when connections do not matter. When
   * only one pod was seen it is the mean size of a connection as a request sees it: each connection was one decision.
   */
  readonly designEffect: number;
}

export interface LoadEnd {
  readonly spread: ConnectionSpread;
  /** The generator itself failed, in words; null otherwise. */
  readonly failure: string | null;
}

export interface LoadHandle {
  /** Called once a second, soon after its end, in order. */
  onSecond(listener: (second: LoadSecond) => void): void;
  /** Called at once when a phase begins. */
  onPhase(listener: (phase: Phase, second: number) => void): void;
  /** Accepts these pods from now on, in addition to the known ones. */
  acceptPods(pods: LoadPlan['pods']): void;
  /** Stops sending and drains. */
  stop(): void;
  /** Stops sending and cancels what is in flight. */
  abort(): void;
  /** Settles when all workers are gone; never rejects. */
  readonly ended: Promise<LoadEnd>;
}

export interface LoadEngine {
  /** Starts the load. Rejects with a message for people when no request can be sent at all. */
  start(plan: LoadPlan): Promise<LoadHandle>;
}
