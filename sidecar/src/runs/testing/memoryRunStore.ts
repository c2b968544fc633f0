import type { PatchRun, RunQuery } from '@evenkeel/contract/api';
import type { Report } from '@evenkeel/contract/report';
import { isFinal, type Run } from '@evenkeel/contract/run';
import type { RunResult, RunSummary } from '@evenkeel/contract/runSummary';
import type { Sample } from '@evenkeel/contract/sample';
import { resultOf, summaryOf } from '@evenkeel/core/run/historySummary';
import type { RequestKey, RunChange, RunPage, RunStore } from '../ports/runStore.ts';

interface Entry {
  run: Run;
  key: RequestKey | undefined;
  report: Report | undefined;
  samples: Map<number, Sample>;
}

const FIGURES: Readonly<Record<string, (result: RunResult) => number | null>> = {
  score: (result) => result.scorePercent,
  p95: (result) => result.p95Ms,
  p99: (result) => result.p99Ms,
  errorRate: (result) => result.errorRatePercent,
  rate: (result) => result.achievedRate,
};

/** Remembers runs until the process ends: for tests, and for a service without a file. */
export class MemoryRunStore implements RunStore {
  readonly #entries = new Map<string, Entry>();

  create(run: Run, key?: RequestKey): void {
    if (this.#entries.has(run.id)) throw new Error(`run ${run.id} exists`);
    this.#entries.set(run.id, { run, key, report: undefined, samples: new Map() });
  }

  findByKey(subject: string, key: string): { runId: string; digest: string } | undefined {
    for (const { run, key: known } of this.#entries.values()) {
      if (known?.subject === subject && known.key === key) return { runId: run.id, digest: known.digest };
    }
    return undefined;
  }

  update(id: string, change: RunChange): void {
    const entry = this.#entries.get(id);
    if (!entry) return;
    const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
    entry.run = { ...entry.run, ...given };
  }

  addSample(id: string, sample: Sample): void {
    this.#entries.get(id)?.samples.set(sample.second, sample);
  }

  saveReport(id: string, report: Report): void {
    const entry = this.#entries.get(id);
    if (entry) entry.report = report;
  }

  get(id: string): Run | undefined {
    return this.#entries.get(id)?.run;
  }

  async find(query: RunQuery): Promise<RunPage> {
    const found = [...this.#entries.values()]
      .map(summaryOfEntry)
      .filter((run) => matches(run, query))
      .sort(order(query.sort));
    return { ids: found.slice(query.offset, query.offset + query.limit).map(({ id }) => id), total: found.length };
  }

  summary(id: string): RunSummary | undefined {
    const entry = this.#entries.get(id);
    return entry && summaryOfEntry(entry);
  }

  describe(id: string, change: PatchRun): Run | undefined {
    const entry = this.#entries.get(id);
    if (!entry) return undefined;
    if (change.baseline) {
      for (const other of this.#entries.values()) {
        if (other.run.target.id === entry.run.target.id) other.run = { ...other.run, baseline: false };
      }
    }
    entry.run = {
      ...entry.run,
      labels: change.labels ?? entry.run.labels,
      note: change.note ?? entry.run.note,
      baseline: change.baseline ?? entry.run.baseline,
    };
    return entry.run;
  }

  baselineOf(targetId: string): string | undefined {
    for (const { run } of this.#entries.values()) if (run.baseline && run.target.id === targetId) return run.id;
    return undefined;
  }

  report(id: string): Report | undefined {
    const entry = this.#entries.get(id);
    return entry?.report && { ...entry.report, run: entry.run };
  }

  samples(id: string, from: number, limit: number): Sample[] {
    return [...(this.#entries.get(id)?.samples.values() ?? [])]
      .filter((sample) => sample.second >= from)
      .sort((a, b) => a.second - b.second)
      .slice(0, limit);
  }

  lastSample(id: string): Sample | undefined {
    return this.samples(id, 0, Number.POSITIVE_INFINITY).at(-1);
  }

  interruptUnfinished(at: number, reason: string): string[] {
    const ids: string[] = [];
    for (const entry of this.#entries.values()) {
      if (isFinal(entry.run.state)) continue;
      const { createdAt, startedAt } = entry.run;
      const seconds = Math.max(-1, ...[...entry.samples.keys()]) + 1;
      const known = startedAt === null ? createdAt : startedAt + 1000 * seconds;
      entry.run = { ...entry.run, state: 'interrupted', reason, endedAt: Math.max(at, known) };
      ids.push(entry.run.id);
    }
    return ids;
  }

  prune(keep: number, createdBefore: number): number {
    const newest = [...this.#entries.values()].map(summaryOfEntry).reverse();
    const gone = newest.filter(
      (run, i) => !run.baseline && isFinal(run.state) && (i >= keep || run.createdAt < createdBefore)
    );
    for (const { id } of gone) this.#entries.delete(id);
    return gone.length;
  }
}

const summaryOfEntry = ({ run, report }: Entry): RunSummary => summaryOf(run, report ? resultOf(report) : null);

function matches(run: RunSummary, query: RunQuery): boolean {
  const { state, targetId, scenarioName, kind, startedBy, baseline, from, to, label, text } = query;
  const same = <T>(wanted: T | undefined, value: T) => wanted === undefined || wanted === value;
  const colon = label?.indexOf(':') ?? 0;
  const lower = text?.toLowerCase();
  return (
    (state === undefined || state.includes(run.state)) &&
    same(targetId, run.targetId) &&
    same(scenarioName, run.scenarioName) &&
    same(kind, run.scenarioKind) &&
    same(startedBy, run.startedBy) &&
    same(baseline, String(run.baseline)) &&
    (from === undefined || run.createdAt >= from) &&
    (to === undefined || run.createdAt < to) &&
    (label === undefined || run.labels[label.slice(0, colon)] === label.slice(colon + 1)) &&
    (lower === undefined ||
      [run.id, run.scenarioName, run.targetName, run.note].some((field) => field.toLowerCase().includes(lower)))
  );
}

function order(sort: RunQuery['sort']): (a: RunSummary, b: RunSummary) => number {
  const sign = sort.startsWith('-') ? -1 : 1;
  const name = sort.replace('-', '');
  const value = (run: RunSummary) =>
    name === 'createdAt' ? run.createdAt : run.result === null ? null : FIGURES[name]!(run.result);
  return (a, b) => {
    const [x, y] = [value(a), value(b)];
    if (x !== y) return x === null ? 1 : y === null ? -1 : sign * (x - y);
    return b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1);
  };
}
