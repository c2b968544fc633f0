import { styleText } from 'node:util';
import type { Report } from '@evenkeel/contract/report';
import type { Scenario } from '@evenkeel/contract/scenario';
import { loadProfile } from '@evenkeel/core/schedule/loadProfile';
import type { EmbeddedCluster } from '../cluster/embedded/embeddedCluster.ts';
import { type Service, startService } from '../main.ts';
import type { RunObserver } from '../runs/ports/runObserver.ts';
import { createLogger } from '../telemetry/logger.ts';
import { type Display, display } from './display.ts';
import { type Interrupt, onInterrupt } from './interrupt.ts';
import { clusterText } from './podsCommand.ts';
import { conclude, type OutputFlags, type Preparation, prepareRun, runCommand } from './runCommand.ts';
import type { ScenarioFlags } from './scenarioFlags.ts';
import { type ServiceFlags, serviceSettings } from './serviceSettings.ts';
import { type ClusterFlags, withCluster } from './subject.ts';
import { EXIT, UsageError } from './usageError.ts';

export type DemoFlags = ScenarioFlags & ClusterFlags & OutputFlags & ServiceFlags & { once?: boolean };

/** `evenkeel demo`, what `npm start` runs: cluster, service, one run with its verdict, then the pages, until Ctrl-C. */
export async function demoCommand(scenarioName: string | undefined, flags: DemoFlags): Promise<number> {
  if (flags.once) return runCommand(scenarioName, flags);
  const preparation = await prepareRun(scenarioName, flags);
  const settings = serviceSettings(flags);
  return withCluster(flags, async (_, cluster) => {
    const interrupt = onInterrupt();
    const show = new RunDisplay(preparation.scenario, flags.quiet ?? false);
    const service = await startService(
      { ...settings, runs: { ...settings.runs, targetPercent: preparation.targetPercent } },
      { cluster, observer: show, log: createLogger('warn') }
    ).catch((error: Error) => {
      interrupt.release();
      throw new UsageError(`${error.message} (--listen HOST:PORT chooses another address)`);
    });
    try {
      const stopped = await firstRun(service, preparation, flags, show, interrupt);
      if (!stopped) await explore(service, cluster, interrupt);
    } finally {
      interrupt.release();
      await service.close();
    }
    return EXIT.passed;
  });
}

/** Runs the scenario through the service, so that it is in its history, and reports. Tells whether the person asked to stop. */
async function firstRun(
  service: Service,
  { scenario }: Preparation,
  flags: OutputFlags,
  show: RunDisplay,
  interrupt: Interrupt
): Promise<boolean> {
  const { run } = service.runs.start({ targetId: 'embedded', scenario }, 'npm start');
  let stopped = false;
  interrupt.first.then(() => {
    stopped = true;
    service.runs.stop(run.id);
  });
  const report = await show.ended;
  if (report) conclude(report, flags);
  return stopped;
}

/** Serves the pages and says where everything is, until Ctrl-C. */
async function explore(service: Service, cluster: EmbeddedCluster, interrupt: Interrupt): Promise<void> {
  const say = (line: string) => process.stdout.write(`${line}\n`);
  const preview = await startPages(service, say);
  say('');
  if (preview) say(`${styleText('bold', 'Pages    ')} ${preview.url}/  the Grafana app, without Grafana`);
  say(
    `${styleText('bold', 'Service  ')} ${service.url}/api/v1/openapi.json  API, ${service.url}/metrics for Prometheus`
  );
  say(`${styleText('bold', 'Cluster  ')} ${clusterText(cluster).replaceAll('\n', '\n          ')}`);
  say(styleText('dim', 'Everything stays up to explore; Ctrl-C ends it and leaves nothing behind.'));
  await interrupt.first;
  say('Stopping …');
  await preview?.stop();
}

/** The pages are a convenience: what keeps them from being built or served must not take the rest down. */
async function startPages(
  service: Service,
  say: (line: string) => void
): Promise<{ url: string; stop(): Promise<void> } | null> {
  try {
    const { startPreview } = await import('../../../preview/server/startPreview.ts');
    return await startPreview({ port: 0, serviceUrl: service.url, log: say });
  } catch (error) {
    say(`The pages are not available: ${(error as Error).message}`);
    return null;
  }
}

/** Shows the first run on the terminal; runs that are started later in the browser are shown there. */
class RunDisplay implements RunObserver {
  readonly #scenario: Scenario;
  readonly #quiet: boolean;
  readonly #ended = Promise.withResolvers<Report | null>();
  #first: string | null = null;
  #display: Display | null = null;

  constructor(scenario: Scenario, quiet: boolean) {
    this.#scenario = scenario;
    this.#quiet = quiet;
  }

  /** The first run's report. */
  get ended(): Promise<Report | null> {
    return this.#ended.promise;
  }

  runStarted(run: Parameters<RunObserver['runStarted']>[0]): void {
    if (this.#first !== null) return;
    this.#first = run.id;
    this.#display = display(run, loadProfile(this.#scenario.load).durationSeconds, this.#quiet, process.stdout);
  }

  second(): void {}

  sample(run: Parameters<RunObserver['sample']>[0], sample: Parameters<RunObserver['sample']>[1]): void {
    if (run.id === this.#first) this.#display?.sample(sample);
  }

  runEnded(run: Parameters<RunObserver['runEnded']>[0], report: Report | null): void {
    if (run.id !== this.#first) return;
    this.#display?.close();
    this.#ended.resolve(report);
  }
}
