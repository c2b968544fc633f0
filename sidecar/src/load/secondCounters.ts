import { OUTCOMES } from '@evenkeel/contract/outcome';
import { Histogram } from '@evenkeel/core/histogram/histogram';

export class PodCounters {
  decisions = 0;
  serviceMicroseconds = 0;
  readonly outcomes = new Uint32Array(OUTCOMES.length);
  readonly response = new Histogram();

  reset(): void {
    this.decisions = 0;
    this.serviceMicroseconds = 0;
    this.outcomes.fill(0);
    this.response.reset();
  }

  get empty(): boolean {
    return this.decisions === 0 && this.response.count === 0;
  }
}

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
  readonly outcomes = new Uint32Array(OUTCOMES.length);
  readonly response = new Histogram();
  readonly service = new Histogram();
  readonly lateness = new Histogram();
  /** By pod index; entries appear when a pod is first counted. */
  readonly pods: PodCounters[] = [];
  /** Requests that this machine could not send, by error code. */
  readonly faults = new Map<string, number>();

  pod(index: number): PodCounters {
    while (this.pods.length <= index) this.pods.push(new PodCounters());
    return this.pods[index]!;
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
    this.outcomes.fill(0);
    this.response.reset();
    this.service.reset();
    this.lateness.reset();
    for (const pod of this.pods) pod.reset();
    this.faults.clear();
  }
}
