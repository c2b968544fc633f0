import type { RunQuery } from '@evenkeel/contract/api';

const SORT_COLUMNS: Readonly<Record<string, string>> = {
  createdAt: 'created_at',
  score: 'score',
  p95: 'p95',
  p99: 'p99',
  errorRate: 'error_rate',
  rate: 'rate',
};

/** A run that a filter found, with what it is sorted by. */
export interface FoundRun {
  readonly id: string;
  readonly createdAt: number;
  readonly figure: number | null;
}

export interface RunFilter {
  /** SQL. Values travel as parameters, never as text. */
  readonly condition: string;
  readonly values: readonly (string | number)[];
  /** The column that is sorted by. */
  readonly column: string;
  readonly order: (a: FoundRun, b: FoundRun) => number;
}

/** A query as SQL and an order. */
export function filterOf(query: RunQuery): RunFilter {
  const conditions: string[] = [];
  const values: (string | number)[] = [];
  const add = (condition: string, ...parameters: (string | number)[]) => {
    conditions.push(condition);
    values.push(...parameters);
  };
  if (query.state) add(`state IN (${query.state.map(() => '?').join(',')})`, ...query.state);
  if (query.targetId !== undefined) add('target_id = ?', query.targetId);
  if (query.scenarioName !== undefined) add('scenario_name = ?', query.scenarioName);
  if (query.kind !== undefined) add('scenario_kind = ?', query.kind);
  if (query.startedBy !== undefined) add('started_by = ?', query.startedBy);
  if (query.baseline !== undefined) add('baseline = ?', query.baseline === 'true' ? 1 : 0);
  if (query.from !== undefined) add('created_at >= ?', query.from);
  if (query.to !== undefined) add('created_at < ?', query.to);
  if (query.label !== undefined) {
    const colon = query.label.indexOf(':');
    // The contract allows no quote in a label's name, so the JSON path cannot be broken out of.
    add('json_extract(labels, ?) = ?', `$."${query.label.slice(0, colon)}"`, query.label.slice(colon + 1));
  }
  if (query.text !== undefined && query.text !== '') {
    const columns = ['id', 'scenario_name', 'target_name', 'note'];
    // Not LIKE, which takes milliseconds for a text that nearly fits everywhere.
    const text = query.text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
    add(`(${columns.map((column) => `instr(lower(${column}), ?) > 0`).join(' OR ')})`, ...columns.map(() => text));
  }
  const descending = query.sort.startsWith('-');
  const column = SORT_COLUMNS[descending ? query.sort.slice(1) : query.sort]!;
  return { condition: ['1', ...conditions].join(' AND '), values, column, order: order(descending) };
}

/** Runs without the figure come last either way; equal ones are in the order of their start, the newest first. */
const order =
  (descending: boolean): RunFilter['order'] =>
  (a, b) => {
    if (a.figure !== b.figure) {
      if (a.figure === null) return 1;
      if (b.figure === null) return -1;
      return descending ? b.figure - a.figure : a.figure - b.figure;
    }
    return b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1);
  };
