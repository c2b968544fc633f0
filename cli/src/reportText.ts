import { styleText } from 'node:util';
import type { Report } from '@evenkeel/contract/report';
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
} from '@evenkeel/core/report/reportSections';
import { ratioText, scoreIntervalText, scoreText, shareText } from '@evenkeel/core/text/figures';
import { clip } from './liveView.ts';
import { largestShare, podBar, podsWorthShowing } from './podBar.ts';
import { styledVerdict } from './verdictStyle.ts';

const MAX_PODS_PRINTED = 40;

/** The report for a terminal, `columns` wide. */
export function reportText(report: Report, columns: number): string {
  const { balance } = report;
  const score = scoreIntervalText(balance.scorePercent, balance.lowPercent, balance.highPercent);
  const errors = errorsBesideVerdict(report);
  const raw =
    balance.rawPercent === null
      ? ''
      : styleText('dim', `  raw ${scoreText(balance.rawPercent)}, target ${balance.targetPercent}`);
  const pods = podsWorthShowing(balance.perPod, MAX_PODS_PRINTED);
  const scale = largestShare(pods);
  const nameWidth = Math.min(28, Math.max(6, ...pods.map((pod) => pod.pod.length)));
  const width = Math.max(10, Math.min(60, columns - nameWidth - 22));
  return [
    '',
    `${styledVerdict(balance.verdict)}  ${styleText('bold', `balance ${score}`)}${raw}${errors === '' ? '' : styleText(['bold', 'red'], `  ${errors}`)}`,
    ...report.headlines,
    balance.sentence,
    ...(balance.work && balance.work.scorePercent < balance.targetPercent ? [balance.work.sentence] : []),
    ...findings(report),
    '',
    ...pods.map(
      (pod) =>
        `  ${clip(pod.pod, nameWidth).padEnd(nameWidth)} ${podBar(pod, width, scale)} ${shareText(pod.share).padStart(7)} ${ratioText(pod.ratio).padStart(6)}`
    ),
    ...(pods.length < balance.perPod.length
      ? [`  … and ${balance.perPod.length - pods.length} pods nearer to their share`]
      : []),
    ...(pods.length > 0 ? [styleText('dim', '  ┃ expected share   ░▓ what chance alone explains (95 %)')] : []),
    '',
    ...[
      stepTable(report),
      faultTable(report),
      summaryTable(report),
      endingTable(report),
      addressTable(report),
      podTable({ ...report, pods: report.pods.slice(0, MAX_PODS_PRINTED) }),
      measuresTable(report),
      thresholdTable(report),
      latencyTable(report),
    ].flatMap((table) => (table ? [textTable(table), ''] : [])),
    ...section(
      'Events',
      report.events.map((event) => `${event.second.toFixed(1)} s: ${event.text}`)
    ),
    ...section('Notices', report.notices),
    ...(report.conclusion === 'passed' ? [] : section(`Run ${report.conclusion}`, report.reasons)),
  ].join('\n');
}

function section(title: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : [styleText('bold', title), ...items.map((item) => `  ${item}`), ''];
}

function textTable({ title, head, rows }: Table): string {
  const widths = head.map((cell, i) => Math.max(cell.length, ...rows.map((row) => row[i]!.length)));
  const line = (cells: readonly string[]) =>
    `  ${cells.map((cell, i) => (i === cells.length - 1 ? cell : cell.padEnd(widths[i]!))).join('  ')}`;
  const headless = head.length === 2 && head[0] === 'what';
  return [
    styleText('bold', title),
    ...(headless ? [] : [styleText('dim', line(head))]),
    ...rows.map((row) => line(row)),
  ].join('\n');
}
