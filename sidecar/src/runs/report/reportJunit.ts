import type { Report } from '@evenkeel/contract/report';
import { formatThreshold } from '@evenkeel/contract/threshold';
import { escapeMarkup as attribute } from './escapeMarkup.ts';
import { formatScore } from './figures.ts';

interface Case {
  readonly name: string;
  readonly failure?: string;
  readonly skipped?: string;
}

/** The report as JUnit XML: the balance and every threshold are test cases; what could not be judged is skipped, not passed. */
export function reportJunit(report: Report): string {
  const { run, balance } = report;
  const score = formatScore(balance.scorePercent, balance.lowPercent, balance.highPercent);
  const cases: Case[] = [
    {
      name: `balance >= ${balance.targetPercent}`,
      ...(balance.verdict === 'imbalanced' ? { failure: `${score}: ${balance.sentence}` } : {}),
      ...(balance.verdict === 'needs-more-data' || balance.verdict === 'not-applicable'
        ? { skipped: balance.sentence }
        : {}),
    },
    ...report.thresholds.map(({ threshold, observed, passed }) => ({
      name: formatThreshold(threshold),
      ...(!passed && observed !== null ? { failure: `measured ${observed}` } : {}),
      ...(observed === null ? { skipped: 'nothing was measured' } : {}),
    })),
  ];
  if (run.state === 'failed' || run.state === 'aborted') {
    cases.push({ name: 'run completes', failure: run.reason ?? run.state });
  }
  const seconds = report.seconds.warming + report.seconds.measured + report.seconds.draining;
  const body = cases.map(({ name, failure, skipped }) => {
    const open = `    <testcase classname="evenkeel.${attribute(run.scenario.name)}" name="${attribute(name)}" time="${seconds}"`;
    if (failure !== undefined) return `${open}>\n      <failure message="${attribute(failure)}"/>\n    </testcase>`;
    if (skipped !== undefined) return `${open}>\n      <skipped message="${attribute(skipped)}"/>\n    </testcase>`;
    return `${open}/>`;
  });
  const failures = cases.filter((c) => c.failure !== undefined).length;
  const skips = cases.filter((c) => c.skipped !== undefined).length;
  const counts = `tests="${cases.length}" failures="${failures}" errors="0" skipped="${skips}" time="${seconds}"`;
  const stamp = run.startedAt === null ? '' : ` timestamp="${new Date(run.startedAt).toISOString()}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${counts}>`,
    `  <testsuite name="evenkeel ${attribute(run.scenario.name)}" ${counts}${stamp}>`,
    ...body,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}
