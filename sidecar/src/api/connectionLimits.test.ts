import { connect, type Socket } from 'node:net';
import { rawRequest } from './rawRequest.ts';
import { type FakeService, type FakeServiceOptions, startFakeService, TOKENS } from './testing/fakeService.ts';

const services: FakeService[] = [];
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const service of services.splice(0)) await service.close();
});

/** Late requests are looked for all the time, so that tests need not wait. */
const HASTY = { headMs: 150, requestMs: 300, lookEveryMs: 20 };

async function start(options: FakeServiceOptions = {}): Promise<FakeService> {
  const service = await startFakeService(options);
  services.push(service);
  return service;
}

interface Peer {
  readonly socket: Socket;
  /** What the service said so far. */
  said(): string;
  /** Resolves when the service has closed the connection in both directions. */
  readonly closed: Promise<unknown>;
}

/** A connection on which this is sent and then nothing more. A peer that is rude keeps its half open when the service has ended its own. */
async function open(service: FakeService, sent = '', from = '127.0.0.1', isRude = true): Promise<Peer> {
  const socket = connect({ host: '127.0.0.1', port: service.port, localAddress: from, allowHalfOpen: isRude });
  sockets.push(socket);
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
  });
  socket.on('error', () => {});
  const closed = new Promise((resolve) => socket.once('close', resolve));
  await new Promise((resolve) => socket.once('connect', resolve));
  if (sent !== '') socket.write(sent);
  return { socket, said: () => text, closed };
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 5));
}

const HEAD = `Host: 127.0.0.1\r\nAuthorization: Bearer ${TOKENS.Admin}\r\n`;
const PUT_HALF = `PUT /api/v1/scenarios/x HTTP/1.1\r\n${HEAD}Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"sce`;
const admin = { authorization: `Bearer ${TOKENS.Admin}` };
const statusOf = async (service: FakeService, path: string, method = 'GET') =>
  (await rawRequest(service.port, method, path, admin)).status;

it.each([
  ['says nothing', ''],
  ['begins a line', 'GET /heal'],
  ['begins a header', `GET /healthz HTTP/1.1\r\n${HEAD}X-Slow: `],
  ['begins a body', PUT_HALF],
  ['begins a piece of a body', `${PUT_HALF.replace('Content-Length: 1000', 'Transfer-Encoding: chunked')}\r\nff\r\nab`],
  ['speaks another language', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n'],
  ['sends a head without end', `GET / HTTP/1.1\r\n${'x'.repeat(20_000)}`],
])('closes the connection of a peer that %s, though the peer does not', async (_what, sent) => {
  const service = await start({ patience: HASTY });
  const peer = await open(service, sent);
  // A peer that keeps its half open notices only by the reset that answers what it writes.
  const writing = setInterval(() => peer.socket.write('x'), 20);
  await peer.closed;
  clearInterval(writing);
  expect(peer.said()).toMatch(/^(HTTP\/1\.1 (400|408) |$)/);
  await until(() => service.connections.open === 0);
});

it('answers a malformed request in full before it closes', async () => {
  const service = await start();
  const peer = await open(service, 'nonsense\r\n\r\n', '127.0.0.1', false);
  await peer.closed;
  expect(peer.said()).toMatch(/^HTTP\/1\.1 400 Bad Request\r\nConnection: close\r\n/);
  expect(JSON.parse(peer.said().split('\r\n\r\n')[1]!)).toMatchObject({ status: 400, title: expect.any(String) });
});

it('gives up a connection whose peer has ended its half', async () => {
  const service = await start();
  const peers = await Promise.all(['', 'GET /heal', PUT_HALF].map((sent) => open(service, sent)));
  await until(() => service.connections.open === 3);
  for (const { socket } of peers) socket.end();
  await until(() => service.connections.open === 0);
});

it.each([
  ['of one peer', { perPeer: 20, total: 1000, reserve: 0 }],
  ['in all', { perPeer: 1000, total: 20, reserve: 0 }],
])(
  'drops the connection that has waited longest when there are too many %s, and answers throughout',
  async (_what, limits) => {
    const service = await start({ connections: limits });
    const first = await open(service, '', '127.0.0.1', false);
    const second = await open(service, PUT_HALF, '127.0.0.1', false);
    const others: Peer[] = [];
    for (let i = 0; i < 300; i++) {
      others.push(await open(service, ['', 'GET /heal', PUT_HALF][i % 3]));
      if (i % 30 === 0) {
        expect(await statusOf(service, '/healthz')).toBe(200);
        expect(await statusOf(service, '/api/v1/status')).toBe(200);
        expect(await statusOf(service, '/api/v1/safety/stop-all', 'POST')).toBe(200);
      }
      expect(service.connections.open).toBeLessThanOrEqual(21);
    }
    await Promise.all([first.closed, second.closed]);
    expect(service.connections.dropped).toBeGreaterThanOrEqual(280);
  }
);

it('takes connections of one peer from that peer: those of others stay', async () => {
  const service = await start({ connections: { perPeer: 10, total: 1000 } });
  const quiet = await open(service, '', '127.0.0.2');
  for (let i = 0; i < 50; i++) await open(service);
  quiet.socket.write(`GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`);
  await until(() => quiet.said().includes('"ok"'));
});

it('keeps a reserve for health, metrics and the emergency stop while every connection is in use', async () => {
  const service = await start({ connections: { perPeer: 4, total: 100, reserve: 3 }, load: { tickMs: 50 } });
  const { run } = service.services.runs.start({ targetId: 'shop', scenarioId: 'steady' }, 'somebody');
  const streams = [];
  for (let i = 0; i < 4; i++) {
    const stream = await open(service, `GET /api/v1/runs/${run.id}/events HTTP/1.1\r\n${HEAD}\r\n`);
    await until(() => stream.said().includes('event: snapshot'));
    streams.push(stream);
  }
  for (const path of ['/healthz', '/readyz', '/metrics'])
    expect([path, await statusOf(service, path)]).toEqual([path, 200]);
  const refused = await rawRequest(service.port, 'GET', '/api/v1/status', admin);
  expect([refused.status, refused.headers.connection]).toEqual([503, 'close']);
  expect(JSON.parse(refused.body)).toMatchObject({ type: 'urn:evenkeel:problem:overloaded', retryAfterSeconds: 5 });
  const unknown = await rawRequest(service.port, 'POST', '/api/v1/safety/stop-all', { authorization: 'Bearer wrong' });
  expect(unknown.status).toBe(503);
  // Whoever fills the reserve and waits loses it to the next.
  for (let i = 0; i < 20; i++) await open(service, 'POST /api/v1/safety/st');
  expect(await statusOf(service, '/api/v1/safety/stop-all', 'POST')).toBe(200);
  expect(streams.every(({ socket }) => !socket.destroyed)).toBe(true);
  for (const { socket } of streams) socket.destroy();
  await until(async () => (await statusOf(service, '/api/v1/status')) === 200);
});

it('drops whoever does not read an answer before it turns others away', async () => {
  const service = await start({ connections: { perPeer: 3, total: 100, reserve: 1 } });
  const body = JSON.stringify({ scenario: { ...SCENARIO, request: { method: 'POST', body: 'x'.repeat(60_000) } } });
  for (let i = 0; i < 120; i++) {
    const headers = { ...admin, 'content-type': 'application/json' };
    expect((await rawRequest(service.port, 'POST', '/api/v1/scenarios', headers, body)).status).toBe(201);
  }
  for (let i = 0; i < 3; i++) {
    const { socket } = await open(service);
    socket.pause();
    socket.write(`GET /api/v1/scenarios HTTP/1.1\r\n${HEAD}\r\n`);
  }
  await until(() => service.connections.open === 3);
  for (let i = 0; i < 3; i++) await until(async () => (await statusOf(service, '/api/v1/status')) === 200);
});

it('ends a connection that sends requests and does not wait for the answers', async () => {
  const service = await start();
  const request = `GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`;
  const polite = await open(service, request.repeat(16));
  await until(() => polite.said().split('"ok"').length === 17);
  const greedy = await open(service, request.repeat(5000), '127.0.0.1', false);
  await greedy.closed;
  expect(greedy.said().split('"ok"').length).toBeLessThan(50);
  expect(await statusOf(service, '/healthz')).toBe(200);
});

it.each([
  ['no token', ''],
  ['a wrong token', 'Authorization: Bearer wrong-token-0123456789\r\n'],
])('answers the emergency stop and health before a flood of stops with %s', async (_, authorization) => {
  const service = await start();
  const stop = `POST /api/v1/safety/stop-all HTTP/1.1\r\nHost: 127.0.0.1\r\n${authorization}\r\n`;
  const flood: Peer[] = [];
  for (let i = 0; i < 60; i++) flood.push(await open(service, '', `127.0.1.${i + 1}`));
  const refused = () => flood.reduce((sum, { said }) => sum + said().split('HTTP/1.1 ').length - 1, 0);
  const hurried = await Promise.all([open(service), open(service)]);
  for (const { socket } of flood) socket.write(stop.repeat(15));
  hurried[0].socket.write(`POST /api/v1/safety/stop-all HTTP/1.1\r\n${HEAD}\r\n`);
  hurried[1].socket.write('GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
  await until(() => hurried.every(({ said }) => said().includes('HTTP/1.1 200')));
  expect(refused()).toBeLessThan(flood.length * 5);
  await until(() => refused() === flood.length * 15);
});

const SCENARIO = { name: 'Large', load: { model: 'users', users: 10, spawnRate: 1, durationSeconds: 10 } };
