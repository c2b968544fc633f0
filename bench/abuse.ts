import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { AbusedService, type Cost } from './support/abuse/abusedService.ts';
import { flood, floods } from './support/abuse/floods.ts';
import { TARGET } from './support/abuse/fullHistory.ts';
import { type WorstRequest, worstRequests } from './support/abuse/worstRequests.ts';
import { machine, publish, table } from './support/resultsPage.ts';

/**
 * What the worst costs that anybody can send: event-loop hold, memory and answer time for the worst inputs of every route, and
 * whether the service answers while thousands of connections are opened and left. Loads this machine only. Writes its part of
 * docs/benchmarks.md unless told otherwise (`--no-write`).
 */
const { values: flags } = parseArgs({
  options: { 'no-write': { type: 'boolean' }, rounds: { type: 'string', default: '3' } },
});
const ROUNDS = Number(flags.rounds);
const MAX_HOLD_MS = 50;

interface Worst {
  readonly name: string;
  readonly heldMs: number;
  readonly answerMs: number;
  readonly bytes: number;
}

const folder = mkdtempSync(join(tmpdir(), 'evenkeel-bench-abuse-'));
const service = await AbusedService.start(join(folder, 'full.db'), {
  runs: 480,
  scenarios: 30,
  faults: 200,
  seconds: 60,
});
let missed = 0;
try {
  const { routes, peakMb } = await abuseRoutes();
  const connections = await floodAll();
  const text = [
    table(['route', 'inputs', 'longest hold (CPU ms)', 'by', 'slowest answer (ms)', 'longest answer (kB)'], routes),
    '',
    `Most memory of the service over all of them: ${peakMb.toFixed(0)} MB.`,
    '',
    table(
      [
        'flood',
        'connections',
        'still open',
        'answered meanwhile',
        'slowest answer (ms)',
        'longest hold (CPU ms)',
        'most memory (MB)',
      ],
      connections
    ),
    '',
    `Hold: the least of ${ROUNDS} rounds for each input. ${machine()}.`,
  ].join('\n');
  console.log(text);
  if (!flags['no-write']) publish('bench:abuse', `\n${text}`);
} finally {
  await service.stop();
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = missed > 0 ? 1 : 0;

async function abuseRoutes(): Promise<{ routes: string[][]; peakMb: number }> {
  let peakMb = 0;
  const byRoute = new Map<string, Worst[]>();
  for (const request of worstRequests()) {
    const costs = await costsOf(request);
    const least = (of: (cost: Cost) => number) => Math.min(...costs.map(of));
    const worst = {
      name: request.name,
      heldMs: least((c) => c.heldMs),
      answerMs: least((c) => c.answerMs),
      bytes: Math.max(...costs.map((c) => c.bytes)),
    };
    byRoute.set(request.route, [...(byRoute.get(request.route) ?? []), worst]);
    peakMb = Math.max(peakMb, ...costs.map((cost) => cost.peakMb));
    if (worst.heldMs > MAX_HOLD_MS) {
      missed++;
      console.error(`${request.route}, ${request.name}: ${worst.heldMs.toFixed(1)} ms`);
    }
  }
  const routes = [...byRoute].map(([route, inputs]) => {
    const longest = inputs.toSorted((a, b) => b.heldMs - a.heldMs)[0]!;
    const most = (of: (input: Worst) => number) => Math.max(...inputs.map(of));
    return [
      route,
      String(inputs.length),
      longest.heldMs.toFixed(1),
      longest.name.length > 60 ? `${longest.name.slice(0, 60)}…` : longest.name,
      most(({ answerMs }) => answerMs).toFixed(0),
      (most(({ bytes }) => bytes) / 1000).toFixed(1),
    ];
  });
  return { routes, peakMb };
}

async function costsOf(request: WorstRequest): Promise<Cost[]> {
  const costs: Cost[] = [];
  for (let round = 0; round < ROUNDS; round++) costs.push(await service.cost(request));
  return costs;
}

async function floodAll(): Promise<string[][]> {
  const headers = { 'content-type': 'application/json' };
  const post = (path: string, body: object) =>
    service.send({ route: `POST ${path}`, name: '', path: `/api/v1${path}`, headers, body: JSON.stringify(body) });
  const rows: string[][] = [];
  for (const { name } of floods('')) {
    await post('/safety/release', {});
    const { text } = await post('/runs', { targetId: TARGET.id, scenarioId: 'sustained' });
    const each = floods((JSON.parse(text) as { id: string }).id).find((one) => one.name === name)!;
    const { witnesses, held, heldMs, peakMb } = await flood(service, each);
    const asked = witnesses.reduce((sum, witness) => sum + witness.asked, 0);
    const answered = witnesses.reduce((sum, witness) => sum + witness.answered, 0);
    if (answered < asked) missed++;
    const slowest = Math.max(...witnesses.map(({ slowestMs }) => slowestMs));
    rows.push([
      name,
      String(each.connections),
      String(held),
      `${answered} of ${asked}`,
      slowest.toFixed(0),
      heldMs.toFixed(1),
      peakMb.toFixed(0),
    ]);
    console.error(rows.at(-1)!.join(' | '), witnesses.map((w) => `${w.name} ${w.answered}/${w.asked}`).join(', '));
  }
  return rows;
}
