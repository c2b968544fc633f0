import type { Report } from '@evenkeel/contract/report';
import type { Run, RunState } from '@evenkeel/contract/run';
import type { Sample } from '@evenkeel/contract/sample';

/** Where runs are remembered. Calls are synchronous: a state that was returned is on the disk. */
export interface RunStore {
  create(run: Run): void;
  update(id: string, change: { state: RunState; reason?: string | null; startedAt?: number; endedAt?: number }): void;
  addSample(id: string, sample: Sample): void;
  saveReport(id: string, report: Report): void;
}
