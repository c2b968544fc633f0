/**
 * Takes the pictures of the catalog (src/img/screenshots, dark) and of the guide (docs/img, dark and light), on the real service.
 * `npm run screenshots`; takes about three minutes, and wants a machine that has nothing else to do.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ScenarioInput } from '@evenkeel/contract/scenario';
import { startPreview } from '../preview/server/startPreview.ts';
import { launchBrowser, visit } from './harness/browser.ts';
import { startServiceProcess } from './harness/serviceProcess.ts';

const root = join(import.meta.dirname, '..');
const catalog = join(root, 'src', 'img', 'screenshots');
const guide = join(root, 'docs', 'img');
const APP = '/a/evenkeel-loadbalancer-app';
/** The fault begins in the peak of the spike; the picture is taken when both are over. */
const FAULT_AT_SECONDS = 22;
const LIVE_SECONDS = 26;

const service = await startServiceProcess();
const preview = await startPreview({ port: 0, serviceUrl: service.url, token: service.token, log: console.error });
const api = `${preview.url}/api/plugin-proxy/evenkeel-loadbalancer-app/api/v1`;

async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(api + path, {
    method,
    headers: { 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return response.json() as Promise<T>;
}

const [first] = (await call<{ targets: { target: { id: string } }[] }>('GET', '/targets')).targets;
const targetId = first!.target.id;
const thresholds: ScenarioInput['thresholds'] = [
  { metric: 'p99', op: '<', value: 500 },
  { metric: 'errorRate', op: '<', value: 1 },
  { metric: 'balance', op: '>=', value: 95 },
];
const spike = (
  name: string,
  kind: 'spike' | 'high-traffic' | 'sustained',
  base: number,
  peak: number,
  seconds: number
) =>
  ({
    name,
    kind,
    load: {
      model: 'rate',
      stages: [
        { from: base, to: base, durationSeconds: seconds },
        { from: peak, to: peak, durationSeconds: seconds },
        { from: base, to: base, durationSeconds: seconds },
      ],
    },
    warmupSeconds: 3,
    thresholds,
  }) satisfies ScenarioInput;

const start = (scenario: ScenarioInput, labels = {}, note = '') =>
  call<{ id: string }>('POST', '/runs', { targetId, scenario, labels, note });

async function finish(id: string): Promise<void> {
  while ((await call<{ endedAt: number | null }>('GET', `/runs/${id}`)).endedAt === null) {
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

const history: [ScenarioInput, Record<string, string>, string][] = [
  [spike('Sustained', 'sustained', 150, 150, 6), {}, ''],
  [spike('High traffic', 'high-traffic', 300, 300, 6), { branch: 'main', build: '140' }, 'Before the pool change'],
  [spike('High traffic', 'high-traffic', 300, 300, 6), { branch: 'pool', build: '141' }, 'After the pool change'],
];
for (const [scenario, labels, note] of history) {
  const { id } = await start(scenario, labels, note);
  await finish(id);
  if (note.startsWith('Before')) await call('PATCH', `/runs/${id}`, { baseline: true });
}

mkdirSync(catalog, { recursive: true });
mkdirSync(guide, { recursive: true });
const browser = await launchBrowser();
const themes = ['dark', 'light'] as const;
const visitors = await Promise.all(
  themes.map((theme) => visit(browser, preview.url, `${APP}/load-test?form=new`, { theme }))
);
const pages = visitors.map(({ page }) => page);
const size = { width: 1280, height: 900 };
for (const page of pages) await page.setViewportSize(size);

const go = (path: string) => Promise.all(pages.map((page) => page.goto(APP + path)));
const see = (text: string) =>
  Promise.all(pages.map((page) => page.getByText(text, { exact: true }).first().waitFor({ timeout: 60_000 })));

/** A picture of the page in each theme for the guide; the dark one, at the size of the catalog, also for the catalog. */
async function take(name: string, { fullPage = false, inCatalog = false } = {}): Promise<void> {
  for (const [i, page] of pages.entries()) {
    await page
      .getByText(/^Loading|^Asking/)
      .first()
      .waitFor({ state: 'detached' });
    // Icons and fonts come one by one; a page with a stream is never idle.
    await page.waitForLoadState('networkidle', { timeout: 1500 }).catch(() => {});
    await page.screenshot({ path: join(guide, `${name}-${themes[i]}.png`), fullPage });
  }
  if (!inCatalog) return;
  const [dark] = pages;
  await dark!.setViewportSize({ width: 1440, height: 1000 });
  await dark!.waitForTimeout(500);
  await dark!.screenshot({ path: join(catalog, `${name}.png`) });
  await dark!.setViewportSize(size);
}

await see('Spike');
await take('load-test-setup', { inCatalog: true });
await go('/results');
await see('Scenario and target');
await take('results-history', { inCatalog: true });
const runs = await call<{ runs: { id: string; baseline: boolean }[] }>('GET', '/runs');
await go(`/results/compare?candidate=${runs.runs[0]!.id}&baseline=${runs.runs.find((run) => run.baseline)!.id}`);
await see('p99 latency');
await take('results-compare', { inCatalog: true });
await go('/configuration');
await see('Service URL');
for (const page of pages) await page.getByRole('button', { name: 'Test the connection' }).click();
await see('The connection works');
await take('configuration');

const live = await start(spike('Spike', 'spike', 150, 450, 20), { branch: 'main', build: '142' });
await go(`/load-test?run=${live.id}`);
await see('Load generator');
await pages[0]!.waitForTimeout(FAULT_AT_SECONDS * 1000);
await call('POST', '/faults', {
  targetId,
  fault: { type: 'latency', severity: 'low', forSeconds: 15, seed: 3, scope: { count: 1 } },
});
await pages[0]!.waitForTimeout(LIVE_SECONDS * 1000);
await take('load-test-live', { inCatalog: true });
await finish(live.id);
await go(`/results/${live.id}`);
await see('Latency in full');
await take('results-run', { fullPage: true });

await call('POST', '/faults', {
  targetId,
  fault: { type: 'errors', severity: 'medium', forSeconds: 120, seed: 3, scope: { count: 1 } },
});
await go('/failures');
await Promise.all(pages.map((page) => page.getByRole('timer').waitFor()));
await see('Blast radius');
await take('failures', { inCatalog: true });

await browser.close();
await preview.stop();
await service.stop();
