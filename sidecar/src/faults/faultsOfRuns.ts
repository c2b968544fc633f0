import type { Fault, FaultStep } from '@evenkeel/contract/fault';
import type { PlannedFault } from '@evenkeel/contract/faultPlan';
import type { Run } from '@evenkeel/contract/run';
import type { Sample } from '@evenkeel/contract/sample';
import { effectOf } from '@evenkeel/core/faults/faultNumbers';
import { effectText } from '@evenkeel/core/faults/faultText';
import type { LoadSecond } from '@evenkeel/core/run/loadEngine';
import type { FaultMark, RunFaults } from '@evenkeel/core/run/runFaults';
import type { RunObserver } from '../runs/ports/runObserver.ts';
import type { FaultService } from './faultService.ts';
import { messageOf } from './patience.ts';
import type { FaultClock } from './ports/faultClock.ts';
import type { FaultObserver } from './ports/faultObserver.ts';

interface Playing {
  readonly run: Run;
  readonly listeners: Set<(mark: FaultMark) => void>;
  /** How to cancel each planned fault that did not begin yet. */
  readonly pending: Map<PlannedFault, () => void>;
  /** Faults of the plan that were started or are about to be. */
  readonly started: Promise<void>[];
  /** Start of the load by the engine's own time; null before its first second. */
  zero: number | null;
}

/**
 * Ties runs and faults together: injects what a scenario plans at its second, feeds the steady-state guards, and tells a run
 * what happens to faults on its target.
 */
export class FaultsOfRuns implements RunObserver, FaultObserver {
  readonly #clock: FaultClock;
  readonly #complain: (message: string, error: unknown) => void;
  readonly #playing = new Map<string, Playing>();
  #service: FaultService | null = null;

  constructor(clock: FaultClock, complain: (message: string, error: unknown) => void) {
    this.#clock = clock;
    this.#complain = complain;
  }

  /** To be called once; before that there are no faults. */
  attach(service: FaultService): void {
    this.#service = service;
  }

  forRun(run: Run): RunFaults {
    return {
      open: () => this.#service?.open().filter(({ targetId }) => targetId === run.target.id) ?? [],
      follow: (listener) => {
        const { listeners } = this.#of(run);
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      endPlanned: () => this.#endPlanned(run),
    };
  }

  step(fault: Fault, step: FaultStep): void {
    const begins = step.state === 'injecting' || step.state === 'active';
    const text = begins ? step.text : `${effectText(fault.effect)}: ${step.text}`;
    const mark: FaultMark = { at: step.at, kind: `fault-${step.state}`, text, fault };
    for (const { run, listeners } of this.#playing.values()) {
      if (run.target.id === fault.targetId) for (const listener of listeners) listener(mark);
    }
  }

  runStarted(run: Run): void {
    const playing = this.#of(run);
    const began = this.#clock.now();
    for (const fault of run.scenario.faults ?? []) this.#schedule(playing, fault, began);
  }

  second(run: Run, second: LoadSecond): void {
    const playing = this.#of(run);
    if (playing.zero !== null) return;
    // The engine took a moment to start: what did not begin yet is moved to its time axis.
    playing.zero = second.at - second.second * 1000;
    for (const fault of [...playing.pending.keys()]) this.#schedule(playing, fault, playing.zero);
  }

  sample(run: Run, sample: Sample): void {
    const { completed, outcomes, response, balance, phase } = sample;
    this.#service?.observe(run.target.id, {
      errorRatePercent: completed === 0 ? null : (100 * (completed - outcomes.ok)) / completed,
      p99Ms: response.p99,
      balancePercent: phase === 'warming' ? null : balance.scorePercent,
    });
  }

  runEnded(run: Run): void {
    this.#cancel(this.#playing.get(run.id));
    this.#playing.delete(run.id);
    this.#service?.runEnded(run.target.id, run.id);
  }

  #of(run: Run): Playing {
    let playing = this.#playing.get(run.id);
    if (playing === undefined) {
      playing = { run, listeners: new Set(), pending: new Map(), started: [], zero: null };
      this.#playing.set(run.id, playing);
    }
    return playing;
  }

  #schedule(playing: Playing, fault: PlannedFault, zero: number): void {
    playing.pending.get(fault)?.();
    const cancel = this.#clock.after(zero + fault.atSecond * 1000 - this.#clock.now(), () => {
      playing.pending.delete(fault);
      playing.started.push(this.#start(playing, fault));
    });
    playing.pending.set(fault, cancel);
  }

  async #start({ run, listeners }: Playing, { atSecond: _, ...order }: PlannedFault): Promise<void> {
    try {
      await this.#service!.start({ targetId: run.target.id, fault: order }, run.startedBy, run.id);
    } catch (error) {
      const text = `${effectText(effectOf(order))} was planned and not injected: ${messageOf(error)}`;
      for (const listener of listeners) listener({ at: this.#clock.now(), kind: 'fault-refused', text, fault: null });
      this.#complain(`a planned fault of run ${run.id} was not injected`, error);
    }
  }

  #cancel(playing: Playing | undefined): void {
    for (const cancel of playing?.pending.values() ?? []) cancel();
    playing?.pending.clear();
  }

  async #endPlanned(run: Run): Promise<void> {
    const playing = this.#playing.get(run.id);
    this.#cancel(playing);
    await Promise.all(playing?.started ?? []);
    await this.#service?.endOfRun(run.id);
  }
}
