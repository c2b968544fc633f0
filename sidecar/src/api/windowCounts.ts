import type { ClientRateLimitInfo, Options, Store } from 'express-rate-limit';

interface Count {
  hits: number;
  /** On the monotonic clock. */
  readonly until: number;
}

/** Counts requests by key in windows of the monotonic clock: nobody is locked out for an hour because the machine's clock was set back by one. */
export class WindowCounts implements Store {
  readonly localKeys = true;
  readonly #monotonic: () => number;
  readonly #counts = new Map<string, Count>();
  #windowMs = 60_000;
  #sweepAt = 0;

  constructor(monotonic: () => number = () => performance.now()) {
    this.#monotonic = monotonic;
  }

  init({ windowMs }: Options): void {
    this.#windowMs = windowMs;
  }

  increment(key: string): ClientRateLimitInfo {
    const now = this.#monotonic();
    this.#sweep(now);
    let count = this.#counts.get(key);
    if (count === undefined || now >= count.until) {
      count = { hits: 0, until: now + this.#windowMs };
      this.#counts.set(key, count);
    }
    count.hits++;
    return { totalHits: count.hits, resetTime: new Date(Date.now() + count.until - now) };
  }

  decrement(key: string): void {
    const count = this.#counts.get(key);
    if (count !== undefined && count.hits > 0) count.hits--;
  }

  resetKey(key: string): void {
    this.#counts.delete(key);
  }

  /** Once a window, forgets who has not come back. */
  #sweep(now: number): void {
    if (now < this.#sweepAt) return;
    this.#sweepAt = now + this.#windowMs;
    for (const [key, { until }] of this.#counts) if (now >= until) this.#counts.delete(key);
  }
}
