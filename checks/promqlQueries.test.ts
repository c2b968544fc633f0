import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { alertRules, conditionOf, dashboardQueries, interpolate, root } from './grafanaFiles.ts';
import { eventually, freePort, installed, PATIENCE_MS } from './loopbackProgram.ts';
import { recordedScrapes, TARGET, TARGET_PERCENT } from './recordedRun.ts';

const describeWithPrometheus = installed('prometheus', 'promtool') ? describe : describe.skip;

const rulesFolder = join(root, 'provisioning/prometheus');
const promtool = (...args: string[]) => execFileSync('promtool', args, { encoding: 'utf8', stdio: 'pipe' });

/** What the service does not export in the recorded run: its process and the scrape. */
const besides = (at: number, index: number): string[] => [
  'up 1',
  'scrape_duration_seconds 0.01',
  'scrape_samples_scraped 300',
  `process_start_time_seconds ${index < 30 ? at - 1000 : at}`,
  `process_cpu_seconds_total ${index}`,
  `process_cpu_user_seconds_total ${index * 0.8}`,
  `process_cpu_system_seconds_total ${index * 0.2}`,
  'process_resident_memory_bytes 1e8',
  'process_open_fds 100',
  'process_max_fds 65536',
  'nodejs_heap_size_total_bytes 5e7',
  'nodejs_heap_size_used_bytes 4e7',
  'nodejs_external_memory_bytes 1e7',
  'nodejs_eventloop_lag_p50_seconds 0.001',
  'nodejs_eventloop_lag_p99_seconds 0.004',
  'nodejs_eventloop_lag_max_seconds 0.01',
  'nodejs_active_resources{type="TCPSocketWrap"} 12',
  `nodejs_gc_duration_seconds_sum{kind="minor"} ${index * 0.01}`,
];

/** The recorded run as the OpenMetrics text that `promtool tsdb create-blocks-from` reads, every series as scraped from the job. */
async function history(start: number): Promise<{ text: string; end: number }> {
  const scrapes = await recordedScrapes();
  const lines = scrapes.flatMap(({ at, text }, index) => {
    const time = start + at;
    const own = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    // The clock of the recorded run starts at 0, as does the Unix epoch for what it exports.
    return [...own, ...besides(time, index)].map((line) => {
      const [, name, labels = '', value] = /^([^\s{]+)(?:\{(.*)\})? (\S+)$/.exec(line)!;
      const shifted = name!.endsWith('_timestamp_seconds') ? String(Number(value) + start) : value;
      return `${name}{${labels}${labels === '' ? '' : ','}job="evenkeel",instance="evenkeel:8787"} ${shifted} ${time}`;
    });
  });
  return { text: `${lines.join('\n')}\n# EOF\n`, end: start + scrapes.at(-1)!.at };
}

describeWithPrometheus('rules in the real promtool', () => {
  test('the configuration and all rules are valid', () => {
    promtool('check', 'config', '--syntax-only', join(rulesFolder, 'prometheus.yml'));
    promtool('check', 'rules', join(rulesFolder, 'rules/alerts.yml'), join(rulesFolder, 'rules/recording.yml'));
  });

  test('every alert fires when it should and only then', () => {
    promtool('test', 'rules', join(rulesFolder, 'tests/alerts.test.yml'));
  });

  test('every recording rule computes what it says', () => {
    promtool('test', 'rules', join(rulesFolder, 'tests/recording.test.yml'));
  });
});

describeWithPrometheus('queries in a real Prometheus that holds a recorded run', () => {
  let folder: string;
  let prometheus: ChildProcess | undefined;
  let base: string;
  let end: number;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'evenkeel-prometheus-'));
    const start = Math.floor(Date.now() / 1000) - 7200;
    const recorded = await history(start);
    end = recorded.end;
    writeFileSync(join(folder, 'run.txt'), recorded.text);
    writeFileSync(join(folder, 'prometheus.yml'), 'scrape_configs: []\n');
    promtool('tsdb', 'create-blocks-from', 'openmetrics', join(folder, 'run.txt'), join(folder, 'data'));
    const port = await freePort();
    base = `http://127.0.0.1:${port}`;
    prometheus = spawn(
      'prometheus',
      [
        `--config.file=${join(folder, 'prometheus.yml')}`,
        `--storage.tsdb.path=${join(folder, 'data')}`,
        `--web.listen-address=127.0.0.1:${port}`,
        '--log.level=error',
      ],
      { stdio: ['ignore', 'ignore', 'inherit'] }
    );
    await eventually(async () => {
      if (!(await fetch(`${base}/-/ready`)).ok) throw new Error('Prometheus is not ready');
    });
  }, PATIENCE_MS);

  afterAll(async () => {
    if (prometheus && prometheus.exitCode === null) {
      const gone = new Promise((resolve) => prometheus!.once('exit', resolve));
      prometheus.kill('SIGKILL');
      await gone;
    }
    rmSync(folder, { recursive: true, force: true });
  });

  async function ask(path: string, parameters: Record<string, string>): Promise<unknown[]> {
    const response = await fetch(`${base}/api/v1/${path}?${new URLSearchParams(parameters)}`);
    const body = (await response.json()) as { status: string; error?: string; data: { result: unknown[] } };
    if (body.status !== 'success') throw new Error(`${parameters.query}: ${body.error}`);
    return body.data.result;
  }

  const instantly = (expr: string) => ask('query', { query: interpolate(expr, TARGET), time: String(end) });
  const overTheRun = (expr: string) =>
    ask('query_range', {
      query: interpolate(expr, TARGET),
      start: String(end - 280),
      end: String(end),
      step: '15',
    });

  test.each(dashboardQueries())('$where has data', async ({ expr, instant }) => {
    const result = await (instant ? instantly(expr) : overTheRun(expr));
    expect(result.length).toBeGreaterThan(0);
  });

  test('the panels say of the recorded run what was recorded', async () => {
    const value = async (expr: string) => Number((await instantly(expr))[0]!['value' as never][1]);
    const query = (where: string) => dashboardQueries().find((entry) => entry.where.startsWith(where))!.expr;
    expect(await value(query('evenkeel-overview/5 '))).toBeCloseTo(302, 0);
    expect(await value(query('evenkeel-overview/6 '))).toBeCloseTo(3 / 302, 4);
    expect(await value(query('evenkeel-overview/8 '))).toBe(4);
    for (const panel of ['evenkeel-overview/2 "Balance score" T', 'evenkeel-overview/11 "Balance score over time" T']) {
      expect(await value(query(panel))).toBe(TARGET_PERCENT);
    }
    // A CV of 0.577 over four pods of which one gets three times as much as each other one.
    expect(await value(query('evenkeel-overview/2 '))).toBeGreaterThan(35);
    expect(await value(query('evenkeel-overview/2 '))).toBeLessThan(50);
    const deviation = (await instantly(query('evenkeel-overview/13 '))) as {
      metric: { pod: string };
      value: [number, string];
    }[];
    expect(
      Object.fromEntries(deviation.map(({ metric, value }) => [metric.pod, Math.round(Number(value[1]) * 100)]))
    ).toEqual({ 'pod-1': -33, 'pod-2': -33, 'pod-3': -33, 'pod-4': 100 });
  });

  test('on that run the balance alert is met; errors and a fault in time do not alert while it lasts', async () => {
    const met = (uid: string) => instantly(conditionOf(alertRules().find((entry) => entry.uid === uid)!));
    const [balance] = (await met('evenkeel-balance-low')) as { metric: object; value: [number, string] }[];
    expect(balance!.metric).toEqual({ target: TARGET });
    expect(Number(balance!.value[1])).toBeLessThan(TARGET_PERCENT);
    expect(await met('evenkeel-error-rate-high')).toEqual([]);
    expect(await met('evenkeel-fault-left-active')).toEqual([]);
  });
});
