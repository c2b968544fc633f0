/** A turn without work takes less; the watch itself takes some of it. */
const EMPTY_TURN_MICROS = 100;

/** What this thread's event loop does, in CPU: that a busy machine lets it wait does not count. */
export class LoopHold {
  #running = false;
  #longestMicros = 0;
  #lastMicros = 0;
  #workedMicros = 0;
  /** CPU that turns with work had taken by a time, once for each millisecond. */
  #worked: { readonly at: number; readonly micros: number }[] = [];

  /** Begins to watch. The loop turns without rest until `stop`, so that every turn is measured by itself. */
  start(): void {
    this.#running = true;
    this.#longestMicros = 0;
    this.#workedMicros = 0;
    this.#worked = [];
    this.#lastMicros = cpuMicros();
    setImmediate(this.#turn);
  }

  /** The longest turn since `start`, in milliseconds of CPU. */
  stop(): number {
    this.#note();
    this.#running = false;
    return this.#longestMicros / 1000;
  }

  /** CPU that was worked between two times since `start`, in milliseconds; times are those of `Date.now()`. */
  workedMs(from: number, to: number): number {
    const until = (time: number) => this.#worked.findLast(({ at }) => at <= time)?.micros ?? 0;
    return (until(to) - until(from)) / 1000;
  }

  readonly #turn = (): void => {
    if (!this.#running) return;
    this.#note();
    setImmediate(this.#turn);
  };

  #note(): void {
    const now = cpuMicros();
    const micros = now - this.#lastMicros;
    this.#lastMicros = now;
    this.#longestMicros = Math.max(this.#longestMicros, micros);
    if (micros > EMPTY_TURN_MICROS) this.#workedMicros += micros;
    const at = Date.now();
    if (this.#worked.at(-1)?.at !== at) this.#worked.push({ at, micros: this.#workedMicros });
  }
}

function cpuMicros(): number {
  const { user, system } = process.threadCpuUsage();
  return user + system;
}
