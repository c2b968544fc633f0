import type { ServiceSlots } from './serviceSlots.ts';

/** Half of a timer's resolution: being due within it counts as due, so that answers are neither early nor late on average. */
const HALF_TICK_MS = 0.5;

/** Drives `ServiceSlots` by one timer, set for the job that is done next. */
export class ServiceClock {
  readonly #slots: ServiceSlots;
  #timer: NodeJS.Timeout | undefined;
  #due = Number.POSITIVE_INFINITY;

  constructor(slots: ServiceSlots) {
    this.#slots = slots;
  }

  /** To be called after every arrival. */
  turn(): void {
    const now = performance.now();
    if (this.#slots.nextDue <= now + HALF_TICK_MS) this.#slots.advance(now + HALF_TICK_MS);
    const due = this.#slots.nextDue;
    if (due === this.#due) return;
    clearTimeout(this.#timer);
    this.#due = due;
    if (due === Number.POSITIVE_INFINITY) return;
    this.#timer = setTimeout(
      () => {
        this.#due = Number.POSITIVE_INFINITY;
        this.turn();
      },
      Math.max(1, Math.round(due - now))
    );
  }
}
