import { OUTCOMES } from '@evenkeel/contract/outcomes';
import { Histogram } from '@evenkeel/core/histogram/histogram';
import { AddressCounts } from './addressCounts.ts';
import { EndingCounts } from './endings.ts';
import { PodLog } from './podLog.ts';

/** What one worker counts in the current second. Everything is reused from second to second. */
export class SecondCounters {
  offered = 0;
  sent = 0;
  dropped = 0;
  cancelled = 0;
  connectionsOpened = 0;
  unattributed = 0;
  balancerErrors = 0;
  retried = 0;
  resent = 0;
  readonly outcomes = new Uint32Array(OUTCOMES.length);
  readonly endings = new EndingCounts();
  readonly addresses: AddressCounts;
  readonly response = new Histogram();
  readonly service = new Histogram();
  readonly lateness = new Histogram();
  readonly pods = new PodLog();
  /** Requests that this machine could not send, by error code. */
  readonly faults = new Map<string, number>();

  /** `addresses`: how many the target has. */
  constructor(addresses: number) {
    this.addresses = new AddressCounts(addresses);
  }

  /** Whether anything at all happened. */
  get empty(): boolean {
    return this.offered === 0 && this.sent === 0 && this.cancelled === 0 && this.response.count === 0;
  }

  reset(): void {
    this.offered = 0;
    this.sent = 0;
    this.dropped = 0;
    this.cancelled = 0;
    this.connectionsOpened = 0;
    this.unattributed = 0;
    this.balancerErrors = 0;
    this.retried = 0;
    this.resent = 0;
    this.endings.reset();
    this.addresses.reset();
    this.outcomes.fill(0);
    this.response.reset();
    this.service.reset();
    this.lateness.reset();
    this.pods.reset();
    this.faults.clear();
  }
}
