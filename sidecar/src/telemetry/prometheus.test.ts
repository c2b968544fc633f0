import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PodStatus } from '@evenkeel/contract/target';
import { executeRun } from '@evenkeel/core/run/runExecution';
import { FakeLoadEngine } from '@evenkeel/core/run/testing/fakeLoadEngine';
import { fixedCatalog } from '@evenkeel/core/targets/targetCatalog';
import { RunService } from '../runs/runService.ts';
import { MemoryRunStore } from '../runs/testing/memoryRunStore.ts';
import { exampleRun } from '../runs/testing/runStoreConformance.ts';
import { Metrics } from './metrics.ts';

const installed = spawnSync('prometheus', ['--version']).status === 0;
if (!installed && process.env.CI === 'true') throw new Error('prometheus is missing; CI installs it from Debian');
const rules = join(import.meta.dirname, '../../../provisioning/prometheus/rules');

const folder = mkdtempSync(join(tmpdir(), 'evenkeel-prometheus-'));
let exporter: Server | undefined;
let prometheus: ChildProcess | undefined;
afterAll(async () => {
  if (prometheus && prometheus.exitCode === null) {
    const exit = once(prometheus, 'exit');
    prometheus.kill('SIGKILL');
    await exit;
  }
  exporter?.closeAllConnections();
  exporter?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The port that it chose, from its log; which is read to its end, as Prometheus does not outlive a closed one. */
function portOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let log = '';
    child.stderr!.on('data', (text) => {
      log += text;
      const match = /msg="Listening on".*?address=\S+?:(\d+)/.exec(log);
      if (match) resolve(Number(match[1]));
    });
    child.once('exit', () => reject(new Error(`prometheus did not start: ${log}`)));
  });
}

interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: [number, string];
}

(installed ? it : it.skip)(
  'a real Prometheus scrapes a run, evaluates our rules on it, and sees pods go',
  async () => {
    const pods = ['pod-1', 'pod-2', 'pod-3'].map(
      (pod): PodStatus => ({
        pod,
        address: null,
        ready: true,
        weight: 1,
        cpuCores: 0.1,
        memoryBytes: 1e6,
        activeConnections: 1,
        restarts: 0,
      })
    );
    const listed = [...pods];
    const targets = fixedCatalog([
      { target: exampleRun().target, directory: { list: () => listed, complete: true }, allowedNetworks: [] },
    ]);
    const metrics = new Metrics(targets, Date.now);
    const engine = new FakeLoadEngine();
    const runs = new RunService({
      store: new MemoryRunStore(),
      targets,
      engine,
      execute: executeRun,
      observer: metrics,
      scenario: () => exampleRun().scenario,
      admit: () => {},
      newId: () => 'run-1',
      now: Date.now,
      maxActive: 1,
      retention: { runs: 10, days: 1 },
      complain: () => {},
    });
    runs.start({ targetId: 'shop', scenarioId: 'x' }, 'test');
    await new Promise((resolve) => setImmediate(resolve));
    engine.handles[0]!.play(6);

    exporter = createServer((_request, response) => {
      metrics.scrape().then(({ type, body }) => response.setHeader('content-type', type).end([...body].join('')));
    }).listen(0, '127.0.0.1');
    await once(exporter, 'listening');
    const scraped = (exporter.address() as AddressInfo).port;
    const files = readdirSync(rules).filter((file) => /\.ya?ml$/.test(file));
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) copyFileSync(join(rules, file), join(folder, `rule-${file}`));
    writeFileSync(
      join(folder, 'prometheus.yml'),
      `global: { scrape_interval: 500ms, scrape_timeout: 500ms, evaluation_interval: 500ms }
rule_files: ['rule-*']
scrape_configs: [{ job_name: evenkeel, static_configs: [{ targets: ['127.0.0.1:${scraped}'] }] }]
`
    );
    prometheus = spawn(
      'prometheus',
      [
        `--config.file=${join(folder, 'prometheus.yml')}`,
        `--storage.tsdb.path=${join(folder, 'data')}`,
        '--web.listen-address=127.0.0.1:0',
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] }
    );
    const port = await portOf(prometheus);
    const ask = async (query: string): Promise<Series[]> => {
      const response = await fetch(`http://127.0.0.1:${port}/api/v1/query?query=${encodeURIComponent(query)}`);
      return ((await response.json()) as { data: { result: Series[] } }).data.result;
    };
    /** Waits for the answer to become as wanted; what it was last is the message of the failure. */
    const eventually = async (query: string, wanted: (series: Series[]) => boolean) => {
      let last: Series[] | Error = [];
      for (let tries = 0; tries < 600; tries++) {
        try {
          last = await ask(query);
          if (wanted(last)) return last;
        } catch (error) {
          last = error as Error;
        }
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      throw new Error(`${query}: ${JSON.stringify(last)}`);
    };

    const value = (series: Series[]) => Number(series[0]?.value[1]);
    await eventually('up{job="evenkeel"}', (found) => value(found) === 1);
    await eventually('evenkeel_run_active', (found) => found[0]?.metric.scenario === 'custom' && value(found) === 1);
    await eventually('sum(evenkeel_requests_total{outcome="ok"})', (found) => value(found) === 6 * 300);
    await eventually('evenkeel_balance_score_percent', (found) => value(found) === 100);
    const p99 = 'histogram_quantile(0.99, sum by (le) (evenkeel_request_duration_seconds_bucket))';
    const [latency] = await eventually(p99, (found) => found.length === 1);
    // Every answer took 5 ms: the quantile lies in the bucket that ends there.
    expect(Number(latency!.value[1])).toBeGreaterThan(0.0025);
    expect(Number(latency!.value[1])).toBeLessThanOrEqual(0.005);

    const loaded = (await (await fetch(`http://127.0.0.1:${port}/api/v1/rules`)).json()) as {
      data: { groups: { rules: { name: string; health: string; lastError?: string }[] }[] };
    };
    const all = loaded.data.groups.flatMap((group) => group.rules);
    expect(all.length).toBeGreaterThan(5);
    expect(all.filter(({ health }) => health === 'err')).toEqual([]);

    listed.splice(0, 1);
    await eventually('evenkeel_pod_ready', (found) => found.length === 2);
    await eventually('evenkeel_requests_total{pod="pod-1"}', (found) => found.length === 0);
    await runs.drain(0);
  },
  240_000
);
