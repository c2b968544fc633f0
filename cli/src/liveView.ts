import { styleText } from 'node:util';
import type { Run } from '@evenkeel/contract/run';
import type { Sample } from '@evenkeel/contract/sample';
import {
  countText,
  latencyText,
  percentText,
  rateText,
  ratioText,
  scoreIntervalText,
  shareText,
} from '@evenkeel/core/text/figures';
import { largestShare, podBar, podsWorthShowing } from './podBar.ts';
import { styledVerdict } from './verdictStyle.ts';

/** Lines that are always there, around the pods. */
const FIXED_LINES = 15;

export interface LiveState {
  readonly run: Run;
  /** Length of the load profile in seconds. */
  readonly durationSeconds: number;
  readonly sample: Sample;
  readonly notices: readonly string[];
}

/** One frame of the live view, as lines of at most `columns` cells; at most `rows` lines. A pure function of its arguments. */
export function liveFrame(
  { run, durationSeconds, sample, notices }: LiveState,
  columns: number,
  rows: number
): string[] {
  const { balance, response, generator } = sample;
  const dim = (text: string) => styleText('dim', text);
  const errors = sample.completed - sample.outcomes.ok;
  const errorRate = sample.completed === 0 ? 0 : (100 * errors) / sample.completed;
  const load = sample.users === null ? '' : `${sample.users} users · `;
  const lines = [
    `${styleText('bold', run.scenario.name)} ${dim('→')} ${run.target.url} ${dim(`(${run.target.balancer})`)}`,
    progressLine(sample, durationSeconds, columns),
    '',
    `Balance   ${styleText('bold', scoreIntervalText(balance.scorePercent, balance.lowPercent, balance.highPercent))}  ${styledVerdict(balance.verdict)}  ${dim(`target ${balance.targetPercent}, last 60 s`)}`,
    ...wrap(balance.sentence, columns - 10).map((line) => `          ${line}`),
    '',
    `Load      ${load}${rateText(sample.offered)} offered · ${rateText(sample.completed)} completed · ${sample.inFlight} in flight · ${countText(sample.dropped)} dropped`,
    `Latency   p50 ${latencyText(response.p50)} · p95 ${latencyText(response.p95)} · p99 ${latencyText(response.p99)} · max ${latencyText(response.max)}`,
    clip(`Errors    ${percentText(errorRate)}${endings(sample)}`, columns),
    `Generator ${generator.state === 'ok' ? styleText('green', 'ok') : styleText('yellow', generator.state)} ${dim(`· lateness p99 ${latencyText(generator.lateness.p99)} · ${generator.cpuCores.toFixed(2)} cores`)}${generator.reasons.length > 0 ? clip(` · ${generator.reasons.join('; ')}`, columns - 50) : ''}`,
    '',
    ...podLines(sample, columns, rows - FIXED_LINES),
    ...notices.slice(-2).map((notice) => styleText('yellow', clip(`! ${notice}`, columns))),
  ];
  return lines.slice(0, rows);
}

function progressLine(sample: Sample, durationSeconds: number, columns: number): string {
  const done = Math.min(1, (sample.second + 1) / durationSeconds);
  const width = Math.max(10, Math.min(50, columns - 34));
  const filled = Math.round(done * width);
  const bar = styleText('blue', '━'.repeat(filled)) + styleText('dim', '━'.repeat(width - filled));
  return `${bar} ${Math.min(sample.second + 1, durationSeconds)} of ${Math.round(durationSeconds)} s · ${sample.phase}`;
}

/** What this second's requests ended in, but for plain successes. */
function endings(sample: Sample): string {
  return Object.entries(sample.endings)
    .filter(([ending]) => !ending.startsWith('2'))
    .sort(([, a], [, b]) => b - a)
    .map(([ending, count]) => ` · ${countText(count)} × ${ending}`)
    .join('');
}

function podLines(sample: Sample, columns: number, room: number): string[] {
  const pods = podsWorthShowing(sample.balance.perPod, room);
  const nameWidth = Math.min(28, Math.max(6, ...pods.map((pod) => pod.pod.length)));
  const width = Math.max(10, Math.min(60, columns - nameWidth - 34));
  const scale = largestShare(pods);
  const latencyOf = new Map(sample.pods.map((pod) => [pod.pod, pod]));
  const lines = pods.map((pod) => {
    const now = latencyOf.get(pod.pod);
    const ready = now === undefined || now.ready ? '' : styleText('red', ' not ready');
    return (
      `${clip(pod.pod, nameWidth).padEnd(nameWidth)} ${podBar(pod, width, scale)} ` +
      `${shareText(pod.share).padStart(7)} ${ratioText(pod.ratio).padStart(6)}  p95 ${latencyText(now?.p95Ms ?? null)}${ready}`
    );
  });
  const hidden = sample.balance.perPod.length - pods.length;
  return hidden > 0 ? [...lines, styleText('dim', `… and ${hidden} pods nearer to their share`)] : lines;
}

export function clip(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
}

/** Text in two lines at most, broken at spaces. */
function wrap(text: string, width: number): string[] {
  if (text.length <= width) return [text];
  const at = text.lastIndexOf(' ', width);
  return at < 1 ? [clip(text, width)] : [text.slice(0, at), clip(text.slice(at + 1), width)];
}

/** One line a second for logs and pipes. */
export function pipedLine(sample: Sample): string {
  const { balance, response } = sample;
  const errors = sample.completed - sample.outcomes.ok;
  return [
    `${String(sample.second + 1).padStart(4)} s ${sample.phase.padEnd(9)}`,
    `${rateText(sample.offered)} offered`,
    `${rateText(sample.completed)} completed`,
    `errors ${errors}`,
    `dropped ${sample.dropped}`,
    `p50 ${latencyText(response.p50)}`,
    `p99 ${latencyText(response.p99)}`,
    `balance ${scoreIntervalText(balance.scorePercent, balance.lowPercent, balance.highPercent)} ${balance.verdict}${balance.verdict === 'not-applicable' ? ` (${balance.cause})` : ''}`,
    `generator ${sample.generator.state}`,
  ].join('  ');
}
