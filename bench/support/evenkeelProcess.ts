import { fileURLToPath } from 'node:url';
import type { ScenarioInput } from '@evenkeel/contract/scenario';
import type { TransportName } from '../../engine/src/workerMessages.ts';
import type { LoadFigures } from '../loadOnce.ts';
import { runPinned } from './pinnedProcess.ts';

export type BenchScenario = Omit<ScenarioInput, 'name'>;

/** `users` users without think time, all from the first moment on, with a connection each. */
export function flatOut(users: number, durationSeconds: number): BenchScenario {
  return {
    load: { model: 'users', users, spawnRate: 10_000, durationSeconds },
    connections: { policy: 'per-user' },
  };
}

/** As many requests in flight at once as users, over HTTP/2 connections that share them evenly. */
export function flatOutHttp2(connections: number, streams: number, durationSeconds: number): BenchScenario {
  const users = connections * streams;
  return {
    load: { model: 'users', users, spawnRate: 10_000, durationSeconds },
    connections: { policy: 'round-robin', protocol: 'http/2', count: connections, streams },
  };
}

export function constantRate(rate: number, durationSeconds: number, count = 50): BenchScenario {
  return {
    load: { model: 'rate', stages: [{ from: rate, to: rate, durationSeconds }] },
    connections: { policy: 'round-robin', count },
  };
}

export function evenkeelCommand(url: string, scenario: BenchScenario, transport: TransportName = 'fast'): string[] {
  return [
    process.execPath,
    '--disable-warning=ExperimentalWarning',
    fileURLToPath(new URL('../loadOnce.ts', import.meta.url)),
    url,
    JSON.stringify(scenario),
    transport,
  ];
}

/** Runs one load in a process of its own on one core. */
export async function evenkeelLoad(
  core: number,
  url: string,
  scenario: BenchScenario,
  transport: TransportName = 'fast'
): Promise<LoadFigures & { readonly processCpuSeconds: number }> {
  const { output, cpuSeconds } = await runPinned(core, evenkeelCommand(url, scenario, transport));
  const line = output.trim().split('\n').at(-1) ?? '';
  if (!line.startsWith('{')) throw new Error(`the load failed: ${output}`);
  return { ...(JSON.parse(line) as LoadFigures), processCpuSeconds: cpuSeconds };
}
