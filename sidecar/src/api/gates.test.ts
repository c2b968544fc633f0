import { connect } from 'node:net';
import { problemName } from '@evenkeel/contract/problem';
import { rawRequest } from './rawRequest.ts';
import { type FakeService, startFakeService, TOKENS } from './testing/fakeService.ts';

let service: FakeService;
beforeAll(async () => {
  service = await startFakeService();
});
afterAll(() => service.close());

const signedIn = { authorization: `Bearer ${TOKENS.Admin}` };
const send = (path: string, headers: Record<string, string> = {}, method = 'GET', body?: string) =>
  rawRequest(service.port, method, path, { ...signedIn, ...headers }, body);
const nameOf = (body: string) => problemName((JSON.parse(body) as { type: string }).type);

describe('the path', () => {
  it.each([
    '//api/v1/safety/release',
    '/api//v1/runs',
    '/api/v1/../v1/runs',
    '/api/v1/./runs',
    '/api/v1/runs/..%2f..%2fsafety/release',
    '/api/v1/runs/%2e%2e/safety/release',
    '/api/v1%2fruns',
    '/api/v1/runs%5cx',
    '/api/v1/runs\\x',
    '/api/v1/runs;role=Admin',
    '/api/v1/runs/%00',
    '/api/v1/runs/%252e%252e',
    '/api/v1/runs/%zz',
    '/api/v1/runs/…'.replace('…', '%E2%80%A6'),
    '/api/v1/.runs',
    '/api/v1/runs.',
    `/${'a'.repeat(600)}`,
    'http://127.0.0.1/api/v1/runs',
  ])('"%s" is read in one way or not at all', async (path) => {
    const { status, body } = await send(path);
    expect([status, nameOf(body)]).toEqual([400, 'bad-path']);
  });

  it.each(['/api/v1/runs/', '/API/v1/runs', '/api/v2/runs', '/', '/index.html'])(
    '"%s" is nothing here',
    async (path) => {
      expect((await send(path)).status).toBe(404);
    }
  );

  it('a parameter given twice is refused, and one that is not known', async () => {
    const twice = await send('/api/v1/runs?limit=1&limit=2');
    expect(JSON.parse(twice.body).errors).toEqual([{ field: 'query.limit', message: 'is given twice' }]);
    const unknown = await send('/api/v1/targets?role=Admin');
    expect(JSON.parse(unknown.body).errors).toEqual([{ field: 'query.role', message: 'is not known here' }]);
    const proto = await send('/api/v1/runs?__proto__=1');
    expect(proto.status).toBe(400);
  });
});

describe('where a request comes from', () => {
  it.each(['evil.example', 'localhost.evil.example', '10.0.0.1', '127.0.0.1.nip.io:80', 'a b', '[::2]', '127.0.0.1:x'])(
    'the host "%s" is refused (DNS rebinding)',
    async (host) => {
      const { status, body } = await send('/api/v1/status', { host });
      expect([status, nameOf(body)]).toEqual([403, 'wrong-origin']);
    }
  );

  it.each(['localhost:8787', '127.0.0.1', '[::1]:1', 'LOCALHOST', 'evenkeel.test:8787'])(
    'the host "%s" is ours',
    async (host) => {
      expect((await send('/api/v1/status', { host })).status).toBe(200);
    }
  );

  it.each([
    ['without a host', ''],
    ['with two hosts', 'Host: localhost\r\nHost: evil.example\r\n'],
  ])('a request %s is refused in the words of the contract', async (_, hosts) => {
    const socket = connect(service.port, '127.0.0.1');
    const head = `GET /api/v1/status HTTP/1.1\r\n${hosts}Connection: close\r\nAuthorization: Bearer ${TOKENS.Admin}\r\n\r\n`;
    const answer = Buffer.concat(await socket.end(head).toArray()).toString();
    expect(answer).toMatch(/^HTTP\/1.1 403 /);
    expect(answer).toContain('application/problem+json');
  });

  it.each([
    [{ 'sec-fetch-site': 'cross-site' }, 403],
    [{ 'sec-fetch-site': 'same-site' }, 403],
    [{ 'sec-fetch-site': 'same-origin' }, 200],
    [{ 'sec-fetch-site': 'none' }, 200],
    [{ origin: 'https://evil.example' }, 403],
    [{ origin: 'null' }, 403],
  ] as [Record<string, string>, number][])('%j gets %d', async (headers, status) => {
    expect((await send('/api/v1/status', headers)).status).toBe(status);
  });

  it('no answer allows another origin, and a preflight is refused', async () => {
    const preflight = await send('/api/v1/runs', { 'access-control-request-method': 'POST' }, 'OPTIONS');
    expect(preflight.status).toBe(405);
    expect(Object.keys(preflight.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });
});

describe('the body', () => {
  const start = (body: string, headers: Record<string, string>) => send('/api/v1/runs', headers, 'POST', body);
  const json = { 'content-type': 'application/json' };

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/jsonp',
    'application/json; charset=latin1',
    '',
  ])('as "%s" is not JSON', async (type) => {
    const { status, body } = await start('{}', type ? { 'content-type': type } : {});
    expect([status, nameOf(body)]).toEqual([415, 'not-json']);
  });

  it('is not JSON either when a route without a body gets a form', async () => {
    const stop = await send('/api/v1/runs/x/stop', { 'content-type': 'text/plain' }, 'POST', 'x=1');
    expect(stop.status).toBe(415);
  });

  it('compressed is refused unread', async () => {
    expect((await start('x', { ...json, 'content-encoding': 'gzip' })).status).toBe(415);
  });

  it.each([256 * 1024 + 1, 2_000_000])('of %d bytes is too large, and says the limit', async (size) => {
    const { status, body } = await start(JSON.stringify('x'.repeat(size)), json);
    expect([status, JSON.parse(body).errors[0].limit]).toEqual([413, 256 * 1024]);
  });

  it.each(['{', '"text"', '[1,2', 'null', '\u0000', '[]'])('"%s" is refused and named', async (text) => {
    const { status, body } = await start(text, json);
    expect(status).toBe(400);
    expect(JSON.parse(body).errors[0].field).toBe('body');
  });

  it('nested without end does no harm', async () => {
    expect((await start('['.repeat(100_000), json)).status).toBe(400);
    expect((await start(`${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`, json)).status).toBe(400);
  });

  it('with everything wrong names every field with its limit at once', async () => {
    const { body } = await start(
      JSON.stringify({
        targetId: 'no spaces please',
        role: 'Admin',
        scenario: { name: '', load: { model: 'users', users: 5, spawnRate: 1000, durationSeconds: 10 } },
      }),
      json
    );
    const errors = JSON.parse(body).errors as { field: string; limit?: number }[];
    expect(Object.fromEntries(errors.map(({ field, limit }) => [field, limit]))).toEqual({
      'body.targetId': undefined,
      'body.role': undefined,
      'body.scenario.name': 1,
      'body.scenario.load.users': 10,
      'body.scenario.load.spawnRate': 100,
    });
  });
});

it('sends the headers that keep a browser from doing anything with an answer', async () => {
  const { headers } = await send('/api/v1/status');
  expect(headers).toMatchObject({
    'content-security-policy': "default-src 'none';frame-ancestors 'none'",
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
  });
  expect(headers['x-powered-by']).toBeUndefined();
  expect(headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
});

describe('how often', () => {
  it('is counted for each subject and class, and answered with when to come back', async () => {
    const budgets = { public: 100, read: 5, write: 100, start: 100, stream: 100, stop: 100 };
    const own = await startFakeService({ budgets });
    const get = (token: string, path = '/api/v1/status') =>
      rawRequest(own.port, 'GET', path, { authorization: `Bearer ${token}` });
    const statuses: number[] = [];
    for (let i = 0; i < 7; i++) statuses.push((await get(TOKENS.Viewer)).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429, 429]);
    const refused = await get(TOKENS.Viewer);
    expect(nameOf(refused.body)).toBe('too-many-requests');
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect((await get(TOKENS.Editor)).status).toBe(200);
    expect((await get(TOKENS.Viewer, '/healthz')).status).toBe(200);
    await own.close();
  });

  it('wrong tokens are tried is bounded, and a right one still gets in', async () => {
    const own = await startFakeService();
    const get = (token: string) => rawRequest(own.port, 'GET', '/api/v1/status', { authorization: `Bearer ${token}` });
    const statuses = new Map<number, number>();
    for (let i = 0; i < 80; i++) {
      const { status } = await get(`guess-${i}`);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
    expect([...statuses]).toEqual([
      [401, 60],
      [429, 20],
    ]);
    expect(own.warnings).toHaveLength(61);
    expect(own.warnings.at(-1)).toContain('not logged');
    expect((await get(TOKENS.Viewer)).status).toBe(200);
    await own.close();
  });
});

describe('without any token', () => {
  let open: FakeService;
  beforeAll(async () => {
    open = await startFakeService({ tokens: [] });
  });
  afterAll(() => open.close());

  it('this machine is Admin, whatever it claims', async () => {
    const { body } = await rawRequest(open.port, 'GET', '/api/v1/status', { 'x-evenkeel-role': 'Viewer' });
    expect(JSON.parse(body).you).toEqual({ subject: 'local', role: 'Admin', verified: false });
  });

  it('a page of another site cannot stop a run by a form', async () => {
    const form = { origin: 'http://evil.example', 'content-type': 'text/plain' };
    expect((await rawRequest(open.port, 'POST', '/api/v1/safety/stop-all', form, '{}')).status).toBe(403);
    const quiet = await rawRequest(open.port, 'POST', '/api/v1/safety/stop-all', { 'sec-fetch-site': 'cross-site' });
    expect(quiet.status).toBe(403);
    expect(open.services.safety.state.engaged).toBe(false);
  });
});
