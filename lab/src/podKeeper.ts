import { type Child, ended, startChild } from './childProcess.ts';
import type { PodCommand, PodFault, PodFigures, PodReport, PodSettings } from './pod/podMessages.ts';
import type { Reaper } from './reaper.ts';
import { RestartDelay } from './restartDelay.ts';

const ENTRY = new URL('./pod/podProcess.ts', import.meta.url);
const START_PATIENCE_MS = 20_000;
const ANSWER_PATIENCE_MS = 2000;
/** A partition starts a thread first, which takes its time on a busy machine. */
const INJECT_PATIENCE_MS = 4500;
/** A pod that has not reported for this long is taken for not ready: its process hangs or is stopped. */
const SILENCE_MS = 3500;

/** How long a pod that a fault crashed stays away at least. */
const FAULT_RESTART_MS = 200;

/** What became of a fault command. */
export interface FaultAnswer {
  readonly state: 'active' | 'ended' | 'refused';
  readonly reason: string;
}

export interface PodKeeperEvents {
  /** Address, readiness or figures changed. */
  changed(routing: boolean): void;
  restarted(restarts: number, cause: string): void;
  faultEnded(id: string, reason: string): void;
}

/**
 * Keeps one pod alive as a cluster does with a container: when its process dies it is started again under the same name,
 * on the same port if that is free, after a back-off, and its restart count goes up.
 */
export class PodKeeper {
  readonly #settings: PodSettings;
  readonly #reaper: Reaper;
  readonly #events: PodKeeperEvents;
  readonly #delay = new RestartDelay();
  readonly #answers = new Map<string, (answer: FaultAnswer) => void>();
  #child: Child | null = null;
  #startedAt = 0;
  #heardAt = 0;
  #timer: NodeJS.Timeout | undefined;
  /** The crash fault that keeps the pod down, until a time on the monotonic clock. */
  #down: { readonly id: string; readonly until: number; readonly timer: NodeJS.Timeout } | null = null;
  /** The process was killed by a fault: no reason to wait longer and longer before the next start. */
  #killed = false;
  #stopping = false;
  #says = false;
  port = 0;
  restarts = 0;
  figures: PodFigures | null = null;

  constructor(settings: PodSettings, reaper: Reaper, events: PodKeeperEvents) {
    this.#settings = settings;
    this.#reaper = reaper;
    this.#events = events;
  }

  get name(): string {
    return this.#settings.name;
  }

  get pid(): number | undefined {
    return this.#child?.process.pid;
  }

  get ready(): boolean {
    return this.#says && performance.now() - this.#heardAt < SILENCE_MS;
  }

  /** Starts the pod for the first time. @throws Error with a message for people. */
  start(): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new Error(`${this.name} did not start within ${START_PATIENCE_MS / 1000} s`));
      }, START_PATIENCE_MS);
      this.#launch((problem) => {
        clearTimeout(timer);
        if (problem === null) resolve();
        else reject(new Error(`${this.name} did not start: ${problem}`));
      });
    });
  }

  /** Kills the process as a crash would; it is restarted. */
  kill(): void {
    this.#child?.process.kill('SIGKILL');
  }

  /** Injects a fault; resolves when the pod has answered. A crash with `stayDown` keeps the pod down for its time to live. */
  async inject(fault: PodFault, stayDown: boolean): Promise<FaultAnswer> {
    if (fault.kind === 'crash') {
      if (this.#child === null) return { state: 'refused', reason: `${this.name} is not running` };
      clearTimeout(this.#down?.timer);
      this.#down = stayDown ? this.#keepDown(fault) : null;
      this.#killed = true;
      this.kill();
      return { state: stayDown ? 'active' : 'ended', reason: 'crashed' };
    }
    return this.#ask({ type: 'inject', fault }, answerKey('inject', fault.id));
  }

  /** Ends a fault before its time. Ending one that is not there is no error: a pod that is gone took its faults along. */
  async clear(id: string): Promise<FaultAnswer> {
    if (this.#down?.id === id) {
      clearTimeout(this.#down.timer);
      this.#down = null;
      // The kill may still be on its way: the pod is not back before it was gone.
      if (this.#killed && this.#child !== null) await ended(this.#child.process, 1000);
      if (this.#child === null && !this.#stopping) this.#restart('it was kept down by a fault');
      return { state: 'ended', reason: 'cleared' };
    }
    const child = this.#child;
    const answer = await this.#ask({ type: 'clear', id }, answerKey('clear', id));
    return child === null || this.#child !== child ? { state: 'ended', reason: 'gone' } : answer;
  }

  #keepDown({ id, ttlMs }: PodFault) {
    const timer = setTimeout(() => {
      this.#down = null;
      this.#events.faultEnded(id, 'expired');
    }, ttlMs);
    timer.unref();
    return { id, until: performance.now() + ttlMs, timer };
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#down?.timer);
    const child = this.#child;
    if (child === null) return;
    // A stopped process would not see a message.
    child.process.kill('SIGKILL');
    await ended(child.process, 1000);
  }

  #ask(command: PodCommand, key: string): Promise<FaultAnswer> {
    const child = this.#child?.process;
    if (child === undefined || !child.connected) {
      return Promise.resolve({ state: 'refused', reason: `${this.name} is not running` });
    }
    const patienceMs = command.type === 'inject' ? INJECT_PATIENCE_MS : ANSWER_PATIENCE_MS;
    return new Promise((resolve) => {
      const settle = (answer: FaultAnswer) => {
        clearTimeout(timer);
        child.off('exit', onExit);
        this.#answers.delete(key);
        resolve(answer);
      };
      const onExit = () => settle({ state: 'refused', reason: `${this.name} died` });
      const timer = setTimeout(
        () => settle({ state: 'refused', reason: `${this.name} did not answer within ${patienceMs / 1000} s` }),
        patienceMs
      );
      child.once('exit', onExit);
      this.#answers.set(key, settle);
      child.send(command, () => {});
    });
  }

  #launch(done: (problem: string | null) => void): void {
    this.#startedAt = performance.now();
    const child = startChild(ENTRY, { ...this.#settings, port: this.port }, this.#reaper);
    this.#child = child;
    child.process.on('message', (report: PodReport) => {
      this.#heardAt = performance.now();
      if (report.type === 'ready') done(null);
      this.#hear(report);
    });
    child.onEnd((cause) => {
      this.#child = null;
      this.#says = false;
      this.figures = null;
      done(cause);
      if (this.#stopping) return;
      this.#events.changed(true);
      this.#restartLater(cause);
    });
  }

  #restartLater(cause: string): void {
    const livedMs = performance.now() - this.#startedAt;
    const backOff = this.#killed ? FAULT_RESTART_MS : this.#delay.after(livedMs);
    this.#killed = false;
    const delay = Math.max(backOff, (this.#down?.until ?? 0) - performance.now());
    this.#timer = setTimeout(() => this.#restart(cause), delay);
  }

  #restart(cause: string): void {
    clearTimeout(this.#timer);
    this.restarts++;
    this.#launch((problem) => {
      if (problem === null) this.#events.restarted(this.restarts, cause);
    });
  }

  #hear(report: PodReport): void {
    switch (report.type) {
      case 'listening':
        this.port = report.port;
        break;
      case 'failed':
        break;
      case 'ready':
        this.#says = report.ready;
        this.#events.changed(true);
        break;
      case 'stats': {
        const { type: _, ...figures } = report;
        this.figures = figures;
        this.#events.changed(false);
        break;
      }
      case 'fault':
        if (report.state === 'ended' && report.reason === 'expired') this.#events.faultEnded(report.id, report.reason);
        else {
          const key = answerKey(report.state === 'ended' ? 'clear' : 'inject', report.id);
          this.#answers.get(key)?.({ state: report.state, reason: report.reason });
        }
        break;
    }
  }
}

/** An injection and its revert may be asked at the same time: each waits for its own answer. */
const answerKey = (command: 'inject' | 'clear', id: string) => `${command} ${id}`;
