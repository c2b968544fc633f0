import type { RunQuery, RunSort } from '@evenkeel/contract/api';

const SORT_COLUMNS: Readonly<Record<string, string>> = {
  createdAt: 'created_at',
  score: 'score',
  p95: 'p95',
  p99: 'p99',
  errorRate: 'error_rate',
  rate: 'rate',
};

/** The query's filter as SQL. Values travel as parameters, never as text. */
export function whereOf(query: RunQuery): { where: string; values: (string | number)[] } {
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
    const like = `%${query.text.replace(/[\\%_]/g, '\\$&')}%`;
    const columns = ['id', 'scenario_name', 'target_name', 'note'];
    add(`(${columns.map((column) => `${column} LIKE ? ESCAPE '\\'`).join(' OR ')})`, ...columns.map(() => like));
  }
  return { where: conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '', values };
}

/** Runs without the figure come last either way; equal ones are in the order of their start, the newest first. */
export function orderBy(sort: RunSort): string {
  const descending = sort.startsWith('-');
  const column = SORT_COLUMNS[descending ? sort.slice(1) : sort]!;
  return `ORDER BY ${column} ${descending ? 'DESC' : 'ASC'} NULLS LAST, created_at DESC, id DESC`;
}
