import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { OUTCOMES } from '@evenkeel/contract/outcome';
import type { PodStatus, Target } from '@evenkeel/contract/target';
import { Histogram } from '@evenkeel/core/histogram/histogram';
import type { LoadSecond, PodSecond } from '../core/src/run/loadEngine.ts';
import { Metrics } from '../sidecar/src/telemetry/metrics.ts';
import { machine, publish, table } from './support/resultsPage.ts';
import { ServiceProcess } from './support/serviceProcess.ts';

/**
 * What the service costs and how fast it answers while a run takes all that the load engine can give. Installs nothing and loads
 * this machine only. `--growth 600` takes the whole ten minutes for the growth of memory; the default is one. Writes its part of
 * docs/benchmarks.md unless told otherwise (`--no-write`).
 */
const { values: flags } = parseArgs({
  options: {
    seconds: { type: 'string', default: '20' },
    growth: { type: 'string', default: '60' },
    'no-write': { type: 'boolean' },
  },
});
const SECONDS = Number(flags.seconds);
const GROWTH_SECONDS = Number(flags.growth);
/** More than the engine can send on any machine that this is meant for. */
const BEYOND_LIMIT = 100_000;
const STREAMS = 200;

const folder = mkdtempSync(join(tmpdir(), 'evenkeel-bench-service-'));
const rows: string[][] = [];
let missed = 0;
function result(what: string, measured: number, target: number, unit: string): void {
  const ok = measured < target;
  if (!ok) missed++;
  rows.push([what, `${measured.toFixed(1)} ${unit}`, `< ${target} ${unit}`, ok ? 'met' : 'missed']);
  console.error(rows.at(-1)!.join(' | '));
}
const quantile = (values: readonly number[], q: number) =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(q * values.length))] ?? Number.NaN;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const agent = new Agent({ keepAlive: true });
/** One call, answered in full: milliseconds. */
function timed(url: string): Promise<number> {
  const began = performance.now();
  return new Promise((resolve, reject) => {
    get(url, { agent }, (response) => {
      response.resume().on('end', () => resolve(performance.now() - began));
    }).on('error', reject);
  });
}

/** Follows a run; tells how long after the end of its second each sample came. */
function follow(service: ServiceProcess, runId: string, lags: number[] | null): () => void {
  const request = get(`${service.url}/api/v1/runs/${runId}/events`, { agent: false }, (response) => {
    if (response.statusCode !== 200) throw new Error(`a stream was answered ${response.statusCode}`);
    let text = '';
    response.on('data', (chunk: Buffer) => {
      if (lags === null) return;
      text += chunk.toString();
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const at = /event: sample\ndata: \{"second":\d+,"at":([\d.]+)/.exec(text.slice(0, end));
        if (at) lags.push(Date.now() - (Number(at[1]) + 1000));
        text = text.slice(end + 2);
      }
    });
    response.on('error', () => {});
  });
  request.on('error', () => {});
  return () => request.destroy();
}

async function startTimes(): Promise<void> {
  const alone: number[] = [];
  const withPods: number[] = [];
  for (let i = 0; i < 5; i++) {
    for (const [embedded, times] of [
      ['false', alone],
      ['true', withPods],
    ] as const) {
      const service = await ServiceProcess.start(join(folder, `start-${embedded}-${i}.db`), {
        EVENKEEL_EMBEDDED: embedded,
      });
      times.push(service.readyAfterMs);
      await service.end();
    }
  }
  result('start to ready, median of 5', quantile(alone, 0.5), 1000, 'ms');
  result('start to ready with four embedded pods, median of 5', quantile(withPods, 0.5), 1000, 'ms');
}

async function atTheLimit(service: ServiceProcess): Promise<void> {
  const run = await service.load(BEYOND_LIMIT, SECONDS + 10);
  const lags: number[] = [];
  const leave = follow(service, run, lags);
  await pause(3000);
  const calls: number[] = [];
  const scrapes: number[] = [];
  const paths = ['/api/v1/status', '/api/v1/runs', '/api/v1/targets', `/api/v1/runs/${run}`, '/api/v1/scenarios'];
  const until = performance.now() + SECONDS * 1000;
  for (let i = 0; performance.now() < until; i++) {
    calls.push(await timed(service.url + paths[i % paths.length]!));
    if (i % 20 === 0) scrapes.push(await timed(`${service.url}/metrics`));
    await pause(50);
  }
  result('API at the limit, p99', quantile(calls, 0.99), 100, 'ms');
  result('end of a second to its sample on the stream, p99', quantile(lags, 0.99), 50, 'ms');
  result('/metrics at the limit, four pods, p99', quantile(scrapes, 0.99), 50, 'ms');
  result('resident memory at the limit', service.residentMb(), 200, 'MB');
  leave();
  await service.stop(run);
  const report = await service.get<{ achievedRate: number }>(`/runs/${run}/report`);
  rows.push(['the limit: requests/s of the engine meanwhile', report.achievedRate.toFixed(0), '', '']);
}

async function cpuOver(service: ServiceProcess, seconds: number): Promise<number> {
  const [cpu, time] = [service.cpuSeconds(), performance.now()];
  await pause(seconds * 1000);
  return (100 * (service.cpuSeconds() - cpu)) / ((performance.now() - time) / 1000);
}

async function streams(service: ServiceProcess): Promise<void> {
  const run = await service.load(100, 3600);
  const lags: number[] = [];
  const unfollow = follow(service, run, lags);
  await pause(3000);
  const before = await cpuOver(service, SECONDS / 2);
  const leave = Array.from({ length: STREAMS }, () => follow(service, run, null));
  await pause(2000);
  const during = await cpuOver(service, SECONDS / 2);
  for (const one of leave) one();
  await pause(500);
  const after = await cpuOver(service, SECONDS / 2);
  unfollow();
  await service.stop(run);
  result(
    `end of a second to its sample at 100 requests/s, with up to ${STREAMS} streams, p99`,
    quantile(lags, 0.99),
    50,
    'ms'
  );
  result(`${STREAMS} event streams`, during - (before + after) / 2, 10, '% of a core');
}

async function growth(service: ServiceProcess): Promise<void> {
  const run = await service.load(5000, GROWTH_SECONDS + 15);
  await pause(10_000);
  const early: number[] = [];
  const late: number[] = [];
  for (let second = 0; second < GROWTH_SECONDS; second++) {
    await pause(1000);
    (second < GROWTH_SECONDS / 2 ? early : late).push(service.residentMb());
  }
  await service.stop(run);
  result(
    `growth over ${GROWTH_SECONDS} s at 5,000 requests/s (median of the second half minus the first)`,
    quantile(late, 0.5) - quantile(early, 0.5),
    20,
    'MB'
  );
}

async function manyPods(): Promise<void> {
  const pods = Array.from(
    { length: 1000 },
    (_, i): PodStatus => ({
      pod: `shop-7d4b9c-${i.toString(36).padStart(5, '0')}`,
      address: null,
      ready: true,
      weight: 1,
      cpuCores: 0.1,
      memoryBytes: 1e8,
      activeConnections: 3,
      restarts: 0,
    })
  );
  const target = { id: 'shop', name: 'shop' } as Target;
  const catalog = [{ target, directory: { list: () => pods, complete: true }, allowedNetworks: [] }];
  const metrics = new Metrics({ list: () => catalog, get: () => catalog[0] }, Date.now);
  const times: number[] = [];
  let bytes = 0;
  for (let round = 0; round < 40; round++) {
    metrics.second({ target } as never, secondOf(pods, round));
    const began = process.cpuUsage();
    bytes = [...(await metrics.scrape()).body].join('').length;
    const { user, system } = process.cpuUsage(began);
    times.push((user + system) / 1000);
    // A scrape every few seconds: a tighter loop would measure the garbage collector.
    await pause(100);
  }
  result(
    `/metrics with 1,000 pods (${(bytes / 1e6).toFixed(1)} MB), p95 of its CPU time`,
    quantile(times.slice(5), 0.95),
    50,
    'ms'
  );
}

function secondOf(pods: readonly PodStatus[], seed: number): LoadSecond {
  const counted = new Map<string, PodSecond>();
  const all = new Histogram();
  for (const [i, { pod }] of pods.entries()) {
    const response = new Histogram();
    for (let k = 0; k < 5; k++) response.record(1000 * (1 + ((i * 7 + k * 13 + seed) % 400)));
    const outcomes = new Uint32Array(OUTCOMES.length);
    outcomes[0] = 5;
    counted.set(pod, { decisions: 5, outcomes, response, serviceMicroseconds: 0 });
    all.add(response);
  }
  const outcomes = new Uint32Array(OUTCOMES.length);
  outcomes[0] = 5 * pods.length;
  return { pods: counted, outcomes, response: all, unattributed: 0, dropped: 0 } as unknown as LoadSecond;
}

const about = machine();
try {
  await startTimes();
  await manyPods();
  const service = await ServiceProcess.start(join(folder, 'bench.db'));
  try {
    await atTheLimit(service);
    await streams(service);
    await growth(service);
  } finally {
    await service.end();
  }
} finally {
  agent.destroy();
  rmSync(folder, { recursive: true, force: true });
}
const text = ['', table(['figure', 'measured', 'target', ''], rows), '', `${about}.`].join('\n');
console.log(text);
if (!flags['no-write']) publish('bench:service', text);
process.exitCode = missed > 0 ? 1 : 0;
