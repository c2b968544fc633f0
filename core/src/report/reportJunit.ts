import { endingName } from '@evenkeel/contract/endingText';
import type { Report } from '@evenkeel/contract/report';
import { formatThreshold } from '@evenkeel/contract/threshold';
import { endingFindings } from '../run/conclusion.ts';
import { scoreIntervalText } from '../text/figures.ts';
import { observedText } from '../text/thresholdText.ts';
import { escapeMarkup as attribute } from './escapeMarkup.ts';
import { addressTable, endingTable, type Table } from './reportSections.ts';

interface Case {
  readonly name: string;
  readonly failure?: string;
  readonly skipped?: string;
  /** It could not be carried out to its end, which no pipeline takes for a success. */
  readonly error?: string;
}

/**
 * The report as JUnit XML: the balance, every threshold and the run as a whole are test cases, so that its counts never say more than
 * the exit code; what could not be judged is skipped, not passed, and a run that was cut short is an error. How the requests ended is in
 * the properties by status code and kind of failure, and with an example of each in the output.
 */
export function reportJunit(report: Report): string {
  const { run, balance } = report;
  const score = scoreIntervalText(balance.scorePercent, balance.lowPercent, balance.highPercent);
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
      ...(!passed && observed !== null ? { failure: `measured ${observedText({ threshold, observed })}` } : {}),
      ...(observed === null
        ? { skipped: 'nothing was measured, or it depends on requests that still had no answer at the end' }
        : {}),
    })),
  ];
  const reasons = report.reasons.join(' ');
  const isCutShort = endingFindings(run.state, run.reason).doubts.length > 0;
  cases.push({
    name: 'run passes',
    ...(report.conclusion === 'failed' ? { failure: reasons } : {}),
    ...(report.conclusion === 'inconclusive' ? { [isCutShort ? 'error' : 'skipped']: reasons } : {}),
  });
  const seconds = report.seconds.warming + report.seconds.measured + report.seconds.draining;
  const body = cases.map(({ name, failure, error, skipped }) => {
    const open = `    <testcase classname="evenkeel.${attribute(run.scenario.name)}" name="${attribute(name)}" time="${seconds}"`;
    if (failure !== undefined) return `${open}>\n      <failure message="${attribute(failure)}"/>\n    </testcase>`;
    if (error !== undefined) return `${open}>\n      <error message="${attribute(error)}"/>\n    </testcase>`;
    if (skipped !== undefined) return `${open}>\n      <skipped message="${attribute(skipped)}"/>\n    </testcase>`;
    return `${open}/>`;
  });
  const failures = cases.filter((c) => c.failure !== undefined).length;
  const errors = cases.filter((c) => c.error !== undefined).length;
  const skips = cases.filter((c) => c.skipped !== undefined).length;
  const counts = `tests="${cases.length}" failures="${failures}" errors="${errors}" skipped="${skips}" time="${seconds}"`;
  const stamp = run.startedAt === null ? '' : ` timestamp="${new Date(run.startedAt).toISOString()}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${counts}>`,
    `  <testsuite name="evenkeel ${attribute(run.scenario.name)}" ${counts}${stamp}>`,
    ...properties(report),
    ...body,
    ...output(report),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function properties({ endings, errorRatePercent, totals }: Report): string[] {
  const property = (name: string, value: string | number) =>
    `      <property name="${attribute(name)}" value="${attribute(String(value))}"/>`;
  return [
    '    <properties>',
    property('errorRatePercent', errorRatePercent),
    property('requests.cut-off', totals.cancelled),
    property('requests.dropped', totals.dropped),
    property('requests.resent', totals.resent),
    ...endings.map((one) => property(`requests.${one.outcome}.${endingName(one)}`, one.count)),
    '    </properties>',
  ];
}

function output(report: Report): string[] {
  const tables = [endingTable(report), addressTable(report)].filter((table) => table !== null);
  const lines = [...report.headlines, report.balance.sentence, ...tables.flatMap(tableLines)];
  return ['    <system-out>', ...lines.map((line) => attribute(line)), '    </system-out>'];
}

const tableLines = ({ title, rows }: Table): string[] => [`${title}:`, ...rows.map((row) => `  ${row.join('  ')}`)];
