import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Refusal } from '@evenkeel/contract/refusal';
import type { Report } from '@evenkeel/contract/report';
import type { Scenario } from '@evenkeel/contract/scenario';
import { DEFAULT_TARGET_PERCENT } from '@evenkeel/contract/targetPercent';
import { ignoredProxies } from '@evenkeel/engine/ignoredProxies';
import { LoadEngine } from '@evenkeel/engine/loadEngine';
import type { EmbeddedCluster } from '@evenkeel/lab/embeddedCluster';
import { startService } from '@evenkeel/sidecar/main';
import { loadSettings } from '@evenkeel/sidecar/settings/loadSettings';
import { createLogger } from '@evenkeel/sidecar/telemetry/logger';
import { onInterrupt } from './interrupt.ts';
import { measuredRun, type Subject } from './measuredRun.ts';
import { checkOpenFiles } from './openFiles.ts';
import { checkReportFiles, type ReportFileFlags, writeReportFiles } from './reportFiles.ts';
import { reportText } from './reportText.ts';
import { scenarioBase } from './scenarioBase.ts';
import { number, type ScenarioFlags, scenarioFromFlags } from './scenarioFlags.ts';
import { ServedRunDisplay, servedRun } from './servedRun.ts';
import { type ClusterFlags, clusterFlagsIn, withCluster } from './subject.ts';
import { type TargetFlags, targetFromFlags } from './targetFlags.ts';
import { EXIT, UsageError } from './usageError.ts';

export interface OutputFlags extends ReportFileFlags {
  failUnder?: string;
  quiet?: boolean;
}

export type RunFlags = ScenarioFlags & TargetFlags & ClusterFlags & OutputFlags;

/** `evenkeel run`: one run against a URL or the embedded cluster. Returns the exit code. */
export async function runCommand(scenarioName: string | undefined, flags: RunFlags): Promise<number> {
  if (flags.target === undefined) refuseTargetFlags(flags);
  else refuseClusterFlags(flags);
  const preparation = await prepareRun(scenarioName, flags);
  const measure = async (subject: Subject) => {
    const quiet = flags.quiet ?? false;
    const { scenario, targetPercent } = preparation;
    const proxies = subject.target.kind === 'embedded' ? null : ignoredProxies(process.env);
    // Said before anything else: where only a proxy leads to the target, nothing else follows.
    if (proxies !== null) process.stderr.write(`evenkeel: ${proxies}\n`);
    const options = { targetPercent, quiet, notices: proxies === null ? [] : [proxies] };
    return conclude(await measuredRun(subject, scenario, new LoadEngine(), options), flags);
  };
  if (flags.target === undefined) {
    const { faults = [] } = preparation.scenario;
    return withCluster(flags, (subject, cluster) =>
      faults.length === 0 ? measure(subject) : faultyRun(cluster, preparation, planOf(scenarioName, flags), flags)
    );
  }
  if (preparation.scenario.faults?.length) {
    throw new UsageError(
      `${planOf(scenarioName, flags)}: nobody but the embedded cluster can be broken by this command; leave --target out.`
    );
  }
  const { target, directory } = targetFromFlags({ ...flags, target: flags.target }, preparation.scenario);
  return measure({ target, directory, allowedNetworks: ['0.0.0.0/0', '::/0'] });
}

/** A run with faults needs their whole life (guardrails, journal, revert), so a service is brought up for it, for this run only. */
async function faultyRun(
  cluster: EmbeddedCluster,
  { scenario, targetPercent }: Preparation,
  plan: string,
  flags: OutputFlags
): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-run-'));
  const interrupt = onInterrupt();
  try {
    const settings = loadSettings({ EVENKEEL_PORT: '0', EVENKEEL_DATABASE: join(folder, 'run.db') });
    const show = new ServedRunDisplay(scenario, flags.quiet ?? false);
    const service = await startService(
      { ...settings, embedded: { ...settings.embedded, targetPercent } },
      { cluster, observer: show, log: createLogger('warn') }
    );
    try {
      const { report } = await servedRun(service, scenario, show, interrupt, 'evenkeel run');
      return conclude(report, flags);
    } finally {
      await service.close();
    }
  } catch (error) {
    if (error instanceof Refusal) throw new UsageError(`${plan}: ${error.message}`);
    throw error;
  } finally {
    interrupt.release();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Where the plan of faults was written. */
const planOf = (scenarioName: string | undefined, { fault }: ScenarioFlags): string =>
  fault ? '--fault' : `${scenarioName}: faults`;

function refuseTargetFlags(flags: TargetFlags): void {
  const given = flags.attribute ? '--attribute' : flags.pod ? '--pod' : null;
  if (given) throw new UsageError(`${given} describes a --target; the embedded cluster knows its pods.`);
}

/** A flag that would be ignored is a mistake that nobody notices. */
function refuseClusterFlags(flags: ClusterFlags): void {
  const [given] = clusterFlagsIn(flags);
  if (given)
    throw new UsageError(`${given} shapes the embedded cluster and does nothing for --target: leave one of them out.`);
}

export interface Preparation {
  readonly scenario: Scenario;
  /** Score that must be reached, in percent. */
  readonly targetPercent: number;
}

/**
 * Checks everything that can be checked before anything is started. Throws a UsageError.
 * `usualTargetPercent` is the score that must be reached when no flag says so.
 */
export async function prepareRun(
  scenarioName: string | undefined,
  flags: ScenarioFlags & OutputFlags & Pick<TargetFlags, 'target'>,
  usualTargetPercent = DEFAULT_TARGET_PERCENT
): Promise<Preparation> {
  const targetPercent = failUnder(flags) ?? usualTargetPercent;
  const scenario = scenarioFromFlags(flags, await scenarioBase(scenarioName, flags, targetPercent));
  checkReportFiles(flags);
  checkOpenFiles(scenario, flags.target === undefined);
  return { scenario, targetPercent };
}

function failUnder(flags: OutputFlags): number | undefined {
  const score = number('--fail-under', flags.failUnder);
  if (score !== undefined && (score < 0 || score > 100))
    throw new UsageError(`--fail-under ${score}: allowed are 0 to 100.`);
  return score;
}

/** Prints and writes the report; returns the exit code. Throws a UsageError when the run could not begin. */
export function conclude(report: Report, flags: OutputFlags): number {
  if (report.run.state === 'failed' && report.run.startedAt === null)
    throw new UsageError(report.run.reason ?? 'The run failed.');
  const out = process.stdout;
  out.write(
    flags.quiet
      ? `${[`${report.conclusion}:`, ...report.headlines, report.balance.sentence].join(' ')}\n`
      : `${reportText(report, out.columns ?? 100)}\n`
  );
  for (const line of writeReportFiles(report, flags)) out.write(`${line}\n`);
  return EXIT[report.conclusion];
}
