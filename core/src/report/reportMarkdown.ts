import type { Report } from '@evenkeel/contract/report';
import { scoreIntervalText } from '../text/figures.ts';
import { VERDICT_TEXT } from '../text/verdictText.ts';
import {
  addressTable,
  endingTable,
  errorsBesideVerdict,
  faultTable,
  findings,
  latencyTable,
  measuresTable,
  podTable,
  stepTable,
  summaryTable,
  type Table,
  thresholdTable,
} from './reportSections.ts';

/** Text that came from outside (names, notes) must not become Markdown structure, nor a link, in which nothing can be escaped. */
const escapeMarkdown = (text: string) =>
  text.replace(/[\\|`*_<>[\]#&~@]|:(?=\/\/)|(?<=www)\./gi, '\\$&').replace(/\s+/g, ' ');

function table({ title, head, rows }: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.map(escapeMarkdown).join(' | ')} |`;
  return [`## ${title}`, '', line(head), `|${head.map(() => ' --- |').join('')}`, ...rows.map(line), ''].join('\n');
}

/** The report as Markdown, for a pull request or a wiki page. */
export function reportMarkdown(report: Report): string {
  const { balance } = report;
  const list = (title: string, items: readonly string[]) =>
    items.length === 0 ? '' : `## ${title}\n\n${items.map((item) => `- ${escapeMarkdown(item)}`).join('\n')}\n`;
  const score = scoreIntervalText(balance.scorePercent, balance.lowPercent, balance.highPercent);
  const errors = errorsBesideVerdict(report);
  return [
    `# ${escapeMarkdown(report.run.scenario.name)}: ${VERDICT_TEXT[balance.verdict].toUpperCase()}`,
    '',
    `**Balance ${score}**, target ${balance.targetPercent}${errors === '' ? '' : `, **${errors}**`}. Run ${report.conclusion}.`,
    '',
    ...report.headlines.flatMap((sentence) => [escapeMarkdown(sentence), '']),
    escapeMarkdown(balance.sentence),
    '',
    list('Why', report.reasons),
    list('Findings', findings(report)),
    table(summaryTable(report)),
    ...[endingTable(report), addressTable(report)].map((t) => (t ? table(t) : '')),
    table(podTable(report)),
    ...[stepTable(report), faultTable(report), measuresTable(report), thresholdTable(report)].map((t) =>
      t ? table(t) : ''
    ),
    table(latencyTable(report)),
    list(
      'Events',
      report.events.map((event) => `${event.second.toFixed(1)} s: ${event.text}`)
    ),
    list('Notices', report.notices),
  ]
    .filter((part, index) => part !== '' || index < 6 + 2 * report.headlines.length)
    .join('\n');
}
