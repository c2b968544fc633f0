/**
 * Takes the pictures of the catalog (src/img/screenshots) and of the guide (docs/img), on the real service.
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
const LIVE_SECONDS = 45;

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
const { page } = await visit(browser, preview.url, `${APP}/load-test?form=new`, { width: 1440 });
const light = await visit(browser, preview.url, `${APP}/load-test?form=new`, { width: 1440, theme: 'light' });
for (const one of [page, light.page]) await one.setViewportSize({ width: 1440, height: 1000 });
const settle = async () => {
  for (const one of [page, light.page])
    await one
      .getByText(/^Loading|^Asking/)
      .first()
      .waitFor({ state: 'detached' });
  await page.waitForTimeout(1200);
};
const both = async (name: string) => {
  await settle();
  await page.screenshot({ path: join(catalog, `${name}.png`) });
  await light.page.screenshot({ path: join(guide, `${name}-light.png`) });
};
const go = (path: string) => Promise.all([page, light.page].map((one) => one.goto(APP + path)));

await page.getByText('Spike', { exact: true }).waitFor();
await both('load-test-setup');
await go('/results');
await both('results-history');
const runs = await call<{ runs: { id: string; baseline: boolean }[] }>('GET', '/runs');
await go(`/results/compare?candidate=${runs.runs[0]!.id}&baseline=${runs.runs.find((run) => run.baseline)!.id}`);
await page.getByRole('heading', { name: 'p99 latency' }).waitFor();
await both('results-compare');
const live = await start(spike('Spike', 'spike', 150, 450, 20), { branch: 'main', build: '142' });
await go(`/load-test?run=${live.id}`);
await page.waitForTimeout(LIVE_SECONDS * 1000);
await both('load-test-live');
const fault = { type: 'latency', severity: 'medium', scope: { percent: 25 }, forSeconds: 30 };
await call('POST', '/faults', { targetId, fault });
await go('/failures');
await Promise.all([page, light.page].map((one) => one.getByRole('timer').waitFor()));
await both('failures');
await finish(live.id);
await go(`/results/${live.id}`);
await page.getByRole('heading', { name: 'Latency in full' }).waitFor();
await settle();
await light.page.screenshot({ path: join(guide, 'results-run-light.png'), fullPage: true });

await browser.close();
await preview.stop();
await service.stop();
