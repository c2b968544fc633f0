import type { PatchRun, RunQuery } from '@evenkeel/contract/api';
import type { Report } from '@evenkeel/contract/report';
import { FINAL_RUN_STATES, type Run } from '@evenkeel/contract/run';
import type { RunSummary } from '@evenkeel/contract/runSummary';
import type { Sample } from '@evenkeel/contract/sample';
import { resultOf } from '@evenkeel/core/run/historySummary';
import { loopTurn } from '../pacing/loopTurn.ts';
import type { RequestKey, RunChange, RunPage, RunStore } from '../runs/ports/runStore.ts';
import type { Database } from './database.ts';
import { pack, packSample, unpack, unpackSample } from './packedJson.ts';
import { type FoundRun, filterOf, type RunFilter } from './runFilter.ts';
import { RUN_COLUMNS, type RunRow, runOfRow, SUMMARY_COLUMNS, type SummaryRow, summaryOfRow } from './runRow.ts';

const FINAL = FINAL_RUN_STATES.map((state) => `'${state}'`).join(',');

/** What reports of older versions do not have. */
const MISSING_IN_OLDER = { headlines: [], endings: [], addresses: [] } satisfies Partial<Report>;
/** Rows that are looked through in one turn of the event loop: a row with a long scenario and a long note takes 0.1 ms. */
const ROWS_OF_A_PIECE = 50;

/** Runs in SQLite. */
export class SqliteRunStore implements RunStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  create(run: Run, key?: RequestKey): void {
    this.#db.attempt(() =>
      this.#db.states
        .prepare(
          `INSERT INTO runs (id, state, reason, scenario, scenario_name, scenario_kind, target, target_id, target_name, target_kind,
             created_at, started_at, ended_at, started_by, labels, note, baseline, request_subject, request_key, request_digest)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
        )
        .run(
          run.id,
          run.state,
          run.reason,
          JSON.stringify(run.scenario),
          run.scenario.name,
          run.scenario.kind,
          JSON.stringify(run.target),
          run.target.id,
          run.target.name,
          run.target.kind,
          run.createdAt,
          run.startedAt,
          run.endedAt,
          run.startedBy,
          JSON.stringify(run.labels),
          run.note,
          run.baseline ? 1 : 0,
          key?.subject ?? null,
          key?.key ?? null,
          key?.digest ?? null
        )
    );
  }

  findByKey(subject: string, key: string): { runId: string; digest: string } | undefined {
    return this.#db.attempt(
      () =>
        this.#db.states
          .prepare(
            'SELECT id AS runId, request_digest AS digest FROM runs WHERE request_subject = ? AND request_key = ?'
          )
          .get(subject, key) as { runId: string; digest: string } | undefined
    );
  }

  update(id: string, change: RunChange): void {
    const sets = ['state = ?'];
    const values: (string | number | null)[] = [change.state];
    const set = (column: string, value: string | number | null | undefined) => {
      if (value === undefined) return;
      sets.push(`${column} = ?`);
      values.push(value);
    };
    set('reason', change.reason);
    set('started_at', change.startedAt);
    set('ended_at', change.endedAt);
    this.#db.attempt(() =>
      this.#db.states.prepare(`UPDATE runs SET ${sets.join(', ')} WHERE id = ?`).run(...values, id)
    );
  }

  addSample(id: string, sample: Sample): void {
    this.#db.attempt(() =>
      this.#db.samples
        .prepare('INSERT OR REPLACE INTO samples (run_id, second, data) VALUES (?, ?, ?)')
        .run(id, sample.second, packSample(sample))
    );
  }

  saveReport(id: string, report: Report): void {
    const result = resultOf(report);
    this.#db.attempt(() =>
      this.#db.states
        .prepare(
          `UPDATE runs SET report = ?, conclusion = ?, verdict = ?, score = ?, low = ?, high = ?, completed = ?, rate = ?,
             error_rate = ?, p50 = ?, p95 = ?, p99 = ?, pods = ? WHERE id = ?`
        )
        .run(
          pack(report),
          result.conclusion,
          result.verdict,
          result.scorePercent,
          result.lowPercent,
          result.highPercent,
          result.completed,
          result.achievedRate,
          result.errorRatePercent,
          result.p50Ms,
          result.p95Ms,
          result.p99Ms,
          result.pods,
          id
        )
    );
  }

  get(id: string): Run | undefined {
    return this.#db.attempt(() => {
      const row = this.#db.states.prepare(`SELECT ${RUN_COLUMNS} FROM runs WHERE id = ?`).get(id);
      return row && runOfRow(row as unknown as RunRow);
    });
  }

  async find(query: RunQuery): Promise<RunPage> {
    const filter = filterOf(query);
    const found: FoundRun[] = [];
    let after = 0;
    for (;;) {
      const piece = this.#piece(filter, after);
      if (piece === null) break;
      found.push(...piece.found);
      after = piece.last;
      await loopTurn();
    }
    const ids = found.sort(filter.order).map(({ id }) => id);
    return { ids: ids.slice(query.offset, query.offset + query.limit), total: ids.length };
  }

  /** What the filter finds in the rows behind row `after`; null when there are no more. */
  #piece({ condition, values, column }: RunFilter, after: number): { found: FoundRun[]; last: number } | null {
    return this.#db.attempt(() => {
      const { last } = this.#db.states
        .prepare('SELECT max(rowid) AS last FROM (SELECT rowid FROM runs WHERE rowid > ? ORDER BY rowid LIMIT ?)')
        .get(after, ROWS_OF_A_PIECE) as { last: number | null };
      if (last === null) return null;
      const found = this.#db.states
        .prepare(
          `SELECT id, created_at AS createdAt, ${column} AS figure FROM runs WHERE rowid > ? AND rowid <= ? AND ${condition}`
        )
        .all(after, last, ...values) as unknown as FoundRun[];
      return { found, last };
    });
  }

  summary(id: string): RunSummary | undefined {
    return this.#db.attempt(() => {
      const row = this.#db.states.prepare(`SELECT ${SUMMARY_COLUMNS} FROM runs WHERE id = ?`).get(id);
      return row && summaryOfRow(row as unknown as SummaryRow);
    });
  }

  describe(id: string, change: PatchRun): Run | undefined {
    return this.#db.transaction(() => {
      const run = this.get(id);
      if (run === undefined) return undefined;
      const changed: Run = {
        ...run,
        labels: change.labels ?? run.labels,
        note: change.note ?? run.note,
        baseline: change.baseline ?? run.baseline,
      };
      if (changed.baseline) {
        this.#db.states
          .prepare('UPDATE runs SET baseline = 0 WHERE target_id = ? AND baseline = 1 AND id <> ?')
          .run(run.target.id, id);
      }
      this.#db.states
        .prepare('UPDATE runs SET labels = ?, note = ?, baseline = ? WHERE id = ?')
        .run(JSON.stringify(changed.labels), changed.note, changed.baseline ? 1 : 0, id);
      return changed;
    });
  }

  baselineOf(targetId: string): string | undefined {
    return this.#db.attempt(() => {
      const row = this.#db.states.prepare('SELECT id FROM runs WHERE target_id = ? AND baseline = 1').get(targetId);
      return (row as { id: string } | undefined)?.id;
    });
  }

  report(id: string): Report | undefined {
    return this.#db.attempt(() => {
      const row = this.#db.states.prepare(`SELECT ${RUN_COLUMNS}, report FROM runs WHERE id = ?`).get(id) as
        | (RunRow & { report: Uint8Array | null })
        | undefined;
      if (!row?.report) return undefined;
      return { ...MISSING_IN_OLDER, ...unpack<Report>(row.report), run: runOfRow(row) };
    });
  }

  samples(id: string, from: number, limit: number): Sample[] {
    return this.#db.attempt(() =>
      this.#db.samples
        .prepare('SELECT data FROM samples WHERE run_id = ? AND second >= ? ORDER BY second LIMIT ?')
        .all(id, from, limit)
        .map((row) => unpackSample<Sample>(row.data as Uint8Array))
    );
  }

  lastSample(id: string): Sample | undefined {
    return this.#db.attempt(() => {
      const row = this.#db.samples
        .prepare('SELECT data FROM samples WHERE run_id = ? ORDER BY second DESC LIMIT 1')
        .get(id);
      return row && unpackSample<Sample>(row.data as Uint8Array);
    });
  }

  interruptUnfinished(at: number, reason: string): string[] {
    return this.#db.attempt(() =>
      this.#db.states
        .prepare(
          // Never before what is known of it: the clock may have been set back since.
          `UPDATE runs SET state = 'interrupted', reason = ?, ended_at = MAX(?, COALESCE(started_at +
             1000 * (SELECT COALESCE(MAX(second) + 1, 0) FROM samples WHERE run_id = runs.id), started_at, created_at))
           WHERE state NOT IN (${FINAL}) RETURNING id`
        )
        .all(reason, at)
        .map((row) => row.id as string)
    );
  }

  prune(keep: number, createdBefore: number): number {
    return this.#db.attempt(() =>
      Number(
        this.#db.states
          .prepare(
            `DELETE FROM runs WHERE baseline = 0 AND state IN (${FINAL}) AND (created_at < ? OR id NOT IN
               (SELECT id FROM runs ORDER BY rowid DESC LIMIT ?))`
          )
          .run(createdBefore, keep).changes
      )
    );
  }
}
