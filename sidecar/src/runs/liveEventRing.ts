import type { StreamEventName } from '@evenkeel/contract/stream';

/** One event as it goes over the wire, encoded once for everybody who listens. */
export interface LiveEvent {
  /** Counts up from 1 within a run. */
  readonly id: number;
  readonly name: StreamEventName;
  /** `id`, `event` and `data` lines of the event-stream format, with the empty line behind them. */
  readonly frame: Buffer;
}

export function liveEvent(id: number, name: StreamEventName, data: unknown): LiveEvent {
  // JSON.stringify leaves no line break in the text, so one data line is enough.
  return { id, name, frame: Buffer.from(`id: ${id}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`) };
}

/** The last events of a run, for readers that lost their connection: bounded in number and in bytes. */
export class LiveEventRing {
  readonly #maxEvents: number;
  readonly #maxBytes: number;
  #events: LiveEvent[] = [];
  #bytes = 0;

  constructor(maxEvents: number, maxBytes: number) {
    this.#maxEvents = maxEvents;
    this.#maxBytes = maxBytes;
  }

  get lastId(): number {
    return this.#events.at(-1)?.id ?? 0;
  }

  push(event: LiveEvent): void {
    this.#events.push(event);
    this.#bytes += event.frame.length;
    while (this.#events.length > this.#maxEvents || (this.#bytes > this.#maxBytes && this.#events.length > 1)) {
      this.#bytes -= this.#events.shift()!.frame.length;
    }
  }

  /** Everything after event `id`; null when some of it is gone, or `id` was never given out. */
  after(id: number): LiveEvent[] | null {
    const first = this.#events[0]?.id ?? 1;
    if (!Number.isInteger(id) || id < first - 1 || id > this.lastId) return null;
    return this.#events.slice(id - first + 1);
  }
}
