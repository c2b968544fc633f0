import type { SafetyState, Status } from '@evenkeel/contract/api';
import type { Limits } from '@evenkeel/contract/limits';
import type { TargetCatalog } from '@evenkeel/core/targets/targetCatalog';
import type { FaultService } from '../faults/faultService.ts';
import type { RunService } from '../runs/runService.ts';
import type { AuditLog } from '../safety/ports/auditLog.ts';
import type { SafetyLever } from '../safety/safetyLever.ts';
import type { ScenarioLibrary } from '../scenarios/scenarioLibrary.ts';
import type { ScenarioReader } from '../scenarios/scenarioReader.ts';
import type { EventStreams } from './eventStreams.ts';

/** What the routes call. */
export interface Services {
  readonly runs: RunService;
  readonly faults: FaultService;
  readonly targets: TargetCatalog;
  readonly scenarios: ScenarioLibrary;
  readonly reader: ScenarioReader;
  readonly safety: SafetyLever;
  readonly audit: AuditLog;
  readonly streams: EventStreams;
  readonly limits: Limits;
  readonly version: string;
  readonly now: () => number;
  /** Why the service is not ready, each in a sentence; empty when it is. */
  readonly problems: () => string[];
  /** The exposition for Prometheus, with its content type. */
  readonly metrics: () => Promise<{ readonly type: string; readonly body: Iterable<string | Buffer> }>;
  /** Whether Prometheus may scrape without a token. */
  readonly openMetrics: boolean;
}

/** The part of a status that does not depend on who asks. */
export function statusOf(services: Services): Omit<Status, 'you'> {
  const problems = services.problems();
  const safety: SafetyState = services.safety.state;
  return {
    service: 'evenkeel',
    version: services.version,
    apiVersion: 1,
    now: services.now(),
    ready: problems.length === 0,
    problems,
    limits: services.limits,
    safety,
    activeRuns: services.runs.active().map(({ run }) => ({ runId: run.id, targetId: run.target.id })),
  };
}
