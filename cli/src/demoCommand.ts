import { styleText } from 'node:util';
import type { EmbeddedCluster } from '@evenkeel/lab/embeddedCluster';
import { type Service, startService } from '@evenkeel/sidecar/main';
import { createLogger } from '@evenkeel/sidecar/telemetry/logger';
import { type Interrupt, onInterrupt } from './interrupt.ts';
import { clusterText } from './podsCommand.ts';
import { conclude, type OutputFlags, prepareRun, runCommand } from './runCommand.ts';
import type { ScenarioFlags } from './scenarioFlags.ts';
import { ServedRunDisplay, servedRun } from './servedRun.ts';
import { type ServiceFlags, serviceSettings } from './serviceSettings.ts';
import { type ClusterFlags, withCluster } from './subject.ts';
import { EXIT, UsageError } from './usageError.ts';

export type DemoFlags = ScenarioFlags & ClusterFlags & OutputFlags & ServiceFlags & { once?: boolean };

/** `evenkeel demo`, what `npm start` runs: cluster, service, one run with its verdict, then the pages, until Ctrl-C. */
export async function demoCommand(scenarioName: string | undefined, flags: DemoFlags): Promise<number> {
  if (flags.once) return runCommand(scenarioName, flags);
  const settings = serviceSettings(flags);
  const { scenario, targetPercent } = await prepareRun(
    scenarioName,
    flags,
    settings.embedded.targetPercent ?? settings.runs.targetPercent
  );
  return withCluster(flags, async (_, cluster) => {
    const interrupt = onInterrupt();
    const show = new ServedRunDisplay(scenario, flags.quiet ?? false);
    const service = await startService(
      { ...settings, embedded: { ...settings.embedded, targetPercent } },
      { cluster, observer: show, log: createLogger('warn') }
    ).catch((error: Error) => {
      interrupt.release();
      throw new UsageError(`${error.message} (--listen HOST:PORT chooses another address)`);
    });
    try {
      const { report, stopped } = await servedRun(service, scenario, show, interrupt, 'npm start');
      conclude(report, flags);
      if (!stopped) await explore(service, cluster, interrupt);
    } finally {
      interrupt.release();
      await service.close();
    }
    return EXIT.passed;
  });
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
    const { startPreview } = await import('../../preview/server/startPreview.ts');
    return await startPreview({ port: 0, serviceUrl: service.url, log: say });
  } catch (error) {
    say(`The pages are not available: ${(error as Error).message}`);
    return null;
  }
}
