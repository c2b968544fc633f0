import { randomBytes } from 'node:crypto';
import { userInfo } from 'node:os';
import { profileSeconds } from '@evenkeel/contract/profileSeconds';
import type { Report } from '@evenkeel/contract/report';
import type { Run } from '@evenkeel/contract/run';
import type { Scenario } from '@evenkeel/contract/scenario';
import type { Target } from '@evenkeel/contract/target';
import { executeScenario } from '@evenkeel/core/run/executeScenario';
import type { LoadEngine } from '@evenkeel/core/run/loadEngine';
import type { PodDirectory } from '@evenkeel/core/targets/podDirectory';
import { realClock } from '@evenkeel/sidecar/clock/realClock';
import { steadyNow } from '@evenkeel/sidecar/clock/serviceClock';
import { display } from './display.ts';
import { onInterrupt } from './interrupt.ts';

/** What a run is directed at, and who to ask about its pods. */
export interface Subject {
  readonly target: Target;
  readonly directory: PodDirectory;
  readonly allowedNetworks: readonly string[];
}

/** Runs a scenario with a live display; the first Ctrl-C drains and reports, the second cuts it off. */
export async function measuredRun(
  subject: Subject,
  scenario: Scenario,
  engine: LoadEngine,
  options: { targetPercent: number; quiet: boolean; notices: readonly string[] }
): Promise<Report> {
  const now = steadyNow();
  const run: Run = {
    id: newRunId(),
    state: 'pending',
    reason: null,
    scenario,
    target: { ...subject.target, targetPercent: options.targetPercent },
    createdAt: now(),
    startedAt: null,
    endedAt: null,
    startedBy: userName(),
    labels: {},
    note: '',
    baseline: false,
  };
  const listener = display(run, profileSeconds(scenario.load), options.quiet, process.stdout);
  const execution = executeScenario({
    run,
    engine,
    listener,
    ...subject,
    notices: options.notices,
    clock: realClock(now),
  });
  const interrupt = onInterrupt();
  interrupt.first.then(() => execution.stop());
  interrupt.second.then(() => execution.abort('Interrupted twice.'));
  try {
    return await execution.ended;
  } finally {
    interrupt.release();
    listener.close();
  }
}

/** Sortable by time and short enough to read out: `20261123-184502-9f3a`. */
function newRunId(): string {
  const stamp = new Date().toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
  return `${stamp}-${randomBytes(2).toString('hex')}`;
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'unknown';
  }
}
