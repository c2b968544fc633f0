import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Fault } from '@evenkeel/contract/fault';
import type { FaultOrder } from '@evenkeel/contract/faultPlan';
import type { Run } from '@evenkeel/contract/run';
import { Random } from '@evenkeel/core/random/random';
import { ClusterYard } from './clusterYard.ts';

const SERVICE = fileURLToPath(new URL('./killableService.ts', import.meta.url));
const PODS = 8;

export interface KillOptions {
  readonly kills: number;
  /** Every so manyth time nobody starts the service again before the faults' expiry. */
  readonly aloneEvery: number;
  readonly seed: number;
  /** How soon it must be ready again, counted from the start of its process. */
  readonly readyWithinMs: number;
  /** Whether every other kill waits for the answer to the order, so that it certainly meets a fault. */
  readonly everyOtherAnswered: boolean;
}

/** The kill falls somewhere into writing down, injecting, probing, being active or being taken back. */
const LATEST_KILL_MS = 900;
/** A timer of a pod may be late on a busy machine. */
const EXPIRY_SLACK_MS = 3000;

export interface KillResults {
  readonly kills: number;
  readonly faults: number;
  /** Faults whose effect was on a pod when the service was killed. */
  readonly inEffectAtKill: number;
  /** States of the faults' records when the service was killed. */
  readonly statesAtKill: Readonly<Record<string, number>>;
  /** Kills after which nobody started the service again until everything was over. */
  readonly expiredAlone: number;
  /** From the start of the process to its readiness, and the part of it until it listens at all. */
  readonly slowestReadyMs: number;
  readonly slowestListenMs: number;
  /** How long after its expiry the latest fault ended. */
  readonly latestExpiryMs: number;
  /** Everything that broke the promise, in words. */
  readonly broken: readonly string[];
}

interface Running {
  readonly child: ChildProcess;
  readonly url: string;
}

/**
 * Kills the service with SIGKILL at random moments of random faults and looks each time whether the next start takes everything
 * back: in time, before it is ready, with the run interrupted and the journal saying so.
 */
export async function killDuringFaults(options: KillOptions): Promise<KillResults> {
  const { kills, aloneEvery, seed, readyWithinMs, everyOtherAnswered } = options;
  const random = new Random(seed);
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-kills-'));
  const yard = await ClusterYard.open(PODS);
  const broken: string[] = [];
  const statesAtKill: Record<string, number> = {};
  const results = {
    faults: 0,
    inEffectAtKill: 0,
    expiredAlone: 0,
    slowestReadyMs: 0,
    slowestListenMs: 0,
    latestExpiryMs: 0,
  };
  let expected: { runId: string } | null = null;
  let service: Running | null = null;

  const start = async () => {
    const startedAt = performance.now();
    const running = await startService(join(folder, 'evenkeel.db'), yard.url);
    const listenMs = performance.now() - startedAt;
    results.slowestListenMs = Math.max(results.slowestListenMs, listenMs);
    while ((await fetch(`${running.url}/readyz`)).status !== 200) {
      if (performance.now() - startedAt > readyWithinMs) break;
      await pause(20);
    }
    const readyMs = performance.now() - startedAt;
    results.slowestReadyMs = Math.max(results.slowestReadyMs, readyMs);
    if (readyMs > readyWithinMs)
      broken.push(`not ready after ${Math.round(readyMs)} ms, of which ${Math.round(listenMs)} until it listened`);
    for (const { id, pod } of yard.inEffect) broken.push(`ready while ${id} is in effect on ${pod}`);
    return running;
  };

  try {
    service = await start();
    for (let kill = 0; kill < kills; kill++) {
      const alone = kill % aloneEvery === aloneEvery - 1;
      const run = await post<Run>(service, '/runs', { targetId: 'embedded', scenario: LONG });
      expected = { runId: run.id };
      const order = orderOf(random, `pod-${(kill % PODS) + 1}`, alone ? 3 : 5 + random.below(20));
      const asked = post<Fault>(service, '/faults', { targetId: 'embedded', fault: order }).catch(() => null);
      const { url } = service;
      const moment = random.below(LATEST_KILL_MS);
      if (random.next() < 0.3) {
        void asked
          .then((fault) =>
            pause(random.below(300)).then(
              () => fault && fetch(`${url}/api/v1/faults/${fault.id}/revert`, { method: 'POST' })
            )
          )
          .catch(() => {});
      }
      if (everyOtherAnswered && kill % 2 === 0) await asked;
      await pause(moment);
      service.child.kill('SIGKILL');
      await new Promise((resolve) => service!.child.once('exit', resolve));
      results.inEffectAtKill += yard.inEffect.length;
      if (alone) {
        await pause(4000 + EXPIRY_SLACK_MS);
        for (const { id, pod } of yard.inEffect) broken.push(`${id} on ${pod} outlived its expiry without the service`);
        results.expiredAlone++;
      }
      service = await start();
      await check(service, expected.runId);
    }
  } finally {
    service?.child.kill('SIGKILL');
    await yard.close();
    rmSync(folder, { recursive: true, force: true });
  }
  for (const { expiresAt, endedAt } of yard.faults) {
    results.latestExpiryMs = Math.max(results.latestExpiryMs, (endedAt ?? Number.POSITIVE_INFINITY) - expiresAt);
  }
  return { kills, ...results, statesAtKill, broken };

  async function check({ url }: Running, runId: string): Promise<void> {
    const run = (await (await fetch(`${url}/api/v1/runs/${runId}`)).json()) as Run;
    if (run.state !== 'interrupted') broken.push(`run ${runId} is ${run.state}`);
    const list = (await (await fetch(`${url}/api/v1/faults?runId=${runId}`)).json()) as { faults: Fault[] };
    for (const fault of list.faults) {
      results.faults++;
      const { state, ending, steps } = fault;
      if (state !== 'reverted' && state !== 'not-effective') {
        broken.push(`fault ${fault.id} (${fault.effect.type}) is ${state}: ${fault.pods[0]!.note}`);
      }
      const last = steps.findLastIndex((step) => /The service ended while it was/.test(step.text));
      const atKill = last > 0 ? steps[last - 1]!.state : `${state} before`;
      statesAtKill[atKill] = (statesAtKill[atKill] ?? 0) + 1;
      if (ending === null) broken.push(`fault ${fault.id} does not say why it ended`);
    }
  }
}

const LONG = {
  name: 'Long enough',
  load: { model: 'rate', stages: [{ from: 10, to: 10, durationSeconds: 300 }] },
};

function orderOf(random: Random, pod: string, forSeconds: number): FaultOrder {
  const every = { scope: { pod }, forSeconds };
  switch (random.below(4)) {
    case 0:
      return { type: 'latency', severity: 'low', ...every };
    case 1:
      return { type: 'errors', severity: 'high', ...every };
    case 2:
      return { type: 'partition', existing: random.next() < 0.5 ? 'cut' : 'stall', ...every };
    default:
      return { type: 'pod-failure', restart: false, ...every };
  }
}

async function startService(file: string, yard: string): Promise<Running> {
  const child = fork(SERVICE, [file, yard], { execArgv: ['--disable-warning=ExperimentalWarning'] });
  const url = await new Promise<string>((resolve, reject) => {
    child.once('message', (message) => resolve(String(message)));
    child.once('exit', (code) => reject(new Error(`the service ended with ${code} before it answered`)));
  });
  return { child, url };
}

/** A service that just started on a busy machine may refuse a run for a moment. */
const MOST_TRIES = 20;

async function post<T>({ url }: Pick<Running, 'url'>, path: string, body: unknown, tries = MOST_TRIES): Promise<T> {
  const response = await fetch(`${url}/api/v1${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (response.status === 503 && tries > 1) {
    await pause(250);
    return post({ url }, path, body, tries - 1);
  }
  if (!response.ok) throw new Error(`POST ${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
