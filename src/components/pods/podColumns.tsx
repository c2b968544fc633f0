import { bytesText, coresText, countText, deviationText, latencyText, shareText } from '@evenkeel/core/text/figures';
import { Icon } from '@grafana/ui';
import type { ReactNode } from 'react';
import type { PodColumn, PodRow } from './podRows.ts';

interface Column {
  readonly key: PodColumn;
  readonly title: string;
  /** Part of the table's width. */
  readonly width: string;
  readonly cell: (row: PodRow) => ReactNode;
}

const share = (row: PodRow) => shareText(row.share);

/** Columns of the pod table, in reading order. */
export const POD_COLUMNS: readonly Column[] = [
  { key: 'pod', title: 'Pod', width: '15%', cell: (row) => row.pod },
  {
    key: 'ready',
    title: 'Ready',
    width: '6%',
    cell: (row) =>
      row.ready ? (
        <Icon name="check" size="sm" title="ready" />
      ) : (
        <>
          <Icon name="times" size="sm" /> no
        </>
      ),
  },
  { key: 'requests', title: 'Requests', width: '9%', cell: (row) => countText(row.requests) },
  { key: 'share', title: 'Share', width: '8%', cell: share },
  { key: 'ratio', title: 'vs expected', width: '11%', cell: (row) => deviationText(row.ratio) },
  { key: 'meanMs', title: 'Mean', width: '8.5%', cell: (row) => latencyText(row.meanMs) },
  { key: 'p95Ms', title: 'p95', width: '8.5%', cell: (row) => latencyText(row.p95Ms) },
  { key: 'p99Ms', title: 'p99', width: '8.5%', cell: (row) => latencyText(row.p99Ms) },
  { key: 'errors', title: 'Errors', width: '7%', cell: (row) => countText(row.errors) },
  { key: 'cpuCores', title: 'CPU', width: '7%', cell: (row) => coresText(row.cpuCores) },
  { key: 'memoryBytes', title: 'Memory', width: '9%', cell: (row) => bytesText(row.memoryBytes) },
  { key: 'connections', title: 'Conns', width: '7%', cell: (row) => countText(row.connections) },
];
