import type { ConnectionSettings, LoadModel, ScenarioRequest } from '@evenkeel/contract/scenario';
import type { SpreadTotals } from './connectionSpread.ts';
import type { SeenEnding } from './endings.ts';
import type { KnownPods } from './podAttribution.ts';
import type { RequestPlan } from './requestPlan.ts';

/** HTTP/1.1: `fast` straight on sockets, `undici` the general HTTP client. `http2`: HTTP/2, straight on sockets. */
export type TransportName = 'fast' | 'undici' | 'http2';

/** A request of the run, how often it is drawn in proportion to the others, and how long it may take. */
export interface PlannedRequest {
  readonly plan: RequestPlan;
  readonly weight: number;
  readonly timeoutMs: number;
  /** Statuses that count as success. */
  readonly expect: ScenarioRequest['expect'];
}

/** Everything that a worker needs, sent once when it starts. */
export interface WorkerSetup {
  readonly worker: number;
  readonly workers: number;
  readonly transport: TransportName;
  /** What is sent: one request, or those of a mix. All go to the same destination. */
  readonly requests: readonly PlannedRequest[];
  readonly load: LoadModel;
  readonly connections: ConnectionSettings;
  /** This worker's part of `connections.count`. */
  readonly connectionShare: number;
  readonly durationSeconds: number;
  readonly drainSeconds: number;
  readonly measuredFromSecond: number;
  readonly pods: KnownPods;
  readonly acceptUnknownPods: boolean;
  /** Decides in which order the requests of a mix are drawn. */
  readonly seed: number;
}

export type ToWorker =
  /** Begin at this moment: milliseconds since the Unix epoch on the monotonic clock (timeOrigin + now). */
  | { readonly kind: 'begin'; readonly at: number }
  | { readonly kind: 'accept'; readonly pods: KnownPods }
  | { readonly kind: 'stop' }
  | { readonly kind: 'abort' };

export type FromWorker =
  | { readonly kind: 'ready' }
  | {
      readonly kind: 'second';
      readonly second: number;
      readonly data: Float64Array<ArrayBuffer>;
      /** Pods that this worker saw for the first time: they get the next indices. */
      readonly newPods: readonly string[];
      readonly faults: readonly (readonly [string, number])[];
      /** Endings that this worker saw for the first time. */
      readonly seen: readonly SeenEnding[];
    }
  | { readonly kind: 'end'; readonly spread: SpreadTotals; readonly newPods: readonly string[] };
