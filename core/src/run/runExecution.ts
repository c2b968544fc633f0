import { profileSeconds } from '@evenkeel/contract/profileSeconds';
import { REPORT_VERSION, type Report } from '@evenkeel/contract/report';
import type { Run, RunState } from '@evenkeel/contract/run';
import type { Phase, Sample } from '@evenkeel/contract/sample';
import { targetPercentOf } from '@evenkeel/contract/targetPercent';
import { faultsOf, ScenarioAnswers } from '../scenarios/scenarioAnswers.ts';
import { ThresholdEvaluator } from '../scenarios/thresholdEvaluator.ts';
import type { PodDirectory } from '../targets/podDirectory.ts';
import { conclude } from './conclusion.ts';
import { headlines } from './headlines.ts';
import type { ConnectionSpread, LoadEngine, LoadHandle, LoadSecond } from './loadEngine.ts';
import { PodRoster } from './podRoster.ts';
import { RunBalance } from './runBalance.ts';
import type { RunClock } from './runClock.ts';
import type { RunFaults } from './runFaults.ts';
import { RunFaultTally } from './runFaultTally.ts';
import { runNotices } from './runNotices.ts';
import { runSample } from './runSample.ts';
import { errorsOf, RunTally } from './runTally.ts';
import { StageMarks } from './stageMarks.ts';
import { Timeline } from './timeline.ts';

export interface RunEvent {
  /** Seconds since the load began. */
  readonly second: number;
  readonly kind: string;
  readonly text: string;
}

/** Who wants to know what happens, as it happens. */
export interface RunListener {
  sample(sample: Sample): void;
  phase(phase: Phase, second: number): void;
  event(event: RunEvent): void;
  notice(text: string): void;
}

export interface RunInput {
  readonly run: Run;
  readonly engine: LoadEngine;
  readonly directory: PodDirectory;
  /** Networks that the load may go to. */
  readonly allowedNetworks: readonly string[];
  readonly listener: RunListener;
  /** Failures that are injected meanwhile; without it there are none. */
  readonly faults?: RunFaults;
  /** What is known before the load begins and a reader should know too, each in a sentence. */
  readonly notices?: readonly string[];
  readonly clock: RunClock;
}

export interface RunExecution {
  /** Stops sending, drains and reports; the run ends as `stopped`. Changes nothing when everything was sent already. */
  stop(): void;
  /** Stops at once; the run ends as `aborted` for this reason. */
  abort(reason: string): void;
  /** The report. Never rejects: what went wrong is a report with the run `failed`. */
  readonly ended: Promise<Report>;
}

const MAX_EVENTS = 500;

/** Executes a scenario once: takes the engine's seconds, scores them, tells the listener, and ends in a report. */
export function executeRun(input: RunInput): RunExecution {
  const execution = new Execution(input);
  return {
    stop: () => execution.stop(),
    abort: (reason) => execution.abort(reason),
    ended: execution.run(),
  };
}

class Execution {
  readonly #input: RunInput;
  readonly #now: () => number;
  readonly #roster: PodRoster;
  readonly #balance: RunBalance;
  readonly #tally = new RunTally();
  readonly #timeline = new Timeline();
  readonly #thresholds: ThresholdEvaluator;
  readonly #faults: RunFaultTally;
  readonly #answers: ScenarioAnswers;
  readonly #stages: StageMarks;
  readonly #events: RunEvent[] = [];
  readonly #notices = new Set<string>();
  #handle: LoadHandle | null = null;
  #ending: { state: RunState; reason: string | null } | null = null;
  #startedAt: number | null = null;
  #wasSaturated = false;
  #wasAborted = false;
  /** The whole profile was played: only answers are waited for. */
  #allSent = false;

  constructor(input: RunInput) {
    this.#input = input;
    this.#now = input.clock.now;
    this.#roster = new PodRoster(input.directory);
    const { thresholds } = input.run.scenario;
    const balanceWindows = thresholds.flatMap((t) => (t.metric === 'balance' && t.overSeconds ? [t.overSeconds] : []));
    this.#balance = new RunBalance(targetPercentOf(input.run.target), balanceWindows);
    this.#thresholds = new ThresholdEvaluator(thresholds);
    this.#answers = new ScenarioAnswers(input.run.scenario);
    this.#stages = new StageMarks(
      input.run.scenario.load,
      (mark) => this.#event({ ...mark, kind: 'stage' }),
      input.clock.after
    );
    this.#faults = new RunFaultTally(input.faults ?? null, (mark) => {
      this.#event(mark);
      if (mark.kind === 'fault-refused') this.#notice(mark.text);
    });
  }

  stop(): void {
    if (this.#allSent) return;
    this.#ending ??= { state: 'stopped', reason: null };
    this.#handle?.stop();
  }

  abort(reason: string): void {
    this.#ending ??= { state: 'aborted', reason };
    this.#wasAborted = true;
    this.#handle?.abort();
  }

  async run(): Promise<Report> {
    const { run, engine, allowedNetworks, directory } = this.#input;
    let spread: ConnectionSpread | null = null;
    try {
      this.#handle = await engine.start({
        runId: run.id,
        url: run.target.url,
        scenario: run.scenario,
        attribution: run.target.attribution,
        pods: this.#roster.list(),
        acceptUnknownPods: !directory.complete,
        allowedNetworks,
      });
      for (const notice of this.#input.notices ?? []) this.#notice(notice);
      this.#startedAt = this.#now();
      this.#faults.follow(this.#startedAt);
      this.#handle.onSecond((second) => this.#second(second));
      this.#handle.onPhase((phase, second) => this.#phase(phase, second));
      if (this.#ending) this.#handle.abort();
      const end = await this.#handle.ended;
      spread = end.spread;
      if (end.failure !== null) this.#ending = { state: 'failed', reason: `The load generator failed: ${end.failure}` };
    } catch (error) {
      this.#ending = { state: 'failed', reason: error instanceof Error ? error.message : String(error) };
    }
    this.#stages.end();
    await this.#faults.end();
    return this.#report(spread);
  }

  #phase(phase: Phase, second: number): void {
    this.#event({ second, kind: 'phase', text: phase });
    if (phase === 'draining' && this.#ending === null) this.#allSent = true;
    if (phase === 'draining') this.#stages.end();
    else this.#stages.at(second);
    this.#input.listener.phase(phase, second);
  }

  #second(second: LoadSecond): void {
    this.#stages.counted(second.second);
    for (const change of this.#roster.update(second)) this.#event({ second: second.second, ...change });
    const pods = this.#roster.list();
    this.#handle?.acceptPods(pods);
    const balance = this.#balance.add(second, pods);
    const errors = errorsOf(second.outcomes);
    this.#tally.add(second);
    this.#faults.add(second, errors, this.#balance.lastSecond);
    this.#answers.add({
      ...second,
      errors,
      balance: this.#balance.lastSecond,
      saturated: second.generator.state === 'saturated',
    });
    this.#timeline.add(second, errors, second.phase === 'warming' ? null : balance);
    if (second.phase === 'measuring') this.#judge(second, errors);
    else if (second.phase === 'draining') this.#thresholds.addDrained({ ...second, errors });
    if (second.generator.state === 'saturated') this.#saturated(second);
    this.#input.listener.sample(runSample(second, pods, balance));
  }

  /** Said once, at the first such second; the report counts them. */
  #saturated({ second, generator }: LoadSecond): void {
    if (this.#wasSaturated) return;
    this.#wasSaturated = true;
    this.#notice(
      `The load generator was saturated, first in second ${second} (${generator.reasons.join('; ')}): such seconds are left out of the balance.`
    );
  }

  #judge(second: LoadSecond, errors: number): void {
    const breaches = this.#thresholds.add({
      second: second.second,
      response: second.response,
      completed: second.completed,
      errors,
      cutOff: second.cutOff,
      balanceOver: (seconds) => this.#balance.scoreOver(seconds),
    });
    for (const breach of breaches) {
      this.#event({ second: second.second, kind: 'threshold', text: breach.sentence });
      if (breach.threshold.abort) this.abort(`A threshold stopped the run: ${breach.sentence}.`);
    }
  }

  #event(event: RunEvent): void {
    if (this.#events.length < MAX_EVENTS) this.#events.push(event);
    this.#input.listener.event(event);
  }

  #notice(text: string): void {
    if (this.#notices.has(text) || this.#notices.size >= 50) return;
    this.#notices.add(text);
    this.#input.listener.notice(text);
  }

  #endingAfter(sentSeconds: number): { state: RunState; reason: string | null } {
    const { state, reason } = this.#ending ?? { state: 'finished' as const, reason: null };
    if (state !== 'stopped') return { state, reason };
    const planned = profileSeconds(this.#input.run.scenario.load);
    return { state, reason: `The run was stopped after ${sentSeconds} of ${planned} s: the rest was not tested.` };
  }

  #report(spread: ConnectionSpread | null): Report {
    const { run, directory } = this.#input;
    const seconds = this.#tally.seconds;
    const { state, reason } = this.#endingAfter(seconds.warming + seconds.measured);
    const balance = this.#balance.final(spread, seconds);
    const thresholds = this.#thresholds.results(balance.scorePercent);
    const figures = this.#tally.figures(this.#roster.list());
    if (this.#startedAt !== null)
      for (const notice of runNotices(figures, run, directory.complete, this.#wasAborted)) this.#notice(notice);
    const timeline = this.#timeline.points();
    const answers = this.#answers.answers(timeline);
    const { sentences, doubts } = headlines(figures, run, this.#wasAborted);
    const faults = faultsOf(answers, run.scenario.kind, state !== 'finished');
    faults.doubts.push(...doubts);
    return {
      version: REPORT_VERSION,
      run: { ...run, state, reason, startedAt: this.#startedAt, endedAt: this.#now() },
      ...conclude(state, reason, balance, thresholds, faults),
      headlines: state === 'stopped' ? [reason!, ...sentences] : sentences,
      balance,
      ...figures,
      thresholds,
      timeline,
      ...answers,
      ...this.#faults.report(),
      events: this.#events,
      notices: [...this.#notices],
    };
  }
}
