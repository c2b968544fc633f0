import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';
import { type FakeService, startFakeService, TOKENS } from './fakeService.ts';
import { GrafanaIdentity } from './grafanaIdentity.ts';

type Keys = Awaited<ReturnType<typeof generateKeyPair>>;

let grafana: Server;
let keys: Keys;
let strangers: Keys;
let published: JWK[];
let fetches = 0;
let broken = false;
let url: string;
let service: FakeService;

beforeAll(async () => {
  keys = await generateKeyPair('ES256', { extractable: true });
  strangers = await generateKeyPair('ES256', { extractable: true });
  published = [{ ...(await exportJWK(keys.publicKey)), kid: 'k1', alg: 'ES256', use: 'sig' }];
  grafana = createServer((request, response) => {
    fetches++;
    if (broken || request.url !== '/grafana/api/signing-keys/keys') {
      response.writeHead(500).end();
      return;
    }
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: published }));
  });
  await new Promise<void>((resolve) => grafana.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(grafana.address() as AddressInfo).port}/grafana/`;
  service = await startFakeService({ grafana: new GrafanaIdentity({ url, orgId: 1 }) });
});
afterAll(async () => {
  await service.close();
  grafana.closeAllConnections();
  await new Promise((resolve) => grafana.close(resolve));
});

const sign = (claims: JWTPayload, by: Keys = keys, kid = 'k1', expires: string | number = '10m') =>
  new SignJWT({ username: 'ada', role: 'Editor', aud: 'org:1', ...claims })
    .setProtectedHeader({ alg: 'ES256', kid })
    .setSubject('user:42')
    .setExpirationTime(expires)
    .sign(by.privateKey);

const call = (method: string, path: string, headers: Record<string, string>, at = service) =>
  fetch(`${at.url}/api/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${TOKENS.grafana}`,
      ...(method === 'GET' ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    body: method === 'GET' ? undefined : '{}',
  });
const you = async (headers: Record<string, string>) =>
  ((await (await call('GET', '/status', headers)).json()) as { you: object }).you;
const release = (headers: Record<string, string>, at = service) => call('POST', '/safety/release', headers, at);

it('names the user that Grafana signed for, with the lower of the two roles', async () => {
  const id = await sign({});
  expect(await you({ 'x-evenkeel-role': 'Admin', 'x-grafana-id': id })).toEqual({
    subject: 'user:ada',
    role: 'Editor',
    verified: true,
  });
  expect(await you({ 'x-evenkeel-role': 'Viewer', 'x-grafana-id': id })).toMatchObject({ role: 'Viewer' });
  expect((await release({ 'x-evenkeel-role': 'Admin', 'x-grafana-id': id })).status).toBe(403);
  const admin = await sign({ role: 'Admin' });
  expect((await release({ 'x-evenkeel-role': 'Admin', 'x-grafana-id': admin })).status).toBe(200);
});

it('falls back on the subject, and on the route for the role, when the token does not tell them', async () => {
  const id = await sign({ username: undefined, role: undefined });
  expect(await you({ 'x-evenkeel-role': 'Admin', 'x-grafana-id': id })).toMatchObject({
    subject: 'user:42',
    role: 'Admin',
  });
});

it('refuses tokens that this Grafana did not sign for now and for this organisation', async () => {
  const [header, , signature] = (await sign({})).split('.');
  const claims = Buffer.from(JSON.stringify({ sub: 'user:1', role: 'Admin', aud: 'org:1', exp: 4e9 })).toString(
    'base64url'
  );
  const none = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${claims}.`;
  const bad = {
    stranger: await sign({}, strangers),
    expired: await sign({}, keys, 'k1', Math.floor(Date.now() / 1000) - 120),
    'other organisation': await sign({ aud: 'org:2' }),
    'unknown key': await sign({}, strangers, 'k2'),
    'changed claims': `${header}.${claims}.${signature}`,
    'no signature': none,
    garbage: 'x.y.z',
  };
  for (const [what, token] of Object.entries(bad)) {
    const headers = { 'x-evenkeel-role': 'Admin', 'x-grafana-id': token };
    expect(`${what}: ${(await release(headers)).status}`).toBe(`${what}: 401`);
    expect(`${what}: ${(await call('GET', '/status', headers)).status}`).toBe(`${what}: 401`);
  }
});

it('needs the signature for changes, not for reading, and never for stopping everything', async () => {
  const headers = { 'x-evenkeel-role': 'Admin' };
  expect((await release(headers)).status).toBe(401);
  expect(await you(headers)).toEqual({ subject: 'grafana', role: 'Admin', verified: false });
  expect((await call('POST', '/safety/stop-all', { 'x-evenkeel-role': 'Viewer' })).status).toBe(200);
});

it('fetches the keys once, not for each request', async () => {
  const id = await sign({});
  const before = fetches;
  for (let i = 0; i < 10; i++) await you({ 'x-grafana-id': id });
  expect(fetches).toBe(before);
});

it('says that it cannot tell while Grafana is away, lets reading go on, and lets everybody stop everything', async () => {
  broken = true;
  const own = await startFakeService({ grafana: new GrafanaIdentity({ url }) });
  const headers = { 'x-evenkeel-role': 'Admin', 'x-grafana-id': await sign({}) };
  const refused = await release(headers, own);
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
  expect((await call('GET', '/status', headers, own)).status).toBe(200);
  expect((await call('POST', '/safety/stop-all', headers, own)).status).toBe(200);
  broken = false;
  await own.close();
});

it('ignores the signed identity beside a token of its own role', async () => {
  const response = await call('GET', '/status', {
    authorization: `Bearer ${TOKENS.Viewer}`,
    'x-grafana-id': await sign({ role: 'Admin' }),
    'x-evenkeel-role': 'Admin',
  });
  expect(((await response.json()) as { you: object }).you).toEqual({
    subject: 'token:viewer',
    role: 'Viewer',
    verified: true,
  });
});
