import type { BalanceScore } from '@evenkeel/contract/balance';
import type { GeneratorState } from '@evenkeel/contract/generator';
import type { TimelinePoint } from '@evenkeel/contract/report';
import type { Phase } from '@evenkeel/contract/sample';
import type { Histogram } from '../histogram/histogram.ts';
import type { LoadSecond } from './loadEngine.ts';

/** Points kept at most; past it neighbours are merged two by two, so memory does not grow with the duration. */
export const TIMELINE_POINTS = 600;

const WORSE: readonly GeneratorState[] = ['ok', 'strained', 'saturated'];

interface Slot {
  second: number;
  seconds: number;
  phase: Phase;
  offered: number;
  completed: number;
  errors: number;
  dropped: number;
  inFlight: number;
  users: number | null;
  readonly response: Histogram;
  balance: BalanceScore | null;
  generator: GeneratorState;
}

/** The report's time axis: one slot a second, thinned by merging histograms (percentiles are never averaged). */
export class Timeline {
  #slots: Slot[] = [];
  #secondsPerSlot = 1;

  add(second: LoadSecond, errors: number, balance: BalanceScore | null): void {
    const last = this.#slots.at(-1);
    const slot: Slot = {
      second: second.second,
      seconds: 1,
      phase: second.phase,
      offered: second.offered,
      completed: second.completed,
      errors,
      dropped: second.dropped,
      inFlight: second.inFlight,
      users: second.users,
      response: second.response,
      balance,
      generator: second.generator.state,
    };
    if (last && last.seconds < this.#secondsPerSlot && last.phase === slot.phase) merge(last, slot);
    else this.#slots.push(slot);
    if (this.#slots.length > TIMELINE_POINTS) this.#thin();
  }

  points(): TimelinePoint[] {
    return this.#slots.map((slot) => {
      const ms = (q: number) => {
        const value = slot.response.quantile(q);
        return value === null ? null : value / 1000;
      };
      return {
        second: slot.second,
        seconds: slot.seconds,
        phase: slot.phase,
        offeredRate: slot.offered / slot.seconds,
        completedRate: slot.completed / slot.seconds,
        errorRate: slot.errors / slot.seconds,
        dropped: slot.dropped,
        inFlight: slot.inFlight,
        users: slot.users,
        p50Ms: ms(0.5),
        p95Ms: ms(0.95),
        p99Ms: ms(0.99),
        scorePercent: slot.balance?.scorePercent ?? null,
        lowPercent: slot.balance?.lowPercent ?? null,
        highPercent: slot.balance?.highPercent ?? null,
        generator: slot.generator,
      };
    });
  }

  #thin(): void {
    this.#secondsPerSlot *= 2;
    const thinned: Slot[] = [];
    for (const slot of this.#slots) {
      const last = thinned.at(-1);
      const fits = last && last.phase === slot.phase && last.seconds + slot.seconds <= this.#secondsPerSlot;
      if (fits) merge(last, slot);
      else thinned.push(slot);
    }
    this.#slots = thinned;
  }
}

/** Counts add up; gauges (in flight, users, score) keep the later value, the generator its worse state. */
function merge(into: Slot, later: Slot): void {
  into.seconds += later.seconds;
  into.offered += later.offered;
  into.completed += later.completed;
  into.errors += later.errors;
  into.dropped += later.dropped;
  into.inFlight = later.inFlight;
  into.users = later.users;
  into.response.add(later.response);
  into.balance = later.balance ?? into.balance;
  if (WORSE.indexOf(later.generator) > WORSE.indexOf(into.generator)) into.generator = later.generator;
}
