import { problemSchema } from '@evenkeel/contract/problem';
import { ROLES } from '@evenkeel/contract/role';
import { lowestRole, type Route } from './route.ts';
import { type FakeService, startFakeService, TOKENS } from './testing/fakeService.ts';

let service: FakeService;
beforeAll(async () => {
  service = await startFakeService();
});
afterAll(() => service.close());

interface Operation {
  readonly 'x-evenkeel-access': string;
  readonly responses: Readonly<Record<string, { content?: Record<string, unknown> }>>;
  readonly requestBody?: unknown;
  readonly security: unknown[];
}
type Document = { paths: Record<string, Record<string, Operation>> };

const as = (token: string | null, extra: Record<string, string> = {}): Record<string, string> => ({
  ...(token === null ? {} : { authorization: `Bearer ${token}` }),
  ...extra,
});

/** A call about a thing that does not exist: what is looked at is who may ask. */
const call = (method: string, path: string, headers: Record<string, string>) => {
  const writes = method !== 'get';
  return fetch(`${service.url}${path.replace('{id}', 'no-such-thing')}`, {
    method: method.toUpperCase(),
    headers: { ...headers, ...(writes ? { 'content-type': 'application/json' } : {}) },
    body: writes ? '{}' : undefined,
  });
};

async function document(): Promise<Document> {
  const response = await fetch(`${service.url}/api/v1/openapi.json`, { headers: as(TOKENS.Viewer) });
  return (await response.json()) as Document;
}

it('documents exactly the routes that it has', async () => {
  const { paths } = await document();
  const documented = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((m) => `${m} ${path}`)
  );
  const served = service.routes.map(({ method, path }) => `${method} ${path}`);
  expect(documented.toSorted()).toEqual(served.toSorted());
  expect(new Set(served).size).toBe(served.length);
});

it('gives every route a role, a rate class, and a documented refusal for every way to fail', async () => {
  const { paths } = await document();
  for (const [path, methods] of Object.entries(paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      const route = service.routes.find((r) => r.method === method && r.path === path)!;
      expect(operation['x-evenkeel-access']).toBe(route.access);
      const statuses = Object.keys(operation.responses);
      for (const status of ['400', '403', '429', '500']) expect(statuses).toContain(status);
      if (route.access !== 'public') expect(statuses).toContain('401');
      if (operation.requestBody) expect(statuses).toContain('413');
      if (operation.requestBody) expect(statuses.includes('415')).toBe(!route.safeDirection);
      expect(operation.security.length).toBe(route.access === 'public' ? 0 : 1);
    }
  }
});

/** Nobody who comes through Grafana is proven here: this service does not know where its keys are. */
const allowed = (route: Route, role: (typeof ROLES)[number], proven: boolean) => {
  if (route.access === 'signed-in') return proven || role !== 'Viewer';
  return ROLES.indexOf(role) >= ROLES.indexOf(lowestRole(route.access));
};

it('lets every role do what the document says, on every route, with its own token and through Grafana', async () => {
  const { paths } = await document();
  let calls = 0;
  for (const [path, methods] of Object.entries(paths)) {
    for (const method of Object.keys(methods)) {
      const route = service.routes.find((r) => r.method === method && r.path === path)!;
      for (const role of ROLES) {
        const ways = [
          { proven: true, headers: as(TOKENS[role]) },
          { proven: false, headers: as(TOKENS.grafana, { 'x-evenkeel-role': role }) },
        ];
        for (const { proven, headers } of ways) {
          const response = await call(method, path, headers);
          calls++;
          const refused = response.status === 403;
          expect(`${method} ${path} as ${role}: ${refused}`).toBe(
            `${method} ${path} as ${role}: ${!allowed(route, role, proven)}`
          );
          expect(response.status).not.toBe(401);
          expect(response.status).toBeLessThan(500);
          expect(Object.keys(methods[method]!.responses)).toContain(String(response.status));
          await checkBody(response, methods[method]!);
        }
      }
      const open = await call(method, path, as(null));
      expect(open.status === 401).toBe(route.access !== 'public');
      await open.body?.cancel();
    }
  }
  expect(calls).toBe(service.routes.length * 6);
  expect(service.mistakes).toEqual([]);
});

async function checkBody(response: Response, operation: Operation): Promise<void> {
  const type = (response.headers.get('content-type') ?? '').split(';')[0]!;
  const documented = operation.responses[String(response.status)]?.content;
  if (type !== '') expect(Object.keys(documented ?? {})).toContain(type);
  if (response.status >= 400) expect(problemSchema.safeParse(await response.json()).error).toBeUndefined();
  else await response.body?.cancel();
}

describe('the role header', () => {
  const release = (headers: Record<string, string>) => call('post', '/api/v1/safety/release', headers);

  it('means nothing with a token that has its own role', async () => {
    expect((await release(as(TOKENS.Viewer, { 'x-evenkeel-role': 'Admin' }))).status).toBe(403);
  });

  it.each([[{}], [{ 'x-evenkeel-role': 'admin' }], [{ 'x-evenkeel-role': 'Admin, Viewer' }]])(
    'missing or garbled, is Viewer: %j',
    async (extra) => {
      expect((await release(as(TOKENS.grafana, extra))).status).toBe(403);
      expect((await call('get', '/api/v1/status', as(TOKENS.grafana, extra))).status).toBe(200);
    }
  );

  it('is not replaced by headers that anybody can write', async () => {
    const forged = {
      'x-grafana-user': 'admin',
      'x-grafana-role': 'Admin',
      'x-grafana-context': JSON.stringify({ orgRole: 'Admin', login: 'admin' }),
    };
    expect((await release(as(TOKENS.grafana, forged))).status).toBe(403);
    const status = await fetch(`${service.url}/api/v1/status`, { headers: as(TOKENS.grafana, forged) });
    expect(((await status.json()) as { you: unknown }).you).toEqual({
      subject: 'grafana',
      role: 'Viewer',
      verified: false,
    });
  });

  it('works with both of two tokens while one replaces the other', async () => {
    for (const token of [TOKENS.grafana, TOKENS.grafanaNext]) {
      expect((await release(as(token, { 'x-evenkeel-role': 'Admin' }))).status).toBe(200);
    }
  });
});

it.each(['', 'Bearer', 'Bearer wrong-token-0123456789', `Basic ${TOKENS.Admin}`, `Bearer ${TOKENS.Admin}x`])(
  'refuses the authorization "%s" and says how to sign in',
  async (authorization) => {
    const response = await fetch(`${service.url}/api/v1/status`, { headers: authorization ? { authorization } : {} });
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toContain('Bearer');
  }
);

it('does not take a token from the query', async () => {
  expect((await fetch(`${service.url}/api/v1/status?token=${TOKENS.Admin}`)).status).toBe(401);
});

it('answers a wrong verb with 405 and what it knows', async () => {
  const response = await fetch(`${service.url}/api/v1/runs/x/stop`, { method: 'DELETE', headers: as(TOKENS.Admin) });
  expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
  const runs = await fetch(`${service.url}/api/v1/runs`, { method: 'PUT', headers: as(TOKENS.Admin) });
  expect(runs.headers.get('allow')).toBe('POST, GET, HEAD');
});

it('records every change with who, what and the outcome, and no reading', async () => {
  const own = await startFakeService();
  const post = (path: string, token: string, body: object) =>
    fetch(`${own.url}/api/v1${path}`, {
      method: 'POST',
      headers: as(token, { 'content-type': 'application/json' }),
      body: JSON.stringify(body),
    });
  await post('/runs', TOKENS.Editor, { targetId: 'shop', scenarioId: 'steady' });
  await post('/runs', TOKENS.Viewer, { targetId: 'shop', scenarioId: 'steady' });
  await post('/runs', TOKENS.Editor, { targetId: 'elsewhere', scenarioId: 'steady' });
  await fetch(`${own.url}/api/v1/runs`, { headers: as(TOKENS.Viewer) });
  const response = await fetch(`${own.url}/api/v1/audit`, { headers: as(TOKENS.Admin) });
  const { entries } = (await response.json()) as { entries: { subject: string; status: number; object: string }[] };
  expect(entries.map(({ subject, status, object }) => [subject, status, object])).toEqual([
    ['token:editor', 422, 'target elsewhere'],
    ['token:viewer', 403, ''],
    ['token:editor', 201, 'run run-1 on shop (http://127.0.0.1:9000/)'],
  ]);
  await own.close();
});
