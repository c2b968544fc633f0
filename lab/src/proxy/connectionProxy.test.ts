import { once } from 'node:events';
import { connect } from 'node:net';
import { eventually } from '../testing/eventually.ts';
import { closeAll, deadPort, proxyTo, rawPod } from './testing/perTest.ts';
import { OK, type ProxyUnderTest } from './testing/proxyUnderTest.ts';

afterEach(closeAll);

function connectionsTo(ports: readonly number[], retry = false): Promise<ProxyUnderTest> {
  const pods = ports.map((port) => ({ port }));
  return proxyTo(pods, { mode: 'connection', retry: retry ? { tries: 3, statuses: [] } : null });
}

test('a connection keeps its pod for all its requests, and the bytes are not touched', async () => {
  const first = await rawPod();
  const second = await rawPod();
  const proxy = await connectionsTo([first.port, second.port]);
  const request = 'GET / HTTP/1.1\r\nhOsT: a\r\nConnection: X-Odd\r\n\r\n';
  for (let connection = 0; connection < 4; connection++) {
    const client = connect(proxy.port, '127.0.0.1');
    let text = '';
    client.on('data', (chunk) => {
      text += chunk;
    });
    for (let n = 1; n <= 5; n++) {
      client.write(request);
      await eventually(() => text === OK.repeat(n), 'the response');
    }
    client.end();
    await once(client, 'close');
  }
  expect(first.received).toBe(request.repeat(10));
  expect(second.received).toBe(request.repeat(10));
  await eventually(() => proxy.outstanding.every((it) => it === 0), 'all connections end');
  expect(proxy.table.counts().map(({ decisions }) => decisions)).toEqual([2, 2]);
});

test('either side may finish sending first', async () => {
  const pod = await rawPod();
  for (const socket of pod.sockets) socket.allowHalfOpen = true;
  const proxy = await connectionsTo([pod.port]);
  const client = connect({ port: proxy.port, host: '127.0.0.1', allowHalfOpen: true });
  let text = '';
  client.on('data', (chunk) => {
    text += chunk;
  });
  client.end('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  await once(client, 'end');
  expect(text).toBe(OK);
});

test('a broken connection breaks on the other side, and its count ends', async () => {
  const pod = await rawPod();
  const proxy = await connectionsTo([pod.port]);
  const client = connect(proxy.port, '127.0.0.1');
  const errors: string[] = [];
  client.on('error', (error: NodeJS.ErrnoException) => errors.push(error.code!));
  client.write('GET');
  await eventually(() => pod.received === 'GET', 'the bytes arrive');
  for (const socket of pod.sockets) socket.resetAndDestroy();
  await eventually(() => client.closed, 'the client is cut off');
  expect(errors).toEqual(['ECONNRESET']);
  await eventually(() => proxy.outstanding[0] === 0, 'the count ends');

  const another = connect(proxy.port, '127.0.0.1');
  another.write('GET');
  await eventually(() => pod.received === 'GETGET', 'the bytes arrive');
  another.resetAndDestroy();
  await eventually(() => pod.sockets.size === 0 && proxy.outstanding[0] === 0, 'the pod is let go');
});

test('a pod that cannot be reached is passed over when retries are on', async () => {
  const dead = await deadPort();
  const pod = await rawPod();
  const request = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';
  const patient = await connectionsTo([dead, pod.port], true);
  expect(await patient.raw(request, 'ok')).toBe(OK);
  const strict = await connectionsTo([dead, pod.port]);
  expect(await strict.raw(request, 'ok')).toBe('');
  expect(strict.table.counts()[0]).toMatchObject({ failures: 1, outstanding: 0 });
});

test('without a ready pod a connection is refused', async () => {
  const pod = await rawPod();
  const proxy = await connectionsTo([pod.port]);
  proxy.route([pod.port], 'round-robin', { ready: false });
  expect(await proxy.raw('GET / HTTP/1.1\r\nHost: a\r\n\r\n')).toBe('');
  expect(pod.received).toBe('');
});
