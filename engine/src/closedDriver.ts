import type { UserSchedule } from '@evenkeel/core/schedule/userSchedule';
import type { Channel } from './channel.ts';
import type { Driver } from './driver.ts';
import type { Exchange } from './exchange.ts';
import { TimedQueue } from './timedQueue.ts';
import { TurnRing } from './turnRing.ts';

/** A user who could not even connect tries again after this time, as a client would; else a dead target is a busy loop. */
const UNREACHABLE_PAUSE_MS = 100;

export interface ClosedSettings {
  readonly schedule: UserSchedule;
  /** This worker runs the users `worker`, `worker` + `workers`, … */
  readonly worker: number;
  readonly workers: number;
  readonly thinkTimeMs: number;
  readonly timeoutMs: number;
  /** Connections that the users share; null when each has its own. */
  readonly sharedConnections: number | null;
}

/**
 * Closed model: each user sends, waits for the response, thinks, and sends again. Users have a channel each, or take
 * the shared ones in turn; when all of those are busy a user waits in line for the next free one, and the wait counts in the
 * response time. A user who waits for longer than the timeout gives up: that request is dropped.
 */
export class ClosedDriver implements Driver {
  readonly #exchange: Exchange;
  readonly #settings: ClosedSettings;
  readonly #channels: Channel[];
  readonly #turns: TurnRing | null;
  readonly #waiting: TimedQueue;
  readonly #thinking: TimedQueue;
  readonly #pausing: TimedQueue;
  /** How many of this worker's users have started; user u here is user u · workers + worker of the run. */
  #started = 0;
  #nextStart: number;
  #stopped = false;

  constructor(exchange: Exchange, settings: ClosedSettings) {
    const { schedule, worker, workers, sharedConnections } = settings;
    const users = Math.ceil((schedule.total - worker) / workers);
    this.#exchange = exchange;
    this.#settings = settings;
    this.#channels = exchange.channels(sharedConnections ?? users);
    this.#turns = sharedConnections === null ? null : new TurnRing(this.#channels.length);
    this.#waiting = new TimedQueue(users);
    this.#thinking = new TimedQueue(users);
    this.#pausing = new TimedQueue(users);
    this.#nextStart = schedule.startOf(worker) * 1000;
    exchange.onFinished((channel, now, unreachable) => this.#onFinished(channel, now, unreachable));
  }

  get users(): number {
    return this.#stopped ? 0 : this.#started;
  }

  advance(now: number): void {
    if (this.#stopped) return;
    const { schedule, worker, workers, timeoutMs } = this.#settings;
    while (this.#nextStart <= now) {
      const start = this.#nextStart;
      const user = this.#started++;
      this.#nextStart = schedule.startOf(this.#started * workers + worker) * 1000;
      this.#want(user, start);
    }
    while (this.#waiting.firstTime + timeoutMs <= now) {
      const user = this.#waiting.shift();
      this.#exchange.counters.offered++;
      this.#exchange.counters.dropped++;
      this.#rest(user, now, false);
    }
    for (let due = this.#thinking.firstTime; due <= now; due = this.#thinking.firstTime)
      this.#want(this.#thinking.shift(), due);
    for (let due = this.#pausing.firstTime; due <= now; due = this.#pausing.firstTime)
      this.#want(this.#pausing.shift(), due);
  }

  countUntil(): void {}

  stop(): void {
    this.#stopped = true;
    this.#waiting.clear();
    this.#thinking.clear();
    this.#pausing.clear();
  }

  #want(user: number, intended: number): void {
    const index = this.#turns === null ? user : this.#turns.take();
    if (index < 0) this.#waiting.push(user, intended);
    else this.#send(index, user, intended, intended);
  }

  #send(index: number, user: number, intended: number, ready: number): void {
    this.#exchange.counters.offered++;
    this.#exchange.send(this.#channels[index]!, user, intended, ready);
  }

  #onFinished(channel: Channel, now: number, unreachable: boolean): void {
    const { user } = channel;
    this.#turns?.release(channel.index);
    if (this.#stopped) return;
    if (this.#turns !== null && this.#waiting.size > 0) {
      const wished = this.#waiting.firstTime;
      this.#send(this.#turns.take(), this.#waiting.shift(), wished, now);
    }
    this.#rest(user, now, unreachable);
  }

  #rest(user: number, now: number, unreachable: boolean): void {
    const { thinkTimeMs } = this.#settings;
    if (unreachable) this.#pausing.push(user, now + UNREACHABLE_PAUSE_MS);
    else if (thinkTimeMs > 0) this.#thinking.push(user, now + thinkTimeMs);
    else this.#want(user, now);
  }
}
