import type { Report } from '@evenkeel/contract/report';
import { LoadEngine } from '../load/loadEngine.ts';
import { measuredRun, type Subject } from './measuredRun.ts';
import { checkOpenFiles } from './openFiles.ts';
import { checkReportFiles, type ReportFileFlags, writeReportFiles } from './reportFiles.ts';
import { reportText } from './reportText.ts';
import { scenarioBase } from './scenarioBase.ts';
import { number, type ScenarioFlags, scenarioFromFlags } from './scenarioFlags.ts';
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
  const measure = await prepare(scenarioName, flags);
  if (flags.target !== undefined) {
    refuseClusterFlags(flags);
    const { target, directory } = targetFromFlags({ ...flags, target: flags.target });
    return measure({ target, directory, allowedNetworks: ['0.0.0.0/0', '::/0'] });
  }
  return withCluster(flags, (subject) => measure(subject));
}

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

/** Checks everything that can be checked before anything is started; what it returns runs, reports and gives the exit code. */
export async function prepare(
  scenarioName: string | undefined,
  flags: ScenarioFlags & OutputFlags
): Promise<(subject: Subject) => Promise<number>> {
  const base = await scenarioBase(scenarioName, flags);
  const scenario = scenarioFromFlags(flags, base);
  const targetPercent = failUnder(flags);
  checkReportFiles(flags);
  checkOpenFiles(scenario);
  const quiet = flags.quiet ?? false;
  return async (subject) => {
    const report = await measuredRun(subject, scenario, new LoadEngine(), { targetPercent, quiet });
    return conclude(report, flags);
  };
}

function failUnder(flags: OutputFlags): number {
  const score = number('--fail-under', flags.failUnder) ?? 95;
  if (score < 0 || score > 100) throw new UsageError(`--fail-under ${score}: allowed are 0 to 100.`);
  return score;
}

function conclude(report: Report, flags: OutputFlags): number {
  if (report.run.state === 'failed' && report.run.startedAt === null)
    throw new UsageError(report.run.reason ?? 'The run failed.');
  const out = process.stdout;
  out.write(
    flags.quiet ? `${report.conclusion}: ${report.balance.sentence}\n` : `${reportText(report, out.columns ?? 100)}\n`
  );
  for (const line of writeReportFiles(report, flags)) out.write(`${line}\n`);
  return EXIT[report.conclusion];
}
