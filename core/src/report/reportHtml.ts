import type { PodBalance } from '@evenkeel/contract/balance';
import type { Report } from '@evenkeel/contract/report';
import { countText, latencyText, percentText, rateText, ratioText, scoreText, shareText } from '../text/figures.ts';
import { VERDICT_TEXT } from '../text/verdictText.ts';
import { escapeMarkup } from './escapeMarkup.ts';
import {
  addressTable,
  endingTable,
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
import { REPORT_STYLE } from './reportStyle.ts';
import { svgChart } from './svgChart.ts';

/** Bars drawn at most; past it the pods farthest from their share are shown, and the page says so. */
const MAX_BARS = 60;

/** The report as one HTML page: no script, nothing loaded from elsewhere, light and dark. */
export function reportHtml(report: Report): string {
  const { run, balance } = report;
  const title = `${run.scenario.name}: ${VERDICT_TEXT[balance.verdict].toLowerCase()}`;
  const started = run.startedAt === null ? '' : new Date(run.startedAt).toISOString().replace('T', ' ').slice(0, 19);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeMarkup(title)}</title><style>${REPORT_STYLE}</style></head><body>
<header class="${balance.verdict}">
<p class="eyebrow">Evenkeel run ${escapeMarkup(run.id)} · ${escapeMarkup(started)} UTC · ${escapeMarkup(run.target.name)}</p>
<h1>${escapeMarkup(run.scenario.name)}</h1>
<div class="verdict"><span class="score">${scoreText(balance.scorePercent)}</span>
<div><b>${VERDICT_TEXT[balance.verdict].toUpperCase()}</b><br>${escapeMarkup(intervalInWords(report))}</div></div>
${[...report.headlines, balance.sentence].map((sentence) => `<p class="sentence">${escapeMarkup(sentence)}</p>`).join('\n')}
</header>
<section class="tiles">${tiles(report)}</section>
${list('Why', report.reasons)}
${list('Findings', findings(report))}
<section><h2>Share of each pod</h2>${podBars(balance.perPod)}</section>
<section><h2>Over time</h2>${charts(report)}</section>
${[stepTable(report), faultTable(report), summaryTable(report), endingTable(report), addressTable(report), podTable(report), measuresTable(report), thresholdTable(report), latencyTable(report)].map(table).join('')}
${list(
  'Events',
  report.events.map((event) => `${event.second.toFixed(1)} s: ${event.text}`)
)}
${list('Notices', report.notices)}
</body></html>
`;
}

function intervalInWords({ balance }: Report): string {
  if (balance.scorePercent === null) return `target ${balance.targetPercent}`;
  return `95 % interval ${scoreText(balance.lowPercent)} to ${scoreText(balance.highPercent)}, target ${balance.targetPercent}, raw ${scoreText(balance.rawPercent)}`;
}

function tiles(report: Report): string {
  const tile = (name: string, value: string, note: string) =>
    `<div><span>${name}</span><b>${escapeMarkup(value)}</b><i>${escapeMarkup(note)}</i></div>`;
  return [
    tile('Run', report.conclusion, report.run.state),
    tile('Rate', rateText(report.achievedRate), `of ${rateText(report.offeredRate)} offered`),
    tile('p50', latencyText(report.response.p50), 'half are faster'),
    tile('p95', latencyText(report.response.p95), `p99 ${latencyText(report.response.p99)}`),
    tile('Errors', percentText(report.errorRatePercent), `${countText(report.totals.completed)} requests`),
    tile('Pods', String(report.balance.pods), `busiest ${ratioText(report.balance.measures?.maxOverMean ?? null)}`),
  ].join('');
}

function podBars(pods: readonly PodBalance[]): string {
  const shown =
    pods.length <= MAX_BARS
      ? pods
      : pods.toSorted((a, b) => Math.abs((b.ratio ?? 1) - 1) - Math.abs((a.ratio ?? 1) - 1)).slice(0, MAX_BARS);
  const scale =
    1.15 * Math.max(1e-9, ...shown.map((pod) => Math.max(pod.share, pod.expectedShare, pod.noiseHighShare)));
  const at = (share: number) => `${((share / scale) * 100).toFixed(2)}%`;
  const rows = shown.map((pod) => {
    const band = `left:${at(pod.noiseLowShare)};width:${at(pod.noiseHighShare - pod.noiseLowShare)}`;
    return (
      `<div class="bar${pod.significant ? ' significant' : ''}"><span>${escapeMarkup(pod.pod)}</span>` +
      `<div><i class="fill" style="width:${at(pod.share)}"></i><i class="noise" style="${band}"></i>` +
      `<i class="expected" style="left:${at(pod.expectedShare)}"></i></div>` +
      `<b>${shareText(pod.share)}</b><em>${ratioText(pod.ratio)}</em></div>`
    );
  });
  const hidden = pods.length - shown.length;
  const note =
    hidden > 0
      ? `<p class="note">The ${MAX_BARS} pods farthest from their share; ${hidden} more are in the table.</p>`
      : '';
  const legend =
    '<p class="note">Bar: share of requests. Line: expected share. Shaded: what chance alone explains (95 %).</p>';
  return `<div class="bars">${rows.join('')}</div>${legend}${note}`;
}

function charts({ timeline, balance }: Report): string {
  const seconds = timeline.map((point) => point.second);
  const warmEnd = timeline.find((point) => point.phase !== 'warming')?.second ?? 0;
  const drainStart = timeline.find((point) => point.phase === 'draining')?.second;
  const spans = [
    ...(warmEnd > 0 ? [{ from: 0, to: warmEnd, name: 'warm-up' }] : []),
    ...(drainStart === undefined ? [] : [{ from: drainStart, to: Number.MAX_SAFE_INTEGER, name: 'drain' }]),
  ];
  const scores = timeline.flatMap((point) => (point.lowPercent === null ? [] : [point.lowPercent]));
  const floor = Math.max(0, Math.floor((Math.min(balance.targetPercent, ...scores) - 5) / 10) * 10);
  return [
    svgChart({
      title: 'Balance score',
      unit: 'percent, with 95 % interval',
      seconds,
      spans,
      range: { min: floor, max: 100 },
      series: [{ name: 'score', colour: 'c1', values: timeline.map((p) => p.scorePercent) }],
      band: { low: timeline.map((p) => p.lowPercent), high: timeline.map((p) => p.highPercent) },
      line: { name: `target ${balance.targetPercent}`, value: balance.targetPercent },
    }),
    svgChart({
      title: 'Requests',
      unit: 'per second',
      seconds,
      spans,
      series: [
        { name: 'offered', colour: 'c6', values: timeline.map((p) => p.offeredRate) },
        { name: 'completed', colour: 'c2', values: timeline.map((p) => p.completedRate) },
        { name: 'errors', colour: 'c5', values: timeline.map((p) => p.errorRate) },
      ],
    }),
    svgChart({
      title: 'Latency',
      unit: 'milliseconds from the intended send time',
      seconds,
      spans,
      series: [
        { name: 'p50', colour: 'c2', values: timeline.map((p) => p.p50Ms) },
        { name: 'p95', colour: 'c3', values: timeline.map((p) => p.p95Ms) },
        { name: 'p99', colour: 'c4', values: timeline.map((p) => p.p99Ms) },
      ],
    }),
    svgChart({
      title: 'In flight',
      unit: 'requests',
      seconds,
      spans,
      series: [{ name: 'in flight', colour: 'c1', values: timeline.map((p) => p.inFlight) }],
    }),
  ].join('');
}

function table(content: Table | null): string {
  if (content === null) return '';
  const cells = (row: readonly string[], tag: string) =>
    row.map((cell) => `<${tag}>${escapeMarkup(cell)}</${tag}>`).join('');
  return (
    `<section><h2>${escapeMarkup(content.title)}</h2><div class="scroll"><table><thead><tr>${cells(content.head, 'th')}</tr></thead>` +
    `<tbody>${content.rows.map((row) => `<tr>${cells(row, 'td')}</tr>`).join('')}</tbody></table></div></section>`
  );
}

function list(title: string, items: readonly string[]): string {
  if (items.length === 0) return '';
  return `<section><h2>${title}</h2><ul>${items.map((item) => `<li>${escapeMarkup(item)}</li>`).join('')}</ul></section>`;
}
