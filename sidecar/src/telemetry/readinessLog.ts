import type { Logger } from 'pino';

/** Says once why the service became unready, when the reasons change, and once that it is ready again. */
export class ReadinessLog {
  readonly #log: Pick<Logger, 'warn' | 'info'>;
  /** The service is not ready before it was looked at for the first time. */
  #known = 'not looked at yet';

  constructor(log: Pick<Logger, 'warn' | 'info'>) {
    this.#log = log;
  }

  /** To be called every second or so with the reasons against readiness, none when it is ready. */
  look(problems: readonly string[]): void {
    const now = problems.join(' ');
    if (now === this.#known) return;
    this.#known = now;
    if (problems.length === 0) this.#log.info('ready');
    else this.#log.warn({ problems }, 'not ready');
  }
}
