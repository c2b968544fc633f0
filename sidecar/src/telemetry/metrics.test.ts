import { spawnSync } from 'node:child_process';
import { OUTCOMES } from '@evenkeel/contract/outcome';
import type { Report } from '@evenkeel/contract/report';
import type { Run } from '@evenkeel/contract/run';
import type { Sample } from '@evenkeel/contract/sample';
import type { PodStatus } from '@evenkeel/contract/target';
import { Histogram } from '@evenkeel/core/histogram/histogram';
import type { LoadSecond, PodSecond } from '@evenkeel/core/run/loadEngine';
import { noCounts } from '@evenkeel/core/run/secondCounts';
import type { KnownTarget } from '@evenkeel/core/targets/targetCatalog';
import { exampleReport, exampleRun } from '../runs/testing/runStoreConformance.ts';
import { Metrics } from './metrics.ts';

let report: Report;
let sample: Sample;
const run: Run = exampleRun();
beforeAll(async () => {
  const example = await exampleReport(run);
  report = example.report;
  sample = example.samples[5]!;
});

const pod = (name: string, ready = true): PodStatus => ({
  pod: name,
  address: null,
  ready,
  weight: 1,
  cpuCores: 0.5,
  memoryBytes: 1e6,
  activeConnections: null,
  restarts: 0,
});

/** Metrics over one target whose pods and clock can be changed. */
function fixture(complete = true, targetPercent?: number) {
  const state = { pods: [pod('a'), pod('b')], now: 1_000_000, targets: true };
  const known: KnownTarget = {
    target: { ...run.target, targetPercent },
    directory: { list: () => state.pods, complete },
    allowedNetworks: [],
  };
  const catalog = {
    list: () => (state.targets ? [known] : []),
    get: () => known,
  };
  return { state, metrics: new Metrics(catalog, () => state.now) };
}

/** A second in which each pod gave this many good answers of 3 ms and one error of 300 ms, and one request timed out after 4 s. */
function second(counts: Record<string, number>): LoadSecond {
  const total = new Uint32Array(OUTCOMES.length);
  const all = new Histogram();
  all.record(4_000_000);
  const pods = new Map<string, PodSecond>();
  for (const [name, ok] of Object.entries(counts)) {
    const response = new Histogram();
    for (let i = 0; i < ok; i++) response.record(3000);
    response.record(300_000);
    const outcomes = new Uint32Array(OUTCOMES.length);
    outcomes[OUTCOMES.indexOf('ok')] = ok;
    outcomes[OUTCOMES.indexOf('http-5xx')] = 1;
    for (let i = 0; i < total.length; i++) total[i]! += outcomes[i]!;
    pods.set(name, { decisions: ok + 1, outcomes, response, serviceMicroseconds: 0 });
    all.add(response);
  }
  total[OUTCOMES.indexOf('timeout')]!++;
  const empty = new Histogram();
  return {
    second: 0,
    at: 0,
    phase: 'measuring',
    ...noCounts(),
    completed: 0,
    dropped: 2,
    inFlight: 0,
    users: null,
    outcomes: total,
    endings: [],
    seen: [],
    addresses: [],
    response: all,
    service: empty,
    lateness: empty,
    cutOff: empty,
    pods,
    unattributed: 3,
    generator: sample.generator,
  };
}

/** What a second look shows: at the first one every counter is at its beginning. */
function seen(metrics: Metrics): string {
  metrics.text();
  return metrics.text();
}

/** The series of an exposition by name and labels. */
const series = (text: string) =>
  new Map(
    text
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line): [string, number] => [
        line.slice(0, line.lastIndexOf(' ')),
        Number(line.slice(line.lastIndexOf(' '))),
      ])
  );
const names = (text: string) => new Set([...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name));

const FAMILIES = [
  'requests_total',
  'request_duration_seconds',
  'pod_share_ratio',
  'pod_expected_share_ratio',
  'pod_ready',
  'pod_cpu_cores',
  'pod_memory_bytes',
  'pod_active_connections',
  'balance_score_percent',
  'balance_score_raw_percent',
  'balance_score_low_percent',
  'balance_score_high_percent',
  'balance_target_percent',
  'balance_verdict',
  'run_active',
  'run_last_progress_timestamp_seconds',
  'unattributed_responses_total',
  'dropped_requests_total',
  'resent_requests_total',
  'responses_total',
  'request_failures_total',
  'generator_state',
  'generator_lateness_seconds',
].map((name) => `evenkeel_${name}`);

it('exports every family with a sentence of help, also before anything ran', async () => {
  const { metrics } = fixture();
  const text = metrics.text();
  for (const family of FAMILIES) expect(names(text)).toContain(family);
  for (const [, help] of text.matchAll(/^# HELP \S+ (.*)$/gm)) expect(help!.length).toBeGreaterThan(20);
  const { type, body } = await metrics.scrape();
  expect(type).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect(names([...body].join(''))).toContain('process_resident_memory_bytes');
});

it('counts requests by pod and outcome, and those that nobody answered; they add up to all', () => {
  const { metrics } = fixture();
  metrics.runStarted(run);
  metrics.second(run, second({ a: 5, b: 7 }));
  metrics.second(run, second({ a: 5, b: 7 }));
  const found = series(seen(metrics));
  expect(found.get('evenkeel_requests_total{target="shop",pod="a",outcome="ok"}')).toBe(10);
  expect(found.get('evenkeel_requests_total{target="shop",pod="b",outcome="http-5xx"}')).toBe(2);
  expect(found.get('evenkeel_requests_total{target="shop",pod="none",outcome="timeout"}')).toBe(2);
  const all = [...found]
    .filter(([name]) => name.startsWith('evenkeel_requests_total'))
    .reduce((sum, [, n]) => sum + n, 0);
  expect(all).toBe(2 * (5 + 7 + 2 + 1));
  expect(found.get('evenkeel_unattributed_responses_total{target="shop"}')).toBe(6);
  expect(found.get('evenkeel_dropped_requests_total{target="shop"}')).toBe(4);
});

it('counts answers by status and failures by kind, each from zero, and lets no target make up labels', () => {
  const { metrics } = fixture();
  const ended = { ...second({}), resent: 4 };
  const answers = [200, 404, 799, 888].map((status) => ({
    status,
    failure: null,
    outcome: 'ok' as const,
    count: status,
  }));
  const failed = { status: null, failure: 'bad-chunk' as const, outcome: 'other' as const, count: 3 };
  metrics.second(run, { ...ended, endings: [...answers, failed] });
  const first = series(metrics.text());
  expect(first.get('evenkeel_responses_total{target="shop",code="404"}')).toBe(0);
  const found = series(metrics.text());
  expect(found.get('evenkeel_responses_total{target="shop",code="404"}')).toBe(404);
  expect(found.get('evenkeel_responses_total{target="shop",code="other"}')).toBe(799 + 888);
  expect(found.get('evenkeel_request_failures_total{target="shop",failure="bad-chunk"}')).toBe(3);
  expect(found.get('evenkeel_request_failures_total{target="shop",failure="timeout"}')).toBe(0);
  expect(found.get('evenkeel_resent_requests_total{target="shop"}')).toBe(4);
});

it('tells how many connections the service has, and how many it closed', () => {
  const { metrics } = fixture();
  expect(metrics.text()).not.toContain('evenkeel_api_');
  const connections = { open: 7, dropped: 3 };
  const served = new Metrics({ list: () => [], get: () => undefined }, () => 0, { connections });
  expect(series(served.text()).get('evenkeel_api_connections')).toBe(7);
  expect(series(served.text()).get('evenkeel_api_dropped_connections_total')).toBe(3);
});

it('has a zero to start from for everything that a listed pod can answer, and for everything that nobody answers', () => {
  const found = series(fixture().metrics.text());
  const counted = [...found].filter(([name]) => name.startsWith('evenkeel_requests_total'));
  expect(counted.every(([, count]) => count === 0)).toBe(true);
  const of = (name: string) =>
    counted.flatMap(([labels]) => (labels.includes(`pod="${name}"`) ? /outcome="(.*)"/.exec(labels)![1] : []));
  expect([of('a'), of('b'), of('none')]).toEqual([
    ['ok', 'http-4xx', 'http-5xx'],
    ['ok', 'http-4xx', 'http-5xx'],
    [...OUTCOMES],
  ]);
});

it('begins every counter at zero, also of a pod that nobody listed and of what seldom happens, and loses no count', () => {
  const { metrics, state } = fixture(false);
  state.pods = [];
  const counters = () =>
    new Map(
      [...series(metrics.text())].filter(
        ([name]) => /_(total|count|sum|bucket)\{/.test(name) && !name.includes('fault')
      )
    );
  counters();
  metrics.second(run, second({ a: 15 }));
  const before = counters();
  const appeared = [...before].filter(([name]) => name.includes('pod="a"'));
  expect(appeared.length).toBeGreaterThan(15);
  expect(appeared.filter(([, count]) => count !== 0)).toEqual([]);
  metrics.second(run, second({ a: 15 }));
  const after = counters();
  expect(after.get('evenkeel_requests_total{target="shop",pod="a",outcome="ok"}')).toBe(30);
  expect(after.get('evenkeel_request_duration_seconds_count{target="shop",pod="a"}')).toBe(32);
  expect(after.get('evenkeel_request_duration_seconds_count{target="shop",pod="none"}')).toBe(2);
  for (const [name, count] of after) if (count > 0) expect([name, before.has(name)]).toEqual([name, true]);
});

it('counts a timeout with its full length, and no response time twice', () => {
  const { metrics } = fixture();
  metrics.second(run, second({ a: 5, b: 7 }));
  const found = series(seen(metrics));
  const count = (pod: string) => found.get(`evenkeel_request_duration_seconds_count{target="shop",pod="${pod}"}`);
  expect([count('a'), count('b'), count('none')]).toEqual([6, 8, 1]);
  expect(found.get('evenkeel_request_duration_seconds_sum{target="shop",pod="none"}')).toBe(4);
  expect(found.get('evenkeel_request_duration_seconds_bucket{target="shop",pod="none",le="2.5"}')).toBe(0);
  expect(found.get('evenkeel_request_duration_seconds_bucket{target="shop",pod="none",le="5"}')).toBe(1);
});

it('keeps the histogram cumulative over scrapes, and its buckets where the latencies are', () => {
  const { metrics } = fixture();
  const bucket = (found: Map<string, number>, le: string) =>
    found.get(`evenkeel_request_duration_seconds_bucket{target="shop",pod="a",le="${le}"}`);
  metrics.second(run, second({ a: 5 }));
  expect(bucket(series(seen(metrics)), '0.005')).toBe(5);
  metrics.second(run, second({ a: 5 }));
  const found = series(seen(metrics));
  expect(['0.001', '0.0025', '0.005', '0.25', '0.5', '10', '+Inf'].map((le) => bucket(found, le))).toEqual([
    0, 0, 10, 10, 12, 12, 12,
  ]);
  expect(found.get('evenkeel_request_duration_seconds_count{target="shop",pod="a"}')).toBe(12);
  expect(found.get('evenkeel_request_duration_seconds_sum{target="shop",pod="a"}')).toBeCloseTo(10 * 0.003 + 0.6, 5);
});

it('shows the balance while a run is on and for a minute after, then no more', () => {
  const { metrics, state } = fixture();
  const score = () => series(metrics.text()).get('evenkeel_balance_score_percent{target="shop"}');
  const active = () =>
    [...series(metrics.text())]
      .filter(([name]) => name.startsWith('evenkeel_run_active'))
      .map(([name, n]) => [name, n]);
  expect(score()).toBeUndefined();
  expect(active()).toEqual([['evenkeel_run_active{target="shop",scenario="none"}', 0]]);
  metrics.runStarted(run);
  metrics.sample(run, sample);
  expect(score()).toBe(sample.balance.scorePercent);
  expect(active()).toEqual([['evenkeel_run_active{target="shop",scenario="custom"}', 1]]);
  const verdicts = [...series(metrics.text())].filter(([name]) => name.startsWith('evenkeel_balance_verdict'));
  expect([verdicts.length, verdicts.reduce((sum, [, n]) => sum + n, 0)]).toEqual([4, 1]);
  metrics.runEnded(run, report);
  state.now += 59_000;
  expect(score()).toBe(report.balance.scorePercent);
  state.now += 2000;
  expect(score()).toBeUndefined();
  expect(active()).toEqual([['evenkeel_run_active{target="shop",scenario="none"}', 0]]);
});

it.each([
  [undefined, 95],
  [80, 80],
  [0, 0],
  [92.5, 92.5],
])(
  'says that a score of %p is asked of the target as %d, before, during and after a run',
  (targetPercent, expected) => {
    const { metrics } = fixture(true, targetPercent);
    const asked = () => series(metrics.text()).get('evenkeel_balance_target_percent{target="shop"}');
    expect(asked()).toBe(expected);
    metrics.runStarted(run);
    expect(asked()).toBe(expected);
    metrics.runEnded(run, null);
    expect(asked()).toBe(expected);
  }
);

it('forgets a pod that is not listed any more, and starts it at zero when it comes back', () => {
  const { metrics, state } = fixture();
  metrics.second(run, second({ a: 5, b: 5 }));
  state.pods = [pod('b', false)];
  const text = metrics.text();
  expect(text).not.toContain('pod="a"');
  expect(series(text).get('evenkeel_pod_ready{target="shop",pod="b"}')).toBe(0);
  state.pods = [pod('a'), pod('b')];
  metrics.second(run, second({ a: 1 }));
  const answered = () => series(metrics.text()).get('evenkeel_requests_total{target="shop",pod="a",outcome="ok"}');
  expect([answered(), answered()]).toEqual([0, 1]);
});

it('forgets a pod that only its answers were known by when it has long been silent', () => {
  const { metrics, state } = fixture(false);
  state.pods = [];
  metrics.second(run, second({ a: 5 }));
  state.now += 299_000;
  expect(metrics.text()).toContain('pod="a"');
  state.now += 2000;
  expect(metrics.text()).not.toContain('pod="a"');
});

it('forgets a target that is gone', () => {
  const { metrics, state } = fixture();
  metrics.second(run, second({ a: 5 }));
  state.targets = false;
  expect(metrics.text()).not.toContain('target="shop"');
});

it('has no more than a thousand pods and `other`, and never a run id', () => {
  const { metrics, state } = fixture();
  state.pods = Array.from({ length: 3000 }, (_, i) => pod(`pod-${i}`));
  metrics.second(run, second(Object.fromEntries(state.pods.map(({ pod: name }) => [name, 1]))));
  const text = seen(metrics);
  const pods = new Set([...text.matchAll(/pod="([^"]*)"/g)].map(([, name]) => name));
  expect(pods.size).toBeLessThanOrEqual(1002);
  expect(pods).toContain('other');
  const counted = [...series(text)]
    .filter(([name]) => name.includes('outcome="ok"'))
    .reduce((sum, [, n]) => sum + n, 0);
  expect(counted).toBe(3000);
  expect(text).not.toContain(run.id);
});

it('tells the worst state of all generators', () => {
  const { metrics } = fixture();
  const state = (name: string) => series(metrics.text()).get(`evenkeel_generator_state{state="${name}"}`);
  expect(state('ok')).toBe(1);
  metrics.runStarted(run);
  metrics.sample(run, {
    ...sample,
    generator: { ...sample.generator, state: 'saturated', lateness: { ...sample.generator.lateness, p99: 25 } },
  });
  expect([state('ok'), state('strained'), state('saturated')]).toEqual([0, 0, 1]);
  expect(series(metrics.text()).get('evenkeel_generator_lateness_seconds')).toBe(0.025);
  metrics.runEnded(run, null);
  expect([state('ok'), state('saturated')]).toEqual([1, 0]);
});

const promtool = spawnSync('promtool', ['--version']).status === 0;
if (!promtool && process.env.CI === 'true') throw new Error('promtool is missing; CI installs Prometheus from Debian');
(promtool ? it : it.skip)('is what promtool calls good metrics, those of the process included', async () => {
  const { metrics } = fixture();
  metrics.runStarted(run);
  metrics.second(run, second({ a: 5, b: 7 }));
  metrics.sample(run, sample);
  const { status, stderr, stdout } = spawnSync('promtool', ['check', 'metrics'], {
    input: [...(await metrics.scrape()).body].join(''),
  });
  expect([status, String(stderr), String(stdout)]).toEqual([0, '', '']);
});
