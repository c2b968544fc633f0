import { type Child, ended, startChild } from '../childProcess.ts';
import type { BalancerReport, BalancerSettings, Routing, UpstreamCounts } from '../proxy/balancerMessages.ts';
import type { Reaper } from '../reaper.ts';
import { RestartDelay } from '../restartDelay.ts';
import type { Balancer, BalancerEvents } from './balancer.ts';

const ENTRY = new URL('../proxy/balancerProcess.ts', import.meta.url);
const START_PATIENCE_MS = 20_000;
const ROUTE_PATIENCE_MS = 5000;

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
  #revision = 0;
  #routing: Routing | null = null;
  #counts: readonly UpstreamCounts[] = [];
  readonly #waiting = new Map<number, () => void>();

  private constructor(settings: BalancerSettings, reaper: Reaper, events: BalancerEvents) {
    this.#settings = settings;
    this.#reaper = reaper;
    this.#events = events;
    this.port = settings.port;
  }

  /** @throws Error with a message for people, naming the port when it is taken. */
  static async start(settings: BalancerSettings, reaper: Reaper, events: BalancerEvents): Promise<EmbeddedBalancer> {
    const balancer = new EmbeddedBalancer(settings, reaper, events);
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
    return pid === undefined ? [] : [pid];
  }

  async route(routing: Routing): Promise<void> {
    this.#routing = routing;
    const child = this.#child?.process;
    if (child === undefined || !child.connected) return;
    await new Promise<void>((resolve) => {
      const revision = ++this.#revision;
      const done = () => {
        clearTimeout(timer);
        child.off('exit', done);
        this.#waiting.delete(revision);
        resolve();
      };
      // A balancer that dies now gets this routing when it is restarted.
      const timer = setTimeout(done, ROUTE_PATIENCE_MS);
      child.once('exit', done);
      this.#waiting.set(revision, done);
      child.send({ type: 'route', revision, routing }, () => {});
    });
  }

  async counts(): Promise<readonly UpstreamCounts[]> {
    return this.#counts;
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#timer);
    const child = this.#child;
    if (child === null) return;
    child.process.kill('SIGKILL');
    await ended(child.process, 1000);
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
          if (this.#routing === null) resolve();
          else void this.route(this.#routing).then(resolve);
        } else if (report.type === 'failed') {
          failure =
            report.code === 'EADDRINUSE'
              ? `--balancer-port ${this.port}: port ${this.port} of 127.0.0.1 is already in use; choose another one, or 0 for any free one`
              : `--balancer-port ${this.port}: ${report.message}`;
          reject(new Error(failure));
        } else if (report.type === 'routed') {
          this.#waiting.get(report.revision)?.();
        } else {
          this.#counts = report.pods;
        }
      });
      child.process.on('error', (error) => reject(error));
      child.process.once('exit', (code, signal) => {
        clearTimeout(timer);
        this.#child = null;
        const cause =
          failure || (signal ?? `exit code ${code}${child.lastWords() === '' ? '' : `, ${child.lastWords()}`}`);
        reject(new Error(failure || `the balancer did not start: ${cause}`));
        if (this.#stopping) return;
        this.#events.died(cause);
        this.#restartLater();
      });
    });
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
