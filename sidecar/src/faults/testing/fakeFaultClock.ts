import type { FaultClock } from '../ports/faultClock.ts';

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly fire: () => void;
}

/** A clock that stands still until a test moves it. `process()` gives the clock of one process, whose timers die with it. */
export class FakeFaultClock implements FaultClock {
  readonly #timers = new Set<Timer>();
  #order = 0;
  #elapsed = 0;

  now(): number {
    return Date.UTC(2026, 0, 1) + this.#elapsed;
  }

  monotonic(): number {
    return this.#elapsed;
  }

  after(ms: number, fire: () => void): () => void {
    const timer: Timer = { at: this.#elapsed + Math.max(0, ms), order: this.#order++, fire };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** The same time for one process: after `kill` none of its timers fires. */
  process(): FaultClock & { kill(): void } {
    const cancels = new Set<() => void>();
    let dead = false;
    return {
      now: () => this.now(),
      monotonic: () => this.monotonic(),
      after: (ms, fire) => {
        if (dead) return () => {};
        const cancel = this.after(ms, () => {
          cancels.delete(cancel);
          fire();
        });
        cancels.add(cancel);
        return () => {
          cancels.delete(cancel);
          cancel();
        };
      },
      kill: () => {
        dead = true;
        for (const cancel of cancels) cancel();
      },
    };
  }

  /** Moves on by `ms`, firing every timer on the way in order, and lets what waits on promises happen after each. */
  async advance(ms: number): Promise<void> {
    const until = this.#elapsed + ms;
    await settle();
    for (;;) {
      let next: Timer | undefined;
      for (const timer of this.#timers) {
        if (timer.at > until) continue;
        if (!next || timer.at < next.at || (timer.at === next.at && timer.order < next.order)) next = timer;
      }
      if (next === undefined) break;
      this.#elapsed = Math.max(this.#elapsed, next.at);
      this.#timers.delete(next);
      next.fire();
      await settle();
    }
    this.#elapsed = until;
  }
}

/** Lets every promise that can settle without time passing do so. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 30; turn++) await null;
}
