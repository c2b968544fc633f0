/**
 * How quick the pages are: from the click on "Start test" to the first sample on the screen, on the real service; and how many frames
 * a second the live page keeps while 1,000 pods report once a second, by the browser's own trace. Wants an idle machine.
 */
import { parseArgs } from 'node:util';
import { launchBrowser, visit } from '../e2e/harness/browser.ts';
import { MANY_PODS_RUN, startManyPods } from '../e2e/harness/manyPods.ts';
import { startServiceProcess } from '../e2e/harness/serviceProcess.ts';
import { GRAFANA_VERSIONS, type GrafanaVersion } from '../preview/server/grafanaLibraries.ts';
import { startPreview } from '../preview/server/startPreview.ts';
import { machine, publish, table } from './support/resultsPage.ts';

const { values: flags } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '20' },
    write: { type: 'boolean', default: true },
  },
  allowNegative: true,
});
const ROUNDS = Number(flags.rounds);
const SECONDS = Number(flags.seconds);
const APP = '/a/evenkeel-loadbalancer-app';
const MOST_MS = 2000;
const LEAST_FRAMES = 50;

interface TraceEvent {
  readonly name: string;
  readonly ts: number;
  readonly dur?: number;
}

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

/** Milliseconds from the click to the first figures, one for each round. */
async function clickToFirstSample(grafana: GrafanaVersion): Promise<number[]> {
  const service = await startServiceProcess();
  const preview = await startPreview({ port: 0, serviceUrl: service.url, token: service.token, grafana });
  const times: number[] = [];
  try {
    for (let round = 0; round < ROUNDS; round++) {
      const { page, context } = await visit(browser, preview.url, `${APP}/load-test?form=new`);
      const start = page.getByRole('button', { name: 'Start test' });
      await start.waitFor();
      const began = performance.now();
      await start.click();
      await page.getByRole('heading', { name: 'Load generator' }).waitFor();
      times.push(performance.now() - began);
      await page.getByRole('button', { name: 'Stop test' }).click();
      await page.getByRole('link', { name: 'Open the report' }).waitFor();
      await context.close();
    }
  } finally {
    await preview.stop();
    await service.stop();
  }
  return times;
}

/** Frames a second, and the longest that the page's thread was busy at a stretch, while the table of the pods is scrolled. */
async function framesOfManyPods(grafana: GrafanaVersion): Promise<{ perSecond: number; longestTaskMs: number }> {
  const service = await startManyPods(1000, 1000);
  const preview = await startPreview({ port: 0, serviceUrl: service.url, token: 'x', grafana });
  try {
    const { page, context } = await visit(browser, preview.url, `${APP}/load-test?run=${MANY_PODS_RUN}`);
    await page.getByText('shop-7d9f-0001').first().waitFor();
    await page.getByRole('region', { name: 'Pods, scrollable' }).hover();
    // A page that stands still draws nothing: something always asks for the next frame, and every frame scrolls on.
    await page.evaluate(`{
      const rows = document.querySelector('section[aria-label="Pods, scrollable"]');
      const next = () => { rows.scrollTop = (rows.scrollTop + 14) % 20000; requestAnimationFrame(next); };
      requestAnimationFrame(next);
    }`);
    await browser.startTracing(page, { categories: ['devtools.timeline', 'toplevel'] });
    await page.waitForTimeout(SECONDS * 1000);
    const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] };
    await context.close();
    const frames = traceEvents.filter(({ name }) => name === 'FireAnimationFrame').map(({ ts }) => ts);
    if (frames.length < 2) throw new Error('the trace has no frames');
    const span = (Math.max(...frames) - Math.min(...frames)) / 1e6;
    const tasks = traceEvents.filter(({ name }) => name === 'FunctionCall' || name === 'EventDispatch');
    return {
      perSecond: (frames.length - 1) / span,
      longestTaskMs: Math.max(0, ...tasks.map(({ dur = 0 }) => dur / 1000)),
    };
  } finally {
    await preview.stop();
    service.stop();
  }
}

const about = machine();
const browser = await launchBrowser();
const rows: string[][] = [];
let missed = 0;
try {
  for (const grafana of GRAFANA_VERSIONS) {
    const times = await clickToFirstSample(grafana);
    const { perSecond, longestTaskMs } = await framesOfManyPods(grafana);
    const [first, frames] = [median(times), perSecond];
    if (first >= MOST_MS) missed++;
    if (frames < LEAST_FRAMES) missed++;
    const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`;
    rows.push(
      [
        grafana,
        'click to first live sample',
        `${seconds(first)} (${seconds(Math.min(...times))} – ${seconds(Math.max(...times))})`,
        `< ${seconds(MOST_MS)}`,
        first < MOST_MS ? 'met' : 'missed',
      ],
      [
        grafana,
        'frames with 1,000 pods, scrolling',
        `${frames.toFixed(1)}/s, longest script ${longestTaskMs.toFixed(0)} ms`,
        `≥ ${LEAST_FRAMES}/s`,
        frames >= LEAST_FRAMES ? 'met' : 'missed',
      ]
    );
  }
} finally {
  await browser.close();
}
const text = `\n${table(['Grafana', 'figure', 'measured', 'target', ''], rows)}\n\nMedian (lowest – highest) of ${ROUNDS} clicks; ${SECONDS} s of frames. ${about}.`;
console.log(text);
if (flags.write) publish('bench:pages', text);
process.exitCode = missed > 0 ? 1 : 0;
