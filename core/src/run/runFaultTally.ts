import type { Fault } from '@evenkeel/contract/fault';
import type { Report } from '@evenkeel/contract/report';
import type { BalanceSecond } from '../balance/balanceWindow.ts';
import { FaultImpacts } from '../faults/faultImpact.ts';
import { faultReport, spanOf } from '../faults/faultReport.ts';
import { Histogram } from '../histogram/histogram.ts';
import type { LoadSecond } from './loadEngine.ts';
import type { RunFaults } from './runFaults.ts';

type Mark = (mark: { readonly second: number; readonly kind: string; readonly text: string }) => void;

/** What faults do to one run: their marks on its time axis, and their part of its report. */
export class RunFaultTally {
  readonly #feed: RunFaults | null;
  readonly #mark: Mark;
  readonly #faults = new Map<string, Fault>();
  readonly #impacts = new FaultImpacts();
  #leave: () => void = () => {};
  /** Start of the load, milliseconds since the Unix epoch. */
  #zero: number | null = null;

  constructor(feed: RunFaults | null, mark: Mark) {
    this.#feed = feed;
    this.#mark = mark;
  }

  follow(startedAt: number): void {
    this.#zero = startedAt;
    for (const fault of this.#feed?.open() ?? []) this.#faults.set(fault.id, fault);
    this.#leave =
      this.#feed?.follow(({ at, kind, text, fault }) => {
        if (fault !== null) this.#faults.set(fault.id, fault);
        this.#mark({ second: Math.max(0, (at - this.#zero!) / 1000), kind, text });
      }) ?? this.#leave;
  }

  add(second: LoadSecond, errors: number, balance: BalanceSecond): void {
    if (this.#feed === null) return;
    if (second.second === 0) this.#zero = second.at;
    if (second.phase !== 'measuring') return;
    // A copy: the time axis merges histograms of long runs in place.
    const response = new Histogram();
    response.add(second.response);
    const { at, completed } = second;
    this.#impacts.add({ at, completed, errors, response, balance }, [...this.#faults.values()].map(spanOf));
  }

  /** The load is over: resolves when the faults of the plan are over too, or that was tried. */
  async end(): Promise<void> {
    await this.#feed?.endPlanned();
    this.#leave();
  }

  report(): Pick<Report, 'faults'> {
    if (this.#faults.size === 0) return {};
    const faults = [...this.#faults.values()].map((fault) =>
      faultReport(fault, this.#impacts.of(fault.id), this.#zero ?? fault.createdAt)
    );
    return { faults: faults.sort((a, b) => a.fromSecond - b.fromSecond) };
  }
}
