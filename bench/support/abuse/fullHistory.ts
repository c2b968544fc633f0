import { MAX_PAGE, runQuerySchema } from '@evenkeel/contract/api';
import type { Fault } from '@evenkeel/contract/fault';
import { MAX_PODS } from '@evenkeel/contract/limits';
import type { Report } from '@evenkeel/contract/report';
import type { Run } from '@evenkeel/contract/run';
import type { Sample } from '@evenkeel/contract/sample';
import { scenarioSchema } from '@evenkeel/contract/scenario';
import type { Target } from '@evenkeel/contract/target';
import { standingClock } from '@evenkeel/core/run/testing/testClock';
import { executeRun } from '../../../core/src/run/runExecution.ts';
import { ScriptedLoadEngine } from '../../../core/src/run/testing/scriptedLoadEngine.ts';
import { Database } from '../../../sidecar/src/store/database.ts';
import { SqliteAuditLog } from '../../../sidecar/src/store/sqliteAuditLog.ts';
import { SqliteFaultJournal } from '../../../sidecar/src/store/sqliteFaultJournal.ts';
import { SqliteRunStore } from '../../../sidecar/src/store/sqliteRunStore.ts';
import { SqliteScenarioStore } from '../../../sidecar/src/store/sqliteScenarioStore.ts';
import { LARGE_SCENARIO } from './largeScenario.ts';

/** Names as long as Kubernetes allows. */
export const PODS = Array.from({ length: MAX_PODS }, (_, i) => `${'checkout-7f9c5d8b6-'.repeat(12)}x${i}`);

export const TARGET: Target = {
  id: 'wide',
  name: 'A thousand pods',
  kind: 'url',
  url: 'http://127.0.0.1:9/',
  attribution: { header: 'x-pod' },
  balancer: 'none',
};

export interface Amounts {
  readonly runs: number;
  readonly scenarios: number;
  readonly faults: number;
  readonly seconds: number;
}

/** Fills a database as far as the limits of the service allow: long names, full pages, a run over a thousand pods. */
export async function fillHistory(file: string, amounts: Amounts): Promise<void> {
  const database = Database.open(file);
  const runs = new SqliteRunStore(database);
  const { report, sample } = await wideRun();
  const labels = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`label-${i}`, 'v'.repeat(200)]));
  const run = (id: string): Run => ({ ...report.run, id, labels, note: 'a'.repeat(2000), createdAt: Date.now() });
  const scenarios = new SqliteScenarioStore(database);
  const scenario = scenarioSchema.parse(LARGE_SCENARIO);
  const journal = new SqliteFaultJournal(database);
  const audit = new SqliteAuditLog(database);
  // One transaction: a flush of the disk for every row would take most of the time.
  database.transaction(() => {
    for (let i = 0; i < amounts.runs; i++) {
      const each = run(`run-${i}`);
      runs.create({ ...each, state: 'pending' });
      if (i < 3) runs.saveReport(each.id, { ...report, run: each });
      runs.update(each.id, { state: 'finished', startedAt: each.createdAt, endedAt: each.createdAt });
    }
    for (let i = 0; i < amounts.scenarios; i++) {
      scenarios.put({ id: `large-${i}`, builtIn: false, scenario, updatedAt: 0, updatedBy: 'somebody' });
    }
    for (let i = 0; i < amounts.faults; i++) {
      const fault = endedFault(`fault-${i}`);
      journal.plan({ fault, inverses: [] });
      journal.update(fault);
    }
    for (let i = 0; i < MAX_PAGE; i++) audit.add(AUDIT_ENTRY);
  });
  for (let second = 0; second < amounts.seconds; second++) runs.addSample('run-0', { ...sample, second });
  const { total } = await runs.find(runQuerySchema.parse({}));
  if (total < amounts.runs) throw new Error('the history was not filled');
  database.close();
}

/** A run over a thousand pods that were busy, restarted and failing, with as many marks and points as a report holds. */
async function wideRun(): Promise<{ report: Report; sample: Sample }> {
  const pods = Object.fromEntries(
    PODS.map((pod, i) => [pod, { requests: 100 + (i % 50), ms: 5 + (i % 7), errors: i % 3 }])
  );
  const samples: Sample[] = [];
  const run: Run = {
    id: 'wide',
    state: 'pending',
    reason: null,
    scenario: scenarioSchema.parse(LARGE_SCENARIO),
    target: TARGET,
    createdAt: 0,
    startedAt: null,
    endedAt: null,
    startedBy: 'somebody',
    labels: {},
    note: '',
    baseline: false,
  };
  const report = await executeRun({
    clock: standingClock(Date.now),
    run,
    engine: new ScriptedLoadEngine([{ phase: 'warming', pods }, ...Array.from({ length: 12 }, () => ({ pods }))]),
    directory: { list: () => [], complete: false },
    allowedNetworks: [],
    listener: { sample: (each) => samples.push(each), phase() {}, event() {}, notice() {} },
  }).ended;
  const point = report.timeline.at(-1)!;
  const mark = { kind: 'pod-restarted', text: `${PODS[0]} restarted` };
  return {
    report: {
      ...report,
      timeline: Array.from({ length: 600 }, (_, second) => ({ ...point, second, p99Ms: second % 97 })),
      events: Array.from({ length: 500 }, (_, second) => ({ ...mark, second })),
      notices: Array.from({ length: 50 }, (_, i) => `${i} ${'notice '.repeat(40)}`),
    },
    sample: samples.at(-1)!,
  };
}

/** One that hit as many pods as the guardrails allow. */
function endedFault(id: string): Fault {
  const at = Date.now();
  const steps = (['planned', 'injecting', 'active', 'reverting', 'reverted'] as const).map((state) => ({
    at,
    state,
    text: 'x'.repeat(200),
  }));
  return {
    id,
    state: 'reverted',
    targetId: TARGET.id,
    targetName: TARGET.name,
    runId: null,
    planned: false,
    effect: { type: 'latency', delayMs: 50, jitterMs: 0 },
    severity: null,
    scope: { percent: 50 },
    seed: 1,
    guard: { errorRatePercent: 50, p99Ms: 10_000, balancePercent: null },
    pods: PODS.slice(0, MAX_PODS / 2).map((pod) => ({
      pod,
      state: 'reverted',
      note: 'every probe was slower by 50 ms',
    })),
    driver: 'embedded',
    startedBy: 'somebody',
    createdAt: at,
    activeAt: at,
    expiresAt: at,
    endedAt: at,
    ending: 'expired',
    reason: 'Its time was over.',
    steps,
  };
}

const AUDIT_ENTRY = {
  at: 0,
  subject: 's'.repeat(200),
  role: 'Admin',
  verified: true,
  action: `POST ${'/a'.repeat(250)}`,
  object: 'o'.repeat(500),
  status: 200,
  outcome: 'o'.repeat(500),
  requestId: 'r'.repeat(36),
} as const;
