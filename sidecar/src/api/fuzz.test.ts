import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { runQuerySchema } from '@evenkeel/contract/api';
import { faultQuerySchema } from '@evenkeel/contract/fault';
import { problemSchema } from '@evenkeel/contract/problem';
import fc from 'fast-check';
import type { Route } from './route.ts';
import { type FakeService, startFakeService, TOKENS } from './testing/fakeService.ts';
import { bodies, number, validId } from './testing/fuzzBodies.ts';

/** How many requests are sent, and how many of them at once. */
const REQUESTS = 12_000;
const BATCH = 40;
const SEED = 20_261_123;

let child: ChildProcess;
let port: number;
let reference: FakeService;
let complaints = '';
const agent = new Agent({ keepAlive: true, maxSockets: BATCH });

beforeAll(async () => {
  reference = await startFakeService();
  child = spawn(process.execPath, [new URL('./testing/fakeServiceProcess.ts', import.meta.url).pathname], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stderr!.on('data', (text) => {
    complaints += text;
  });
  const [line] = await once(child.stdout!, 'data');
  port = Number(line);
});
afterAll(async () => {
  agent.destroy();
  child.kill();
  await reference.close();
});

interface Shot {
  readonly route: number;
  readonly path: string;
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body: string | undefined;
}

const anyId = fc.oneof(
  { weight: 4, arbitrary: validId },
  { weight: 1, arbitrary: fc.webSegment().filter((s) => s !== '') },
  { weight: 1, arbitrary: fc.constantFrom('__proto__', 'constructor', '..', '%2e', 'a'.repeat(65), '-', '0') }
);

const queryNames = [
  ...Object.keys(runQuerySchema.shape),
  ...Object.keys(faultQuerySchema.shape),
  'format',
  'from',
  'baseline',
  'before',
  'x',
  '__proto__',
];
const values = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 30 }),
  fc.constantFrom(
    '1',
    '50',
    '0',
    '-1',
    '1e3',
    'NaN',
    'true',
    'finished,failed',
    '-createdAt',
    'team:web',
    'a%b_c\\',
    "'; DROP TABLE runs",
    'html',
    'junit',
    'markdown',
    'Infinity'
  ),
  number.map(String)
);
const query = fc.oneof(
  { weight: 2, arbitrary: fc.constant('') },
  {
    weight: 2,
    arbitrary: fc
      .array(fc.tuple(fc.constantFrom(...queryNames), values), { maxLength: 4 })
      .map((pairs) => `?${new URLSearchParams(pairs)}`),
  }
);

const token = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom<string>(...Object.values(TOKENS)) },
  { weight: 1, arbitrary: fc.constantFrom('', 'guess') }
);

/** Stopping everything is rare and releasing is not, or nothing else would ever happen. */
const WEIGHTS: Readonly<Record<string, number>> = {
  'post /api/v1/safety/stop-all': 1,
  'post /api/v1/safety/stop-all-as-editor': 1,
  'post /api/v1/safety/release': 60,
  'post /api/v1/runs': 30,
  'post /api/v1/runs/{id}/stop': 30,
  'post /api/v1/faults': 30,
  'post /api/v1/faults/preview': 20,
};

function shots(routes: readonly Route[]): fc.Arbitrary<Shot> {
  return fc
    .record({
      route: fc.oneof(
        ...routes.map(({ method, path }, i) => ({
          weight: WEIGHTS[`${method} ${path}`] ?? 10,
          arbitrary: fc.constant(i),
        }))
      ),
      id: anyId,
      query,
      token,
      role: fc.constantFrom('Viewer', 'Editor', 'Admin', 'Root'),
      type: fc.oneof(
        { weight: 9, arbitrary: fc.constant('application/json') },
        { weight: 1, arbitrary: fc.constantFrom('text/plain', 'application/xml') }
      ),
      key: fc.option(fc.constantFrom('k1', 'k2', 'k3', 'bad key', 'x'.repeat(200)), { freq: 3 }),
      last: fc.option(fc.constantFrom('0', '1', '7', 'x', '99999999999999999999'), { freq: 3 }),
      body: bodies,
    })
    .map(({ route, id, query: search, token: secret, role, type, key, last, body }) => {
      const { method, path } = routes[route]!;
      const sends = method !== 'get' && body !== undefined;
      return {
        route,
        path: path.replace('{id}', id) + search,
        method: method.toUpperCase(),
        headers: {
          authorization: `Bearer ${secret}`,
          'x-evenkeel-role': role,
          // Node's client frames the body of a DELETE only when it is told the length.
          ...(sends ? { 'content-type': type, 'content-length': String(Buffer.byteLength(body)) } : {}),
          ...(key === null ? {} : { 'idempotency-key': key }),
          ...(last === null ? {} : { 'last-event-id': last }),
        },
        body: sends ? body : undefined,
      };
    });
}

/** Sends one request; of an event stream only the beginning is read. */
function fire(shot: Shot): Promise<{ response: IncomingMessage; body: string }> {
  return new Promise((resolve, reject) => {
    const { method, path, headers } = shot;
    const outgoing = request({ host: '127.0.0.1', port, method, path, headers, agent }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        if (response.headers['content-type']?.startsWith('text/event-stream')) response.destroy();
      });
      response.on('close', () => resolve({ response, body: Buffer.concat(chunks).toString() }));
    });
    outgoing.on('error', reject);
    outgoing.end(shot.body);
  });
}

it(`answers ${REQUESTS} requests, valid and broken, as documented, and never with a mistake of its own`, async () => {
  const { routes } = reference;
  const all = fc.sample(shots(routes), { numRuns: REQUESTS, seed: SEED });
  const seen = new Map<number, number>();
  let injected = 0;
  for (let at = 0; at < all.length; at += BATCH) {
    await Promise.all(
      all.slice(at, at + BATCH).map(async (shot) => {
        const { response, body } = await fire(shot);
        const status = response.statusCode!;
        seen.set(status, (seen.get(status) ?? 0) + 1);
        if (status === 201 && shot.path.endsWith('/faults')) injected++;
        const problem = unexpected(routes[shot.route]!, status, response.headers['content-type'] ?? '', body);
        if (problem !== null) throw new Error(`${problem}\n${JSON.stringify(shot)}\n${status} ${body.slice(0, 500)}`);
      })
    );
  }
  // A fuzz test that only ever hears 400 tests nothing behind the first gate.
  for (const status of [200, 201, 202, 204, 400, 401, 403, 404, 409, 415, 422]) {
    expect(`${status}: ${(seen.get(status) ?? 0) > 0}`).toBe(`${status}: true`);
  }
  expect([...seen.keys()].filter((status) => status >= 500)).toEqual([]);
  expect(injected).toBeGreaterThan(0);
  child.stdin!.end();
  const [code] = await once(child, 'exit');
  expect([code, complaints]).toEqual([0, '']);
}, 240_000);

function unexpected(route: Route, status: number, type: string, body: string): string | null {
  if (status >= 500) return 'a mistake of the service';
  if (status >= 400) {
    if (!type.startsWith('application/problem+json')) return `a refusal of type ${type}`;
    const problem = problemSchema.safeParse(JSON.parse(body));
    if (!problem.success) return `no valid problem: ${problem.error.message}`;
    return problem.data.status === status ? null : 'the problem has another status';
  }
  const documented = route.responses[status];
  if (!documented) return 'an undocumented status';
  if (!documented.schema || !type.startsWith('application/json')) return null;
  const result = documented.schema.safeParse(JSON.parse(body));
  return result.success ? null : `not as documented: ${result.error.message}`;
}
