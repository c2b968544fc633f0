import { type EventLoopUtilization, performance } from 'node:perf_hooks';
import { Histogram } from '@evenkeel/core/histogram/histogram';

/** How the event loop of this thread fared in one second. */
export interface LoopSecond {
  /** Busy share, 0 to 1. */
  readonly utilisation: number;
  readonly delayP99Ms: number;
  readonly longestPauseMs: number;
}

/** A shorter piece of a second says nothing about how busy the loop is: one event can fill it. */
const SHORTEST_JUDGED_MS = 100;

/**
 * Watches the event loop by the pacing tick itself: the delay is how much later than planned a tick came. It is what
 * `monitorEventLoopDelay` measures, without a second timer.
 */
export class LoopWatch {
  readonly #delays = new Histogram();
  readonly #plannedGapMs: number;
  #last: number;
  #utilisation: EventLoopUtilization = performance.eventLoopUtilization();

  constructor(plannedGapMs: number, now: number) {
    this.#plannedGapMs = plannedGapMs;
    this.#last = now;
  }

  tick(now: number): void {
    this.#delays.record((now - this.#last - this.#plannedGapMs) * 1000);
    this.#last = now;
  }

  /** The second so far; the next one starts. */
  take(): LoopSecond {
    const total = performance.eventLoopUtilization();
    const { utilization, active, idle } = performance.eventLoopUtilization(total, this.#utilisation);
    this.#utilisation = total;
    const second = {
      utilisation: active + idle < SHORTEST_JUDGED_MS ? 0 : Math.min(1, Math.max(0, utilization)),
      delayP99Ms: (this.#delays.quantile(0.99) ?? 0) / 1000,
      longestPauseMs: this.#delays.max / 1000,
    };
    this.#delays.reset();
    return second;
  }
}
