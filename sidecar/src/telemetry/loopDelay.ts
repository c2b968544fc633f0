import { monitorEventLoopDelay } from 'node:perf_hooks';

const WINDOW_MS = 2000;

/** How far the main thread lags behind: the median over the last two seconds, so that one long task is no alarm. */
export class LoopDelay {
  readonly #histogram = monitorEventLoopDelay({ resolution: 20 });
  readonly #timer: NodeJS.Timeout;
  #medianMs = 0;

  constructor() {
    this.#histogram.enable();
    this.#timer = setInterval(() => {
      this.#medianMs = this.#histogram.count > 0 ? this.#histogram.percentile(50) / 1e6 : 0;
      this.#histogram.reset();
    }, WINDOW_MS).unref();
  }

  /** In milliseconds; 0 in the first two seconds. The 20 ms at which it is measured are part of it. */
  get medianMs(): number {
    return this.#medianMs;
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#histogram.disable();
  }
}
