import { RUN_SORTS, type RunQuery, type RunSort } from '@evenkeel/contract/api';
import { ID_PATTERN } from '@evenkeel/contract/ids';
import type { RunState } from '@evenkeel/contract/run';
import { SCENARIO_KINDS } from '@evenkeel/contract/scenario';

/** Groups of run states that a person filters by. */
export const STATE_FILTERS: Readonly<Record<string, { label: string; states: readonly RunState[] }>> = {
  active: { label: 'Running', states: ['pending', 'warming', 'measuring', 'draining'] },
  finished: { label: 'Finished', states: ['finished'] },
  stopped: { label: 'Stopped', states: ['stopped'] },
  broken: { label: 'Aborted or failed', states: ['aborted', 'failed', 'interrupted'] },
};

/** What the history shows; lives in the page's address, so that a filtered list can be sent to somebody. */
export interface HistoryView {
  readonly text: string;
  readonly targetId: string | null;
  readonly kind: (typeof SCENARIO_KINDS)[number] | null;
  readonly state: string | null;
  /** `name:value` */
  readonly label: string | null;
  readonly baselineOnly: boolean;
  readonly sort: RunSort;
  /** From 1. */
  readonly page: number;
}

export const PAGE_SIZE = 25;

/** Reads a view from an address; what cannot be read is left out. */
export function readView(query: URLSearchParams): HistoryView {
  const page = Number(query.get('page'));
  const targetId = query.get('target');
  const state = query.get('state');
  const label = query.get('label');
  return {
    text: (query.get('text') ?? '').slice(0, 200),
    targetId: targetId && ID_PATTERN.test(targetId) ? targetId : null,
    kind: SCENARIO_KINDS.find((kind) => kind === query.get('kind')) ?? null,
    state: state && state in STATE_FILTERS ? state : null,
    label: label && /^[A-Za-z0-9_.-]{1,63}:/.test(label) ? label : null,
    baselineOnly: query.get('baseline') === 'true',
    sort: RUN_SORTS.find((sort) => sort === query.get('sort')) ?? '-createdAt',
    page: Number.isInteger(page) && page >= 1 && page <= 10_000 ? page : 1,
  };
}

/** The address parameters of a view, for `locationService.partial`; null removes one. */
export function writeView(view: HistoryView): Record<string, string | null> {
  return {
    text: view.text || null,
    target: view.targetId,
    kind: view.kind,
    state: view.state,
    label: view.label,
    baseline: view.baselineOnly ? 'true' : null,
    sort: view.sort === '-createdAt' ? null : view.sort,
    page: view.page === 1 ? null : String(view.page),
  };
}

/** What to ask the service for. */
export function runQueryOf(view: HistoryView): Partial<RunQuery> {
  return {
    text: view.text || undefined,
    targetId: view.targetId ?? undefined,
    kind: view.kind ?? undefined,
    state: view.state ? [...(STATE_FILTERS[view.state]?.states ?? [])] : undefined,
    label: view.label ?? undefined,
    baseline: view.baselineOnly ? 'true' : undefined,
    sort: view.sort,
    limit: PAGE_SIZE,
    offset: (view.page - 1) * PAGE_SIZE,
  };
}

export const isFiltered = (view: HistoryView): boolean =>
  view.text !== '' ||
  view.targetId !== null ||
  view.kind !== null ||
  view.state !== null ||
  view.label !== null ||
  view.baselineOnly;

/** The sort after a click on a column: the column's first direction, then the other one. */
export function nextSort(sort: RunSort, column: 'createdAt' | 'score' | 'p95' | 'p99' | 'errorRate' | 'rate'): RunSort {
  return sort === `-${column}` ? column : `-${column}`;
}
