import type { BalanceScore } from '@evenkeel/contract/balance';
import { OUTCOMES } from '@evenkeel/contract/outcome';
import type { PodStatus } from '@evenkeel/contract/target';
import { type Exposition, labelText } from './exposition.ts';
import { BUCKET_BOUNDS } from './podSeries.ts';
import { NO_POD, type TargetSeries } from './targetSeries.ts';

/** Outcomes that only an answer has. */
const ANSWERS = new Set((['ok', 'http-4xx', 'http-5xx'] as const).map((outcome) => OUTCOMES.indexOf(outcome)));

export interface ListedTarget {
  readonly series: TargetSeries;
  readonly listed: readonly PodStatus[];
  readonly balance: BalanceScore | null;
}

/** Writes the families that have a series for each pod. Yields between pods when a part has come together. */
export function* writePods(out: Exposition, targets: readonly ListedTarget[]): Generator<void> {
  yield* writeTraffic(out, targets);
  yield* writeShares(out, targets);
  yield* writeStatus(out, targets);
}

function* writeTraffic(out: Exposition, targets: readonly ListedTarget[]): Generator<void> {
  out.family(
    'evenkeel_requests_total',
    'counter',
    'Requests that Evenkeel sent and that ended, by the pod that answered ("none" when no pod did, "other" past the first thousand pods) and by how they ended.'
  );
  for (const { series } of targets) {
    for (const pod of series.pods.values()) {
      pod.outcomes.forEach((count, i) => {
        // From the start, so that the first failure is an increase; what a pod can hardly cause appears with the first one.
        if (count > 0 || pod.name === NO_POD || ANSWERS.has(i)) {
          out.counter('evenkeel_requests_total', pod.outcomeLabels[i]!, count);
        }
      });
      if (out.isPart) yield;
    }
  }
  out.family(
    'evenkeel_request_duration_seconds',
    'histogram',
    'Response time of every request that ended, from the moment it was due, by the pod that answered; a timeout ("none") counts with its full length.'
  );
  for (const { series } of targets) {
    for (const pod of series.pods.values()) {
      pod.settle();
      if (pod.count === 0) continue;
      const factor = out.histogramFactor('evenkeel_request_duration_seconds', pod.labels);
      for (let i = 0; i < BUCKET_BOUNDS.length; i++) {
        out.series('evenkeel_request_duration_seconds_bucket', pod.bucketLabels[i]!, factor * pod.buckets[i]!);
      }
      out.series(
        'evenkeel_request_duration_seconds_bucket',
        pod.bucketLabels[BUCKET_BOUNDS.length]!,
        factor * pod.count
      );
      out.series('evenkeel_request_duration_seconds_sum', pod.labels, factor * pod.sumSeconds);
      out.series('evenkeel_request_duration_seconds_count', pod.labels, factor * pod.count);
      if (out.isPart) yield;
    }
  }
}

function* writeShares(out: Exposition, targets: readonly ListedTarget[]): Generator<void> {
  function* family(name: string, help: string, share: (pod: BalanceScore['perPod'][number]) => number) {
    out.family(name, 'gauge', help);
    for (const { series, balance } of targets) {
      const known = balance?.perPod ?? [];
      for (const pod of known.slice(0, 1000)) {
        out.series(name, labelOf(series, pod.pod), share(pod));
        if (out.isPart) yield;
      }
    }
  }
  yield* family(
    'evenkeel_pod_share_ratio',
    'Share of the requests that the balancer gave to this pod, 0 to 1, over the time that the balance score covers.',
    ({ share }) => share
  );
  yield* family(
    'evenkeel_pod_expected_share_ratio',
    'Share that the pod should have got by its weight and the time it was ready, 0 to 1.',
    ({ expectedShare }) => expectedShare
  );
}

function* writeStatus(out: Exposition, targets: readonly ListedTarget[]): Generator<void> {
  function* family(name: string, help: string, value: (pod: PodStatus) => number | null) {
    out.family(name, 'gauge', help);
    for (const { series, listed } of targets) {
      for (const pod of listed) {
        const current = value(pod);
        if (current !== null) out.series(name, labelOf(series, pod.pod), current);
        if (out.isPart) yield;
      }
    }
  }
  yield* family('evenkeel_pod_ready', '1 when the pod should get traffic, 0 when it should not.', ({ ready }) =>
    ready ? 1 : 0
  );
  yield* family('evenkeel_pod_cpu_cores', 'CPU that the pod uses, in cores.', ({ cpuCores }) => cpuCores);
  yield* family('evenkeel_pod_memory_bytes', 'Memory that the pod uses.', ({ memoryBytes }) => memoryBytes);
  yield* family(
    'evenkeel_pod_active_connections',
    'Connections that are open to the pod.',
    ({ activeConnections }) => activeConnections
  );
}

/** The label text is at hand for pods that were loaded; the others are few, or idle. */
const labelOf = (series: TargetSeries, pod: string): string =>
  series.pods.get(pod)?.labels ?? labelText({ target: series.target, pod });
