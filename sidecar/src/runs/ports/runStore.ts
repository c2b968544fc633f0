import type { PatchRun, RunQuery } from '@evenkeel/contract/api';
import type { Report } from '@evenkeel/contract/report';
import type { Run, RunState } from '@evenkeel/contract/run';
import type { RunSummary } from '@evenkeel/contract/runSummary';
import type { Sample } from '@evenkeel/contract/sample';

export interface RunChange {
  state: RunState;
  reason?: string | null;
  startedAt?: number;
  endedAt?: number;
}

/** Which request a run answers: the same key of the same subject starts no second run. */
export interface RequestKey {
  readonly subject: string;
  readonly key: string;
  /** Digest of the request's body, to tell a repetition from a mistake. */
  readonly digest: string;
}

export interface RunPage {
  readonly ids: readonly string[];
  /** Runs that the filter finds in all. */
  readonly total: number;
}

/**
 * Where runs are remembered. Calls are synchronous: a state that was returned is on the disk.
 * Every call may throw `StoreFailure`; a caller that must not lose anything keeps the value and tries again.
 */
export interface RunStore {
  create(run: Run, key?: RequestKey): void;
  /** The run that an earlier request with this key started. */
  findByKey(subject: string, key: string): { runId: string; digest: string } | undefined;
  /** An unknown id is no error: the run may have been removed by retention. */
  update(id: string, change: RunChange): void;
  /** Replaces a sample of the same second. */
  addSample(id: string, sample: Sample): void;
  /** Keeps the report and the figures that lists show. The state is changed by `update`. */
  saveReport(id: string, report: Report): void;
  get(id: string): Run | undefined;
  /** The ids of one page in the order asked for. Looks through the history piece by piece, and lets the event loop turn between them. */
  find(query: RunQuery): Promise<RunPage>;
  summary(id: string): RunSummary | undefined;
  /** Changes labels, note or baseline; a new baseline replaces the one of the same target. undefined for an unknown id. */
  describe(id: string, change: PatchRun): Run | undefined;
  /** The marked baseline of a target. */
  baselineOf(targetId: string): string | undefined;
  /** The report, with the run as it is described now; undefined while there is none. */
  report(id: string): Report | undefined;
  /** Samples from second `from` on, in order. */
  samples(id: string, from: number, limit: number): Sample[];
  lastSample(id: string): Sample | undefined;
  /**
   * Marks every run that is not over as `interrupted` and returns their ids: for the start, when nothing can be running. They ended at
   * `at`, but not before the last second that is kept of them.
   */
  interruptUnfinished(at: number, reason: string): string[];
  /**
   * Removes the oldest runs beyond `keep` and those created before `createdBefore`, with samples and report.
   * Baselines and runs that are not over stay. Returns how many are gone.
   */
  prune(keep: number, createdBefore: number): number;
}

/** The store cannot write or read: the disk is full, the file is damaged or unreadable. The message says which and what to do. */
export class StoreFailure extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'StoreFailure';
  }
}
