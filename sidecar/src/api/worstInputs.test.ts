import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Fault } from '@evenkeel/contract/fault';
import { AbusedService } from '../../../bench/support/abuse/abusedService.ts';
import { type WorstRequest, worstRequests } from '../../../bench/support/abuse/worstRequests.ts';

/** The longest that one request may hold the event loop, in milliseconds of CPU. */
const MAX_HOLD_MS = 50;
/** Tries of which the quickest counts: what happens once is the garbage collector or cold code, what happens each time is the request. */
const TRIES = 4;

const folder = mkdtempSync(join(tmpdir(), 'evenkeel-worst-'));
let service: AbusedService;
beforeAll(async () => {
  service = await AbusedService.start(join(folder, 'full.db'), { runs: 480, scenarios: 30, faults: 100, seconds: 30 });
});
afterAll(async () => {
  await service?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const JSON_HEADERS = { 'content-type': 'application/json' };
const post = (path: string, body: unknown): WorstRequest => ({
  route: `POST /api/v1${path}`,
  name: '',
  path: `/api/v1${path}`,
  headers: JSON_HEADERS,
  body: JSON.stringify(body),
});
const get = (path: string): WorstRequest => ({ route: `GET ${path}`, name: '', path: `/api/v1${path}` });

it('has something bad for every route of the service', async () => {
  const { text } = await service.send(get('/openapi.json'));
  const document = JSON.parse(text) as { paths: Record<string, Record<string, unknown>> };
  const routes = Object.entries(document.paths).flatMap(([path, verbs]) =>
    Object.keys(verbs).map((verb) => `${verb.toUpperCase()} ${path}`)
  );
  expect(routes.length).toBeGreaterThan(25);
  const abused = new Set([...worstRequests().map(({ route }) => route), 'GET /api/v1/openapi.json']);
  expect(routes.filter((route) => !abused.has(route))).toEqual([]);
});

it(`holds the event loop for ${MAX_HOLD_MS} ms at most, whatever it is sent, and never answers with a mistake of its own`, async () => {
  const bad: string[] = [];
  for (const worst of worstRequests()) {
    let heldMs = Number.POSITIVE_INFINITY;
    for (let i = 0; i < TRIES && heldMs > MAX_HOLD_MS; i++) {
      const cost = await service.cost(worst);
      heldMs = Math.min(heldMs, cost.heldMs);
      if (cost.status >= 500) bad.push(`${worst.route}, ${worst.name}: ${cost.status}`);
      // What was sent is not sent back.
      if (cost.status >= 400 && cost.bytes > 20_000) bad.push(`${worst.route}, ${worst.name}: ${cost.bytes} bytes`);
    }
    if (heldMs > MAX_HOLD_MS) bad.push(`${worst.route}, ${worst.name}: ${heldMs.toFixed(1)} ms`);
  }
  expect(bad).toEqual([]);
});

it('ends faults in time and stops everything at once while all of that comes together', async () => {
  await service.send(post('/safety/release', {}));
  const all = worstRequests().filter(({ route }) => !/safety|\/faults/.test(route));
  const { result } = await service.watched(async () => {
    const started = await service.send(
      post('/faults', {
        targetId: 'embedded',
        fault: { type: 'latency', delayMs: 50, forSeconds: 1, scope: { count: 1 } },
      })
    );
    const fault = JSON.parse(started.text) as Fault;
    const burst = all.map((worst) => service.send(worst));
    let ended: Fault;
    do {
      ended = (JSON.parse((await service.send(get('/faults?limit=1'))).text) as { faults: [Fault] }).faults[0];
    } while (ended.endedAt === null);
    const asked = Date.now();
    const stopped = await service.send(post('/safety/stop-all', {}));
    const answered = Date.now();
    const answers = await Promise.all(burst);
    return { started, fault, ended, stopped, asked, answered, answers };
  });
  const { started, fault, ended, stopped, asked, answered, answers } = result;
  expect([started.status, stopped.status]).toEqual([201, 200]);
  expect([ended.id, ended.ending]).toEqual([fault.id, 'expired']);
  expect(answers.filter(({ status }) => status >= 500 && status !== 503)).toEqual([]);
  // A few turns of the event loop each, at most: what the others asked for goes on after it.
  expect(await service.workedMs(fault.expiresAt, ended.endedAt!)).toBeLessThan(4 * MAX_HOLD_MS);
  expect(await service.workedMs(asked, answered)).toBeLessThan(6 * MAX_HOLD_MS);
});
