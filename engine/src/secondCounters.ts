import { OUTCOMES } from '@evenkeel/contract/outcomes';
import { Histogram } from '@evenkeel/core/histogram/histogram';
import { noCounts, type SecondCounts } from '@evenkeel/core/run/secondCounts';
import { AddressCounts } from './addressCounts.ts';
import { EndingCounts } from './endings.ts';
import { PodLog } from './podLog.ts';

export interface SecondCounters extends SecondCounts {}

/** What one worker counts in the current second. Everything is reused from second to second. */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the constructor sets every counter of the table
export class SecondCounters {
  readonly outcomes = new Uint32Array(OUTCOMES.length);
  readonly endings = new EndingCounts();
  readonly addresses: AddressCounts;
  readonly response = new Histogram();
  readonly service = new Histogram();
  readonly lateness = new Histogram();
  /** Ages of what was cancelled; they are in `response` too. */
  readonly cutOff = new Histogram();
  readonly pods = new PodLog();
  /** Requests that this machine could not send, by error code. */
  readonly faults = new Map<string, number>();

  /** `addresses`: how many the target has. */
  constructor(addresses: number) {
    this.addresses = new AddressCounts(addresses);
    Object.assign(this, noCounts());
  }

  /** Whether anything at all happened. */
  get empty(): boolean {
    return this.offered === 0 && this.sent === 0 && this.cancelled === 0 && this.response.count === 0;
  }

  reset(): void {
    Object.assign(this, noCounts());
    this.endings.reset();
    this.addresses.reset();
    this.outcomes.fill(0);
    this.response.reset();
    this.service.reset();
    this.lateness.reset();
    this.cutOff.reset();
    this.pods.reset();
    this.faults.clear();
  }
}
