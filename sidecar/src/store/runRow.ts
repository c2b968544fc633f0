import type { Run } from '@evenkeel/contract/run';
import type { RunResult, RunSummary } from '@evenkeel/contract/runSummary';

interface CommonRow {
  id: string;
  state: Run['state'];
  reason: string | null;
  created_at: number;
  started_at: number | null;
  ended_at: number | null;
  started_by: string;
  labels: string;
  note: string;
  baseline: number;
}

export interface RunRow extends CommonRow {
  scenario: string;
  target: string;
}

export interface SummaryRow extends CommonRow {
  scenario_name: string;
  scenario_kind: RunSummary['scenarioKind'];
  target_id: string;
  target_name: string;
  target_kind: RunSummary['targetKind'];
  conclusion: RunResult['conclusion'] | null;
  verdict: RunResult['verdict'];
  score: number | null;
  low: number | null;
  high: number | null;
  completed: number;
  rate: number;
  error_rate: number;
  p50: number | null;
  p95: number | null;
  p99: number | null;
  pods: number;
}

const COMMON = 'id, state, reason, created_at, started_at, ended_at, started_by, labels, note, baseline';
export const RUN_COLUMNS = `${COMMON}, scenario, target`;
export const SUMMARY_COLUMNS = `${COMMON}, scenario_name, scenario_kind, target_id, target_name, target_kind, conclusion, verdict, score,
  low, high, completed, rate, error_rate, p50, p95, p99, pods`;

const commonOf = (row: CommonRow) => ({
  id: row.id,
  state: row.state,
  reason: row.reason,
  createdAt: row.created_at,
  startedAt: row.started_at,
  endedAt: row.ended_at,
  startedBy: row.started_by,
  labels: JSON.parse(row.labels) as Run['labels'],
  note: row.note,
  baseline: row.baseline === 1,
});

export function runOfRow(row: RunRow): Run {
  return {
    ...commonOf(row),
    scenario: JSON.parse(row.scenario) as Run['scenario'],
    target: JSON.parse(row.target) as Run['target'],
  };
}

export function summaryOfRow(row: SummaryRow): RunSummary {
  return {
    ...commonOf(row),
    scenarioName: row.scenario_name,
    scenarioKind: row.scenario_kind,
    targetId: row.target_id,
    targetName: row.target_name,
    targetKind: row.target_kind,
    result:
      row.conclusion === null
        ? null
        : {
            conclusion: row.conclusion,
            verdict: row.verdict,
            scorePercent: row.score,
            lowPercent: row.low,
            highPercent: row.high,
            completed: row.completed,
            achievedRate: row.rate,
            errorRatePercent: row.error_rate,
            p50Ms: row.p50,
            p95Ms: row.p95,
            p99Ms: row.p99,
            pods: row.pods,
          },
  };
}
