import type { DatabaseSync } from 'node:sqlite';
import { StoreFailure } from '../runs/ports/runStore.ts';

/** Each step brings the file from its index to the next version. Never change a step that was released; add one. */
const STEPS: readonly string[] = [
  `
  CREATE TABLE runs (
    id TEXT PRIMARY KEY,
    state TEXT NOT NULL,
    reason TEXT,
    scenario TEXT NOT NULL,
    scenario_name TEXT NOT NULL,
    scenario_kind TEXT NOT NULL,
    target TEXT NOT NULL,
    target_id TEXT NOT NULL,
    target_name TEXT NOT NULL,
    target_kind TEXT NOT NULL,
    created_at REAL NOT NULL,
    started_at REAL,
    ended_at REAL,
    started_by TEXT NOT NULL,
    labels TEXT NOT NULL,
    note TEXT NOT NULL,
    baseline INTEGER NOT NULL,
    request_subject TEXT,
    request_key TEXT,
    request_digest TEXT,
    report BLOB,
    conclusion TEXT,
    verdict TEXT,
    score REAL,
    low REAL,
    high REAL,
    completed INTEGER,
    rate REAL,
    error_rate REAL,
    p50 REAL,
    p95 REAL,
    p99 REAL,
    pods INTEGER
  ) STRICT;
  CREATE INDEX runs_created ON runs (created_at);
  CREATE INDEX runs_target ON runs (target_id, created_at);
  CREATE UNIQUE INDEX runs_request ON runs (request_subject, request_key) WHERE request_key IS NOT NULL;
  CREATE UNIQUE INDEX runs_baseline ON runs (target_id) WHERE baseline = 1;

  CREATE TABLE samples (
    run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    second INTEGER NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (run_id, second)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE scenarios (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    scenario TEXT NOT NULL,
    updated_at REAL NOT NULL,
    updated_by TEXT NOT NULL
  ) STRICT;

  CREATE TABLE safety (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    engaged INTEGER NOT NULL,
    reason TEXT,
    by TEXT,
    at REAL
  ) STRICT;

  CREATE TABLE audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at REAL NOT NULL,
    subject TEXT NOT NULL,
    role TEXT,
    verified INTEGER NOT NULL,
    action TEXT NOT NULL,
    object TEXT NOT NULL,
    status INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    request_id TEXT NOT NULL
  ) STRICT;
  CREATE TABLE probe (id INTEGER PRIMARY KEY, at REAL NOT NULL) STRICT;
  CREATE TRIGGER audit_unchanged BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
  `,
  `
  CREATE TABLE faults (
    id TEXT PRIMARY KEY,
    target_id TEXT NOT NULL,
    run_id TEXT,
    type TEXT NOT NULL,
    over INTEGER NOT NULL,
    created_at REAL NOT NULL,
    fault TEXT NOT NULL,
    inverses TEXT NOT NULL
  ) STRICT;
  CREATE INDEX faults_open ON faults (over, created_at);
  CREATE INDEX faults_created ON faults (created_at);
  CREATE TRIGGER inverses_unchanged BEFORE UPDATE OF inverses ON faults
    BEGIN SELECT RAISE(ABORT, 'the way back of a fault never changes'); END;
  `,
];

export const SCHEMA_VERSION = STEPS.length;

/** Brings the tables up to date, each step in one transaction. Refuses a file that a newer version wrote. */
export function migrate(database: DatabaseSync, file: string): void {
  const { user_version: version } = database.prepare('PRAGMA user_version').get() as { user_version: number };
  if (version > SCHEMA_VERSION) {
    throw new StoreFailure(
      `The database ${file} was written by a newer Evenkeel (its version is ${version}, this one knows ${SCHEMA_VERSION}); upgrade, or choose another file.`
    );
  }
  for (let step = version; step < SCHEMA_VERSION; step++) {
    database.exec(`BEGIN IMMEDIATE; ${STEPS[step]}; PRAGMA user_version = ${step + 1}; COMMIT`);
  }
}
