import { type BenchScenario, evenkeelLoad } from '../support/evenkeelProcess.ts';
import { coefficientOfVariation } from '../support/figures.ts';
import { table } from '../support/resultsPage.ts';
import { rotatingServer } from './serverProcess.ts';

const PODS = 5;
const REQUESTS_PER_SECOND = 2000;
const SECONDS = 5;

const POLICIES: Readonly<Record<string, BenchScenario>> = {
  'round-robin over 50 connections': {
    load: { model: 'rate', stages: [{ from: REQUESTS_PER_SECOND, to: REQUESTS_PER_SECOND, durationSeconds: SECONDS }] },
    connections: { policy: 'round-robin', count: 50 },
  },
  'round-robin, 20 requests per connection': {
    load: { model: 'rate', stages: [{ from: REQUESTS_PER_SECOND, to: REQUESTS_PER_SECOND, durationSeconds: SECONDS }] },
    connections: { policy: 'round-robin', count: 50, maxRequests: 20 },
  },
  'per-request': {
    load: { model: 'rate', stages: [{ from: REQUESTS_PER_SECOND, to: REQUESTS_PER_SECOND, durationSeconds: SECONDS }] },
    connections: { policy: 'per-request', count: 100 },
  },
  'per-user, 50 users, 25 ms think time': {
    load: { model: 'users', users: 50, spawnRate: 10_000, durationSeconds: SECONDS + 1, thinkTimeMs: 25 },
    connections: { policy: 'per-user' },
  },
};

/** CV of requests per pod over an ideal round robin: all of it would be the generator's own doing. */
export async function selfImbalance(generatorCore: number, serverCore: number): Promise<string> {
  const rows: string[][] = [];
  for (const [policy, scenario] of Object.entries(POLICIES)) {
    const cells: string[] = [];
    let requests = 0;
    for (const mode of ['request', 'connection'] as const) {
      const server = await rotatingServer(serverCore, mode, PODS);
      try {
        const { decisions, ok } = await evenkeelLoad(generatorCore, server.url, scenario);
        const counts = Array.from({ length: PODS }, (_, pod) => decisions[`pod-${pod}`] ?? 0);
        cells.push(coefficientOfVariation(counts).toFixed(4));
        requests = ok;
      } finally {
        await server.stop();
      }
    }
    rows.push([policy, requests.toLocaleString('en-US'), ...cells]);
  }
  return [
    `**The generator's own imbalance.** CV of requests per pod over an ideal round robin of ${PODS} pods.`,
    '',
    table(['connection policy', 'requests', 'round robin by request', 'round robin by connection'], rows),
  ].join('\n');
}
