import { type Child, ended, startChild } from '../childProcess.ts';
import type {
  BalancerCommand,
  BalancerReport,
  BalancerSettings,
  Routing,
  UpstreamCounts,
} from '../proxy/balancerMessages.ts';
import type { Reaper } from '../reaper.ts';
import { RestartDelay } from '../restartDelay.ts';
import type { Balancer, BalancerEvents } from './balancer.ts';
import { portProblem } from './freePort.ts';

const ENTRY = new URL('../proxy/balancerProcess.ts', import.meta.url);
const START_PATIENCE_MS = 20_000;
const ANSWER_PATIENCE_MS = 5000;

/** Our own balancer in a process of its own, restarted on the same port when it dies. */
export class EmbeddedBalancer implements Balancer {
  readonly title = 'embedded balancer';
  port: number;
  readonly #settings: BalancerSettings;
  readonly #reaper: Reaper;
  readonly #events: BalancerEvents;
  readonly #delay = new RestartDelay();
  #child: Child | null = null;
  #startedAt = 0;
  #timer: NodeJS.Timeout | undefined;
  #stopping = false;
  #workers: readonly number[] = [];
  #lastId = 0;
  #routing: Routing;
  readonly #waiting = new Map<number, (report: BalancerReport) => void>();

  private constructor(settings: BalancerSettings, routing: Routing, reaper: Reaper, events: BalancerEvents) {
    this.#settings = settings;
    this.#routing = routing;
    this.#reaper = reaper;
    this.#events = events;
    this.port = settings.port;
  }

  /** @throws Error with a message for people, naming the port when it is taken. */
  static async start(
    settings: BalancerSettings,
    routing: Routing,
    reaper: Reaper,
    events: BalancerEvents
  ): Promise<EmbeddedBalancer> {
    const balancer = new EmbeddedBalancer(settings, routing, reaper, events);
    try {
      await balancer.#launch();
    } catch (error) {
      await balancer.stop();
      throw error;
    }
    return balancer;
  }

  pids(): readonly number[] {
    const pid = this.#child?.process.pid;
    return pid === undefined ? [] : [pid, ...this.#workers];
  }

  async route(routing: Routing): Promise<void> {
    this.#routing = routing;
    // A balancer that dies now gets this routing when it is restarted.
    await this.#ask((id) => ({ type: 'route', id, routing }));
  }

  async counts(): Promise<readonly UpstreamCounts[]> {
    const answer = await this.#ask((id) => ({ type: 'count', id }));
    return answer?.type === 'counts' ? answer.pods : [];
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#timer);
    const child = this.#child;
    if (child === null) return;
    child.process.kill('SIGKILL');
    await ended(child.process, 1000);
  }

  /** Sends a command and resolves with its answer, or with null when there is no balancer to answer. */
  #ask(command: (id: number) => BalancerCommand): Promise<BalancerReport | null> {
    const child = this.#child?.process;
    if (child === undefined || !child.connected) return Promise.resolve(null);
    return new Promise((resolve) => {
      const id = ++this.#lastId;
      const settle = (answer: BalancerReport | null) => {
        clearTimeout(timer);
        child.off('exit', onExit);
        this.#waiting.delete(id);
        resolve(answer);
      };
      const onExit = () => settle(null);
      const timer = setTimeout(() => settle(null), ANSWER_PATIENCE_MS);
      child.once('exit', onExit);
      this.#waiting.set(id, settle);
      child.send(command(id), () => {});
    });
  }

  #launch(): Promise<void> {
    this.#startedAt = performance.now();
    const child = startChild(ENTRY, { ...this.#settings, port: this.port }, this.#reaper);
    this.#child = child;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new Error(`the balancer did not start within ${START_PATIENCE_MS / 1000} s`));
      }, START_PATIENCE_MS);
      let failure = '';
      child.process.on('message', (report: BalancerReport) => {
        if (report.type === 'listening') {
          clearTimeout(timer);
          this.port = report.port;
          resolve();
        } else if (report.type === 'failed') {
          failure = portProblem(this.port, report.code, report.message).message;
          reject(new Error(failure));
        } else if (report.type === 'workers') {
          this.#watchWorkers(report.pids);
        } else {
          this.#waiting.get(report.id)?.(report);
        }
      });
      child.onEnd((lastCause) => {
        clearTimeout(timer);
        this.#child = null;
        this.#watchWorkers([]);
        const cause = failure || lastCause;
        reject(new Error(failure || `the balancer did not start: ${cause}`));
        if (this.#stopping) return;
        this.#events.died(cause);
        this.#restartLater();
      });
      void this.route(this.#routing);
    });
  }

  #watchWorkers(pids: readonly number[]): void {
    for (const pid of this.#workers) if (!pids.includes(pid)) this.#reaper.forget(pid);
    for (const pid of pids) this.#reaper.watch(pid);
    this.#workers = pids;
  }

  #restartLater(): void {
    this.#timer = setTimeout(
      () => {
        this.#launch().then(
          () => this.#events.restarted(),
          () => {}
        );
      },
      this.#delay.after(performance.now() - this.#startedAt)
    );
  }
}
