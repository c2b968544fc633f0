import type { BalanceScore } from '@evenkeel/contract/balance';
import type { Report } from '@evenkeel/contract/report';
import type { Sample } from '@evenkeel/contract/sample';

/** One pod in the table; null is "not known". */
export interface PodRow {
  readonly pod: string;
  readonly ready: boolean;
  readonly requests: number;
  readonly share: number;
  readonly expectedShare: number;
  readonly ratio: number | null;
  readonly isOff: boolean;
  readonly meanMs: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
  readonly errors: number;
  readonly cpuCores: number | null;
  readonly memoryBytes: number | null;
  readonly connections: number | null;
}

type Figures = Omit<PodRow, 'requests' | 'share' | 'expectedShare' | 'ratio' | 'isOff'>;

/** Pods of the score and pods with figures are joined by name; either may know one that the other does not. */
function joinRows(balance: BalanceScore, figures: readonly Figures[]): PodRow[] {
  const guarded = new Set(balance.guards.map((guard) => guard.pod));
  const scored = new Map(balance.perPod.map((pod) => [pod.pod, pod]));
  return figures.map((figure) => {
    const score = scored.get(figure.pod);
    return {
      ...figure,
      requests: score?.requests ?? 0,
      share: score?.share ?? 0,
      expectedShare: score?.expectedShare ?? 0,
      ratio: score?.ratio ?? null,
      isOff: (score?.significant ?? false) || guarded.has(figure.pod),
    };
  });
}

/** Rows of a running test: requests and shares over the score's window, the rest of the last second. */
export const liveRows = (sample: Sample): PodRow[] =>
  joinRows(
    sample.balance,
    sample.pods.map((pod) => ({
      pod: pod.pod,
      ready: pod.ready,
      meanMs: pod.meanMs,
      p95Ms: pod.p95Ms,
      p99Ms: pod.p99Ms,
      errors: pod.errors,
      cpuCores: pod.cpuCores,
      memoryBytes: pod.memoryBytes,
      connections: pod.activeConnections,
    }))
  );

/** Rows of a finished test, over its whole measured phase. */
export const reportRows = (report: Report): PodRow[] =>
  joinRows(
    report.balance,
    report.pods.map((pod) => ({
      pod: pod.pod,
      ready: pod.readyAtEnd,
      meanMs: pod.response.mean,
      p95Ms: pod.response.p95,
      p99Ms: pod.response.p99,
      errors: pod.errors,
      cpuCores: pod.cpuCores,
      memoryBytes: pod.memoryBytes,
      connections: null,
    }))
  );

export type PodColumn =
  | 'pod'
  | 'ready'
  | 'requests'
  | 'share'
  | 'ratio'
  | 'meanMs'
  | 'p95Ms'
  | 'p99Ms'
  | 'errors'
  | 'cpuCores'
  | 'memoryBytes'
  | 'connections';

export interface PodSort {
  readonly column: PodColumn;
  readonly descending: boolean;
}

const byName = new Intl.Collator('en', { numeric: true });

/** Sorted copy. Unknown figures come last in either direction; equals are by name. */
export function sortRows(rows: readonly PodRow[], { column, descending }: PodSort): PodRow[] {
  const direction = descending ? -1 : 1;
  return [...rows].sort((a, b) => {
    const names = byName.compare(a.pod, b.pod);
    if (column === 'pod') return direction * names;
    const [left, right] = [a[column], b[column]];
    if (left === right) return names;
    if (left === null) return 1;
    if (right === null) return -1;
    return direction * (Number(left) - Number(right));
  });
}
