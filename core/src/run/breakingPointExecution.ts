import type { BreakingPoint, BreakingPointSettings, BreakingPointStep } from '@evenkeel/contract/breakingPoint';
import { profileSeconds } from '@evenkeel/contract/profileSeconds';
import { REPORT_VERSION, type Report } from '@evenkeel/contract/report';
import type { RunState } from '@evenkeel/contract/run';
import type { Phase } from '@evenkeel/contract/sample';
import type { Scenario } from '@evenkeel/contract/scenario';
import { breakingPointResult } from '../scenarios/breakingPointResult.ts';
import { BreakingPointSearch, type WantedStep } from '../scenarios/breakingPointSearch.ts';
import { searchRange } from '../scenarios/searchRange.ts';
import { stepTiming } from '../scenarios/stepTiming.ts';
import { concludeSearch } from './concludeSearch.ts';
import type { RunClock } from './runClock.ts';
import { executeRun, type RunEvent, type RunExecution, type RunInput } from './runExecution.ts';
import { StepMeasure } from './stepMeasure.ts';

const BUSY_PAUSE_SECONDS = 5;

interface FinishedStep {
  readonly step: BreakingPointStep;
  readonly report: Report;
}

/**
 * Executes a scenario that asks for the breaking point: one open-model run per step, one after the other, with a pause between
 * them, on one time axis. Same face as `executeRun`. The report's figures are those of the confirming step, or else of the step
 * at the last good rate, so they describe the service at the load that it takes; the steps are in `breakingPoint`.
 */
export function executeBreakingPoint(input: RunInput): RunExecution {
  const execution = new Execution(input);
  return {
    stop: () => execution.end('stopped', 'The search was stopped before its end.'),
    abort: (reason) => execution.end('aborted', reason),
    ended: execution.run(),
  };
}

class Execution {
  readonly #input: RunInput;
  readonly #settings: BreakingPointSettings;
  readonly #search: BreakingPointSearch;
  readonly #now: () => number;
  readonly #startedAt: number;
  readonly #finished: FinishedStep[] = [];
  readonly #reports: Report[] = [];
  readonly #events: RunEvent[] = [];
  readonly #notices = new Set<string>();
  readonly #phases = new Set<Phase>();
  readonly #wake = new AbortController();
  #current: RunExecution | null = null;
  #ending: { readonly state: RunState; readonly reason: string | null } | null = null;
  /** First second of the time axis that no step has used yet. */
  #nextSecond = 0;

  constructor(input: RunInput) {
    const { breakingPoint, load } = input.run.scenario;
    if (breakingPoint === undefined || load.model !== 'rate') {
      throw new Error('the scenario does not ask for the breaking point in the rate model');
    }
    this.#input = input;
    this.#settings = breakingPoint;
    this.#search = new BreakingPointSearch({
      ...searchRange(load.stages),
      precisionPercent: breakingPoint.precisionPercent,
    });
    this.#now = input.clock.now;
    this.#startedAt = this.#now();
  }

  end(state: 'stopped' | 'aborted', reason: string | null): void {
    this.#ending ??= { state, reason };
    if (state === 'stopped') this.#current?.stop();
    else this.#current?.abort(reason ?? '');
    this.#wake.abort();
  }

  async run(): Promise<Report> {
    for (let wanted = this.#search.next(); wanted !== null; wanted = this.#search.next()) {
      const first = this.#reports.length === 0;
      if (!first) await pause(this.#input.clock, this.#pauseSeconds * 1000, this.#wake.signal);
      // The first step always begins, and ends at once when the search has ended already: a report needs one.
      if (this.#ending && !first) break;
      const scenario = stepScenario(this.#input.run.scenario, this.#settings, wanted);
      const seconds = profileSeconds(scenario.load);
      const budget = profileSeconds(this.#input.run.scenario.load);
      if (!first && this.#elapsed() + seconds > budget) {
        this.#notice(
          `The search ended after ${Math.round(this.#elapsed())} s: its next step would pass the ${budget} s of the profile.`
        );
        break;
      }
      await this.#step(wanted, scenario);
    }
    return this.#report();
  }

  async #step(wanted: WantedStep, scenario: Scenario): Promise<void> {
    const { listener, run } = this.#input;
    const atSecond = Math.max(this.#nextSecond, Math.floor(this.#elapsed()));
    const measure = new StepMeasure();
    this.#event({ second: atSecond, kind: 'step', text: `${wanted.rate} requests/s (${purposeInWords(wanted)})` });
    this.#current = executeRun({
      ...this.#input,
      run: { ...run, scenario },
      listener: {
        sample: (sample) => {
          measure.add(sample);
          this.#nextSecond = atSecond + sample.second + 1;
          listener.sample({ ...sample, second: atSecond + sample.second });
        },
        phase: (phase, second) => this.#phase(phase, atSecond + second),
        // Steps have the phases of a run; on the time axis of the search they would hide everything else.
        event: (event) => event.kind !== 'phase' && this.#event({ ...event, second: atSecond + event.second }),
        notice: (text) => this.#notice(text),
      },
    });
    if (this.#ending) this.#current.stop();
    const report = await this.#current.ended;
    this.#current = null;
    this.#reports.push({ ...report, timeline: report.timeline.map((p) => ({ ...p, second: atSecond + p.second })) });
    if (report.run.state === 'failed') this.#ending ??= { state: 'failed', reason: report.run.reason };
    // A step that was cut short says nothing.
    if (this.#ending) return;
    const place = { number: this.#finished.length + 1, atSecond };
    const usual = this.#finished.findLast((finished) => finished.step.verdict === 'passed')?.step.meanMs ?? null;
    const step = measure.step(wanted, place, report, this.#settings, usual);
    this.#finished.push({ step, report });
    this.#search.record(step.verdict);
    const why = step.reasons.length > 0 ? `: ${step.reasons[0]}` : '';
    this.#event({ second: this.#nextSecond, kind: 'step', text: `${step.rate} requests/s ${step.verdict}${why}` });
  }

  /** Warming and measuring are told once each: to the world the search is one run. */
  #phase(phase: Phase, second: number): void {
    if (phase === 'draining' || this.#phases.has(phase)) return;
    this.#phases.add(phase);
    this.#input.listener.phase(phase, second);
  }

  #event(event: RunEvent): void {
    this.#events.push(event);
    this.#input.listener.event(event);
  }

  #notice(text: string): void {
    if (this.#notices.has(text)) return;
    this.#notices.add(text);
    this.#input.listener.notice(text);
  }

  /** After an inconclusive step the pause is longer each time: what kept the generator's machine busy may be over by then. */
  get #pauseSeconds(): number {
    const last = this.#finished.findLastIndex(({ step }) => step.verdict !== 'inconclusive');
    return Math.max(this.#settings.cooldownSeconds, BUSY_PAUSE_SECONDS * (this.#finished.length - 1 - last));
  }

  #elapsed(): number {
    return (this.#now() - this.#startedAt) / 1000;
  }

  #report(): Report {
    const { run } = this.#input;
    const steps = this.#finished.map(({ step }) => step);
    const breakingPoint = breakingPointResult(this.#search, this.#settings, steps);
    const shown = this.#shown(breakingPoint);
    const { state, reason } = this.#ending ?? { state: 'finished' as const, reason: null };
    if (shown.rate !== null && this.#reports.length > 1) {
      this.#notice(`The figures of this report are those of one step of the search, at ${shown.rate} requests/s.`);
    }
    return {
      ...shown.report,
      // What a single step of some seconds says on these is no answer of the search.
      drift: undefined,
      recovery: undefined,
      version: REPORT_VERSION,
      run: { ...run, state, reason, startedAt: this.#startedAt, endedAt: this.#now() },
      ...concludeSearch(state, reason, breakingPoint, shown.report.balance),
      thresholds: [],
      timeline: this.#reports.flatMap((report) => report.timeline),
      breakingPoint,
      events: this.#events,
      notices: [...this.#notices],
    };
  }

  /** The step whose figures speak for the service: the confirming one, else the last at the last good rate, else the last. */
  #shown({ confirmedRate, lastGoodRate }: BreakingPoint): { report: Report; rate: number | null } {
    const passedAt = (rate: number | null) =>
      this.#finished.findLast(({ step }) => step.verdict === 'passed' && step.rate === rate);
    const best = passedAt(confirmedRate) ?? passedAt(lastGoodRate) ?? this.#finished.at(-1);
    return { report: best?.report ?? this.#reports.at(-1)!, rate: best?.step.rate ?? null };
  }
}

/** One step as a scenario of its own: a constant rate, the part that is not judged as its warm-up. */
function stepScenario(scenario: Scenario, settings: BreakingPointSettings, { rate, purpose }: WantedStep): Scenario {
  const { settleSeconds, judgedSeconds } = stepTiming(settings);
  const durationSeconds = settleSeconds + judgedSeconds * (purpose === 'confirmation' ? 2 : 1);
  const { breakingPoint: _, ...rest } = scenario;
  return {
    ...rest,
    load: { model: 'rate', stages: [{ from: rate, to: rate, durationSeconds }] },
    warmupSeconds: settleSeconds,
    thresholds: [],
  };
}

function purposeInWords({ purpose, repeated }: WantedStep): string {
  return repeated ? `${purpose}, repeated` : purpose;
}

/** Waits; ends early when the signal fires. */
function pause({ after }: RunClock, milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const callOff = after(milliseconds, done);
    function done(): void {
      callOff();
      signal.removeEventListener('abort', done);
      resolve();
    }
    if (signal.aborted) done();
    else signal.addEventListener('abort', done);
  });
}
