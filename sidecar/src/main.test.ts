import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PodStatus } from '@evenkeel/contract/target';
import { FakeLoadEngine } from '@evenkeel/core/run/testing/fakeLoadEngine';
import { pino } from 'pino';
import { type DefaultCluster, type Service, startService } from './main.ts';
import { loadSettings } from './settings/loadSettings.ts';
import { Database } from './store/database.ts';
import { SqliteRunStore } from './store/sqliteRunStore.ts';

const folder = mkdtempSync(join(tmpdir(), 'evenkeel-main-'));
const running: Service[] = [];
afterEach(async () => {
  for (const service of running.splice(0)) await service.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const cluster: DefaultCluster = {
  url: 'http://127.0.0.1:9',
  description: 'none',
  complete: true,
  list: () =>
    ['a', 'b'].map(
      (pod): PodStatus => ({
        pod,
        address: null,
        ready: true,
        weight: 1,
        cpuCores: null,
        memoryBytes: null,
        activeConnections: null,
        restarts: 0,
      })
    ),
};
const log = pino({ level: 'silent' });
let made = 0;

async function start(environment: Record<string, string> = {}, engine = new FakeLoadEngine()) {
  const file = join(folder, `${++made}.db`);
  const settings = loadSettings({ EVENKEEL_PORT: '0', EVENKEEL_DATABASE: file, ...environment });
  const service = await startService(settings, { cluster, engine, log });
  running.push(service);
  return { service, file, engine };
}
const turn = () => new Promise((resolve) => setImmediate(resolve));
const get = async (service: Service, path: string) => (await fetch(service.url + path)).json();

it('serves the default cluster and the listed targets, the built-in scenarios, and what Prometheus scrapes', async () => {
  const { service } = await start({
    EVENKEEL_TARGETS: '[{"id":"shop","url":"http://10.0.0.1:8080/","pods":[{"pod":"shop-1"}]}]',
  });
  const { targets } = (await get(service, '/api/v1/targets')) as {
    targets: { target: { id: string }; complete: boolean }[];
  };
  expect(targets.map(({ target, complete }) => [target.id, complete])).toEqual([
    ['embedded', true],
    ['shop', true],
  ]);
  const { scenarios } = (await get(service, '/api/v1/scenarios')) as { scenarios: { id: string; builtIn: boolean }[] };
  expect(scenarios.map(({ id }) => id)).toEqual(['high-traffic', 'spike', 'sustained', 'gradual-ramp']);
  expect(await get(service, '/readyz')).toEqual({ status: 'ready', problems: [] });
  expect(await (await fetch(`${service.url}/metrics`)).text()).toContain(
    'evenkeel_pod_ready{target="embedded",pod="a"} 1'
  );
});

describe('the score that is asked of a target', () => {
  const ENVIRONMENT = {
    EVENKEEL_TARGET_PERCENT: '90',
    EVENKEEL_TARGETS: JSON.stringify(
      [{ id: 'shop', targetPercent: 80 }, { id: 'till' }].map((entry, i) => ({
        ...entry,
        url: `http://10.0.0.${i + 1}:8080/`,
        pods: [{ pod: 'a' }, { pod: 'b' }],
      }))
    ),
  };

  it('is the one of all runs, or its own: listed, and exported before anything ran', async () => {
    const { service } = await start(ENVIRONMENT);
    const { targets } = (await get(service, '/api/v1/targets')) as {
      targets: { target: { id: string; targetPercent: number } }[];
    };
    expect(targets.map(({ target }) => [target.id, target.targetPercent])).toEqual([
      ['embedded', 90],
      ['shop', 80],
      ['till', 90],
    ]);
    const exported = await (await fetch(`${service.url}/metrics`)).text();
    expect(
      [...exported.matchAll(/^evenkeel_balance_target_percent\{target="(.*)"\} (.*)$/gm)].map((m) => m.slice(1))
    ).toEqual([
      ['embedded', '90'],
      ['shop', '80'],
      ['till', '90'],
    ]);
  });

  it.each([
    ['till', 90, 85],
    ['shop', 80, 75],
  ])(
    'judges a run on %s by %d: live, in the report, and in the thresholds of the built-in scenarios',
    async (targetId, score, inSpike) => {
      const { service, engine } = await start(ENVIRONMENT);
      const begin = async (scenarioId: string) => {
        const { run } = service.runs.start({ targetId, scenarioId }, 'test');
        await turn();
        const handle = engine.handles.at(-1)!;
        handle.play(10);
        const live = service.runs.live(run.id)!;
        expect(live.run.scenario.thresholds.find(({ metric }) => metric === 'balance')!.value).toBe(
          scenarioId === 'spike' ? inSpike : score
        );
        expect(service.runs.lastSample(run.id)!.balance.targetPercent).toBe(score);
        handle.stop();
        handle.play(1);
        await turn();
        const report = service.runs.report(run.id);
        expect([report.run.target.targetPercent, report.balance.targetPercent]).toEqual([score, score]);
      };
      await begin('high-traffic');
      await begin('spike');
      const { scenarios } = (await get(service, '/api/v1/scenarios')) as {
        scenarios: { id: string; scenario: { thresholds: object[] } }[];
      };
      expect(scenarios.find(({ id }) => id === 'sustained')!.scenario.thresholds).toContainEqual({
        metric: 'balance',
        op: '>=',
        value: 90,
      });
    }
  );
});

it('drains runs when it is shut down: the report is saved and the next start finds nothing interrupted', async () => {
  const { service, file, engine } = await start({ EVENKEEL_DRAIN_SECONDS: '5' });
  const { run } = service.runs.start({ targetId: 'embedded', scenarioId: 'sustained' }, 'test');
  await turn();
  engine.handles[0]!.play(5);
  const closed = service.close();
  await turn();
  expect(await get(service, '/readyz')).toEqual({ status: 'not-ready', problems: ['The service is shutting down.'] });
  engine.handles[0]!.play(1);
  await closed;
  await expect(fetch(`${service.url}/healthz`)).rejects.toThrow();
  const database = Database.open(file);
  const store = new SqliteRunStore(database);
  expect(store.get(run.id)!.state).toBe('stopped');
  expect(store.report(run.id)!.run.state).toBe('stopped');
  expect(store.interruptUnfinished(1, '')).toEqual([]);
  database.close();
});

it('measures a run by a clock that nobody sets: back by an hour in the middle of it, the end comes after the beginning', async () => {
  const { service, engine } = await start();
  const systemNow = Date.now;
  try {
    const { run } = service.runs.start({ targetId: 'embedded', scenarioId: 'sustained' }, 'test');
    await turn();
    engine.handles[0]!.play(2);
    Date.now = () => systemNow() - 3_600_000;
    service.runs.stop(run.id);
    engine.handles[0]!.play(1);
    while (service.runs.get(run.id).endedAt === null) await turn();
    const { createdAt, startedAt, endedAt } = service.runs.get(run.id);
    expect(startedAt! - createdAt).toBeGreaterThanOrEqual(0);
    expect(endedAt! - startedAt!).toBeGreaterThanOrEqual(0);
    expect(endedAt! - startedAt!).toBeLessThan(1_800_000);
    // With nothing going on, the machine's clock counts again.
    const { now } = (await get(service, '/api/v1/status')) as { now: number };
    expect(Math.abs(now - Date.now())).toBeLessThan(600_000);
  } finally {
    Date.now = systemNow;
  }
});

it('remembers across a restart that somebody pulled the safety lever', async () => {
  const { service, file } = await start();
  await fetch(`${service.url}/api/v1/safety/stop-all`, { method: 'POST' });
  await service.close();
  const again = await startService(loadSettings({ EVENKEEL_PORT: '0', EVENKEEL_DATABASE: file }), { cluster, log });
  running.push(again);
  expect(await get(again, '/api/v1/safety')).toMatchObject({ engaged: true, by: 'local' });
  const refused = await fetch(`${again.url}/api/v1/runs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ targetId: 'embedded', scenarioId: 'sustained' }),
  });
  expect(refused.status).toBe(409);
});

it('says that the port is in use, and lets the database go', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;
  const file = join(folder, 'taken.db');
  const settings = loadSettings({ EVENKEEL_PORT: String(port), EVENKEEL_DATABASE: file });
  await expect(startService(settings, { cluster, log })).rejects.toThrow(/the port is in use/);
  Database.open(file).close();
  await new Promise((resolve) => other.close(resolve));
});
