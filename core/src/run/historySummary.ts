import type { Report } from '@evenkeel/contract/report';
import type { Run } from '@evenkeel/contract/run';
import type { RunResult, RunSummary } from '@evenkeel/contract/runSummary';

/** The figures of a report that a list shows. */
export function resultOf(report: Report): RunResult {
  return {
    conclusion: report.conclusion,
    verdict: report.balance.verdict,
    scorePercent: report.balance.scorePercent,
    lowPercent: report.balance.lowPercent,
    highPercent: report.balance.highPercent,
    completed: report.totals.completed,
    achievedRate: report.achievedRate,
    errorRatePercent: report.errorRatePercent,
    p50Ms: report.response.p50,
    p95Ms: report.response.p95,
    p99Ms: report.response.p99,
    pods: report.pods.length,
  };
}

/** A run as a list shows it. */
export function summaryOf(run: Run, result: RunResult | null): RunSummary {
  return {
    id: run.id,
    state: run.state,
    reason: run.reason,
    scenarioName: run.scenario.name,
    scenarioKind: run.scenario.kind,
    targetId: run.target.id,
    targetName: run.target.name,
    targetKind: run.target.kind,
    createdAt: run.createdAt,
    startedAt: run.startedAt,
    endedAt: run.endedAt,
    startedBy: run.startedBy,
    labels: run.labels,
    note: run.note,
    baseline: run.baseline,
    result,
  };
}
