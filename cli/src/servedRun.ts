import { profileSeconds } from '@evenkeel/contract/profileSeconds';
import type { Report } from '@evenkeel/contract/report';
import type { Scenario } from '@evenkeel/contract/scenario';
import type { Service } from '@evenkeel/sidecar/main';
import type { RunObserver } from '@evenkeel/sidecar/runs/ports/runObserver';
import { type Display, display } from './display.ts';
import type { Interrupt } from './interrupt.ts';

/** Runs a scenario on the embedded target of a service that shares this process; the first Ctrl-C drains it, the second cuts it off. */
export async function servedRun(
  service: Service,
  scenario: Scenario,
  show: ServedRunDisplay,
  interrupt: Interrupt,
  startedBy: string
): Promise<{ report: Report; stopped: boolean }> {
  const { run } = service.runs.start({ targetId: 'embedded', scenario }, startedBy);
  let stopped = false;
  interrupt.first.then(() => {
    stopped = true;
    service.runs.stop(run.id);
  });
  interrupt.second.then(() => service.runs.stopAll('Interrupted twice.'));
  return { report: await show.ended, stopped };
}

/** Shows the first run on the terminal; runs that are started later in the browser are shown there. */
export class ServedRunDisplay implements RunObserver {
  readonly #scenario: Scenario;
  readonly #quiet: boolean;
  readonly #ended = Promise.withResolvers<Report>();
  #first: string | null = null;
  #display: Display | null = null;

  constructor(scenario: Scenario, quiet: boolean) {
    this.#scenario = scenario;
    this.#quiet = quiet;
  }

  /** The first run's report. */
  get ended(): Promise<Report> {
    return this.#ended.promise;
  }

  runStarted(run: Parameters<RunObserver['runStarted']>[0]): void {
    if (this.#first !== null) return;
    this.#first = run.id;
    this.#display = display(run, profileSeconds(this.#scenario.load), this.#quiet, process.stdout);
  }

  second(): void {}

  sample(run: Parameters<RunObserver['sample']>[0], sample: Parameters<RunObserver['sample']>[1]): void {
    if (run.id === this.#first) this.#display?.sample(sample);
  }

  runEnded(run: Parameters<RunObserver['runEnded']>[0], report: Report | null): void {
    if (run.id !== this.#first) return;
    this.#display?.close();
    if (report) this.#ended.resolve(report);
    else this.#ended.reject(new Error(`The run ${run.id} ended without a report.`));
  }
}
