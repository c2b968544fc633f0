import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';
import { GrafanaIdentity, type GrafanaUser } from './grafanaIdentity.ts';
import { type FakeService, startFakeService, TOKENS } from './testing/fakeService.ts';

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

const sign = (
  claims: JWTPayload,
  by: Keys = keys,
  kid = 'k1',
  expires: string | number = '10m',
  subject: string = 'user:42'
) =>
  new SignJWT({ username: 'ada', role: 'Editor', aud: 'org:1', ...claims })
    .setProtectedHeader({ alg: 'ES256', kid })
    .setSubject(subject)
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

it('falls back on the subject for the name', async () => {
  const id = await sign({ username: undefined });
  expect(await you({ 'x-evenkeel-role': 'Admin', 'x-grafana-id': id })).toMatchObject({
    subject: 'user:42',
    role: 'Editor',
  });
});

it.each([
  ['user:42', 'ada', 'user:ada'],
  ['service-account:9', 'admin', 'service-account:admin'],
  ['api-key:3', 'admin', 'api-key:admin'],
  ['service-account:9', '', 'service-account:9'],
  ['user:42', 'a\nb\tc\u202ed', 'user:a\\u000ab\\u0009c\\u202ed'],
  ['user:4\t2', 7, 'user:4\\u00092'],
  ['user:42', 'x'.repeat(500), `user:${'x'.repeat(195)}`],
  // An escape is not cut in two, nor half a character left.
  ['user:42', '\n'.repeat(500), `user:${'\\u000a'.repeat(195)}`],
  ['user:42', `${'x'.repeat(194)}\u{1f600}`, `user:${'x'.repeat(194)}\ufffd`],
])('calls sub %j with the name %j "%s"', async (subject, username, name) => {
  const id = await sign({ username }, keys, 'k1', '10m', subject);
  expect(await you({ 'x-grafana-id': id })).toMatchObject({ subject: name, verified: true });
});

it.each([5, null, true, ['user:1'], { user: 1 }, undefined])('does not accept %j as a sub', async (sub) => {
  const claims = { sub, username: 'ada', role: 'Admin', aud: 'org:1' } as unknown as JWTPayload;
  const token = new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: 'k1' }).setExpirationTime('10m');
  const headers = { 'x-evenkeel-role': 'Admin', 'x-grafana-id': await token.sign(keys.privateKey) };
  expect((await release(headers)).status).toBe(401);
  expect((await call('GET', '/status', headers)).status).toBe(401);
});

it.each([undefined, '', 'None', 'admin', 'Grafana Admin', 7, ['Admin']])(
  'gives the lowest role, not that of the route, to an identity whose role is %j',
  async (role) => {
    const headers = { 'x-evenkeel-role': 'Admin', 'x-grafana-id': await sign({ role }) };
    expect(await you(headers)).toEqual({ subject: 'user:ada', role: 'Viewer', verified: true });
    expect((await release(headers)).status).toBe(403);
  }
);

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

it('needs the signature for changes, not for reading', async () => {
  const headers = { 'x-evenkeel-role': 'Admin' };
  expect((await release(headers)).status).toBe(401);
  expect(await you(headers)).toEqual({ subject: 'grafana', role: 'Admin', verified: false });
});

describe('the safety lever', () => {
  const stop = (path: 'stop-all' | 'stop-all-as-editor', headers: Record<string, string>, at = service) =>
    call('POST', `/safety/${path}`, headers, at);
  const through = { viewer: { 'x-evenkeel-role': 'Viewer' }, editor: { 'x-evenkeel-role': 'Editor' } };

  it('is pulled by anybody who is proven to be somebody, and the audit log names them', async () => {
    const id = await sign({ username: 'vera', role: 'Viewer' });
    expect((await stop('stop-all', { ...through.viewer, 'x-grafana-id': id })).status).toBe(200);
    const robot = await sign({ username: undefined, role: 'Viewer' }, keys, 'k1', '10m', 'service-account:7');
    expect((await stop('stop-all', { ...through.viewer, 'x-grafana-id': robot })).status).toBe(200);
    const [second, first] = service.services.audit.list(2);
    expect([first, second]).toMatchObject([
      { subject: 'user:vera', verified: true, status: 200 },
      { subject: 'service-account:7', verified: true, status: 200 },
    ]);
  });

  // Grafana signs identities of anonymous visitors as well.
  it.each(['anonymous:0', 'render:0', 'access-policy:1', 'user:', '', 'user'])(
    'is out of reach for whoever Grafana let in as "%s"',
    async (subject) => {
      const id = await sign({ username: undefined, role: 'Viewer' }, keys, 'k1', '10m', subject);
      const refused = await stop('stop-all', { ...through.viewer, 'x-grafana-id': id });
      expect([refused.status, await refused.text()]).toEqual([403, expect.stringContaining('somebody who signed in')]);
      expect(await you({ ...through.viewer, 'x-grafana-id': id })).toMatchObject({ role: 'Viewer', verified: false });
    }
  );

  it.each(['anonymous:0', 'render:0', 'access-policy:1', ''])(
    'is out of reach for "%s" by either door, whatever role Grafana gave it',
    async (subject) => {
      for (const role of ['Editor', 'Admin']) {
        const id = await sign({ username: 'admin', role }, keys, 'k1', '10m', subject);
        for (const path of ['stop-all', 'stop-all-as-editor'] as const) {
          const refused = await stop(path, { 'x-evenkeel-role': role, 'x-grafana-id': id });
          expect([refused.status, await refused.text()]).toEqual([403, expect.stringContaining('not signed in')]);
          expect(service.services.audit.list(1)).toMatchObject([
            { subject: 'anonymous', verified: false, status: 403 },
          ]);
        }
      }
    }
  );

  it('is out of reach for a Viewer without a signature or with a bad one, whom an Editor needs not have', async () => {
    const bad = await sign({}, strangers);
    const proofs: Record<string, string>[] = [{}, { 'x-grafana-id': bad }, { 'x-grafana-id': 'x.y.z' }];
    for (const forged of proofs) {
      expect((await stop('stop-all', { ...through.viewer, ...forged })).status).toBe(403);
      expect((await stop('stop-all-as-editor', { ...through.viewer, ...forged })).status).toBe(403);
      expect((await stop('stop-all-as-editor', { ...through.editor, ...forged })).status).toBe(200);
    }
  });

  it('is not kept from Editors by the many who may not pull it', async () => {
    const own = await startFakeService({
      budgets: { public: 9, read: 9, write: 9, start: 9, stream: 9, stop: 3 },
    });
    const statuses = [];
    for (let i = 0; i < 5; i++) statuses.push((await stop('stop-all', through.viewer, own)).status);
    expect(statuses).toEqual([403, 403, 403, 429, 429]);
    expect((await stop('stop-all-as-editor', through.editor, own)).status).toBe(200);
    await own.close();
  });
});

it('changes nothing for an anonymous visitor whom Grafana gave a higher role', async () => {
  const id = await sign({ username: undefined, role: 'Admin' }, keys, 'k1', '10m', 'anonymous:0');
  const headers = { 'x-evenkeel-role': 'Admin', 'x-grafana-id': id };
  expect((await release(headers)).status).toBe(401);
  expect(await you(headers)).toEqual({ subject: 'anonymous', role: 'Admin', verified: false });
});

it('knows its Grafana by the address that it signs with, with or without the slash at the end', async () => {
  const own = await startFakeService({ grafana: new GrafanaIdentity({ url, issuer: 'https://g.example/graf' }) });
  const through = async (iss: string) => {
    const headers = { 'x-evenkeel-role': 'Admin', 'x-grafana-id': await sign({ iss, role: 'Admin' }) };
    return (await release(headers, own)).status;
  };
  expect(await through('https://g.example/graf/')).toBe(200);
  expect(await through('https://g.example/graf')).toBe(200);
  expect(await through('https://g.example/')).toBe(401);
  await own.close();
});

it('fetches the keys once, not for each request', async () => {
  const id = await sign({});
  const before = fetches;
  for (let i = 0; i < 10; i++) await you({ 'x-grafana-id': id });
  expect(fetches).toBe(before);
});

it('says that it cannot tell while Grafana is away, lets reading go on, and lets Editors stop everything', async () => {
  broken = true;
  const own = await startFakeService({ grafana: new GrafanaIdentity({ url }) });
  const headers = { 'x-evenkeel-role': 'Admin', 'x-grafana-id': await sign({}) };
  const refused = await release(headers, own);
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
  expect((await call('GET', '/status', headers, own)).status).toBe(200);
  expect((await call('POST', '/safety/stop-all-as-editor', headers, own)).status).toBe(200);
  const viewer = { ...headers, 'x-evenkeel-role': 'Viewer' };
  expect((await call('POST', '/safety/stop-all', viewer, own)).status).toBe(403);
  broken = false;
  await own.close();
});

it('does not blame the identity for keys that are none', async () => {
  const kept = published;
  published = 'none' as unknown as JWK[];
  const own = await startFakeService({ grafana: new GrafanaIdentity({ url }) });
  expect((await release({ 'x-evenkeel-role': 'Admin', 'x-grafana-id': await sign({}) }, own)).status).toBe(503);
  published = kept;
  await own.close();
});

it('waits for no Grafana that hangs when an Editor stops everything, and names the person when it answers', async () => {
  let answer = (_user: GrafanaUser) => {};
  const asked = new Promise<GrafanaUser>((resolve) => {
    answer = resolve;
  });
  const own = await startFakeService({ grafana: { verify: () => asked } });
  const editor = { 'x-evenkeel-role': 'Editor', 'x-grafana-id': 'x.y.z' };
  // No answer ever comes before these: whoever waited for it would wait for ever.
  for (const path of ['/safety/stop-all-as-editor', '/safety/stop-all']) {
    expect((await call('POST', path, editor, own)).status).toBe(200);
    expect(own.services.audit.list(1)).toMatchObject([{ subject: 'grafana', verified: false, status: 200 }]);
  }
  // For a Viewer the identity decides.
  const viewer = call('POST', '/safety/stop-all', { ...editor, 'x-evenkeel-role': 'Viewer' }, own);
  await call('POST', '/safety/stop-all-as-editor', editor, own);
  answer({ subject: 'user:ada', role: 'Editor', signedIn: true });
  expect((await viewer).status).toBe(200);
  expect((await call('POST', '/safety/stop-all-as-editor', editor, own)).status).toBe(200);
  expect(own.services.audit.list(2)).toMatchObject([
    { subject: 'user:ada', verified: true, role: 'Editor' },
    { subject: 'user:ada', verified: true, role: 'Viewer' },
  ]);
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
