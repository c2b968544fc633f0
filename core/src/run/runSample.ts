import type { BalanceScore } from '@evenkeel/contract/balance';
import { endingName } from '@evenkeel/contract/endingText';
import type { PodSample, Sample } from '@evenkeel/contract/sample';
import type { PodStatus } from '@evenkeel/contract/target';
import type { LoadSecond } from './loadEngine.ts';
import { errorsOf, outcomeCounts } from './runTally.ts';

/** What the world gets to see of one second. */
export function runSample(second: LoadSecond, pods: readonly PodStatus[], balance: BalanceScore): Sample {
  return {
    second: second.second,
    at: second.at,
    phase: second.phase,
    offered: second.offered,
    sent: second.sent,
    completed: second.completed,
    dropped: second.dropped,
    inFlight: second.inFlight,
    users: second.users,
    outcomes: outcomeCounts(second.outcomes),
    endings: endingCounts(second),
    response: second.response.summary(),
    service: second.service.summary(),
    unattributed: second.unattributed,
    balance,
    generator: second.generator,
    pods: pods.map((status) => podSample(status, second)),
  };
}

function endingCounts({ endings }: LoadSecond): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const one of endings) {
    const name = endingName(one);
    counts[name] = (counts[name] ?? 0) + one.count;
  }
  return counts;
}

function podSample(status: PodStatus, second: LoadSecond): PodSample {
  const counts = second.pods.get(status.pod);
  const response = counts?.response;
  const ms = (value: number | null | undefined) => (value === null || value === undefined ? null : value / 1000);
  return {
    pod: status.pod,
    requests: counts?.decisions ?? 0,
    errors: counts ? errorsOf(counts.outcomes) : 0,
    meanMs: response && response.count > 0 ? response.sum / response.count / 1000 : null,
    p95Ms: ms(response?.quantile(0.95)),
    p99Ms: ms(response?.quantile(0.99)),
    ready: status.ready,
    cpuCores: status.cpuCores,
    memoryBytes: status.memoryBytes,
    activeConnections: status.activeConnections,
  };
}
