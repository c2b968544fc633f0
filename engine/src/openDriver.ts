import type { ArrivalCursor } from '@evenkeel/core/schedule/arrivalCursor';
import type { Channel } from './channel.ts';
import type { Driver } from './driver.ts';
import type { Exchange } from './exchange.ts';
import { TurnRing } from './turnRing.ts';

/**
 * Open model: requests go out when the schedule says, each over the next free channel in turn. When none is free the
 * request is dropped: the schedule never waits for the target.
 */
export class OpenDriver implements Driver {
  readonly users = -1;
  readonly #exchange: Exchange;
  readonly #cursor: ArrivalCursor;
  readonly #channels: Channel[];
  readonly #turns: TurnRing;
  #countedUntil = 0;
  #stopped = false;

  constructor(exchange: Exchange, cursor: ArrivalCursor, connections: number) {
    this.#exchange = exchange;
    this.#cursor = cursor;
    this.#channels = exchange.channels(connections);
    this.#turns = new TurnRing(this.#channels.length);
    exchange.onFinished((channel, now) => {
      this.#turns.release(channel.index);
      // The clock was just read: what came due meanwhile need not wait for the next tick.
      this.advance(now);
    });
  }

  advance(now: number): void {
    if (this.#stopped) return;
    const { counters } = this.#exchange;
    for (let due = this.#cursor.due * 1000; due <= now && due < this.#countedUntil; due = this.#cursor.due * 1000) {
      counters.offered++;
      const index = this.#turns.take();
      if (index < 0) counters.dropped++;
      else this.#exchange.send(this.#channels[index]!, -1, due, due);
      this.#cursor.advance();
    }
  }

  countUntil(end: number): void {
    this.#countedUntil = end;
  }

  stop(): void {
    this.#stopped = true;
  }
}
