import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Random } from '@evenkeel/core/random/random';
import { eventually } from '../testing/eventually.ts';
import { ProxyUnderTest, RawPod } from './testing/proxyUnderTest.ts';

/** What a pod does with a request, by the last letter of its path. */
function misbehave(socket: Socket, received: string): void {
  const paths = [...received.matchAll(/(?:GET|POST) \/(\w)/g)];
  const kind = paths.at(-1)?.[1];
  switch (kind) {
    case 'a':
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
      break;
    case 'b':
      socket.resetAndDestroy();
      break;
    case 'c':
      socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf');
      break;
    case 'd':
      socket.write('HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n');
      break;
    case 'e':
      socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n');
      setTimeout(() => socket.destroyed || socket.write('0\r\n\r\n'), 3);
      break;
    case 'f':
      // Answers only when the client is long gone.
      setTimeout(() => socket.destroyed || socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'), 60);
      break;
    default:
      socket.end();
  }
}

test('whoever breaks off at whatever moment, every count ends and every connection is let go', async () => {
  const random = new Random(2024);
  const pods = await Promise.all([1, 2, 3].map(() => new RawPod(misbehave).listen()));
  const proxy = await ProxyUnderTest.start(
    pods.map(({ port }) => port),
    {
      retry: { tries: 3, statuses: [503] },
      ejection: { maxFails: 5, failTimeoutMs: 20, statuses: [503] },
      responseTimeoutMs: 2000,
    },
    'peak-ewma'
  );
  try {
    const clients = Array.from({ length: 400 }, async (_, n) => {
      await new Promise((resolve) => setTimeout(resolve, random.below(400)));
      const client = connect(proxy.port, '127.0.0.1');
      client.on('error', () => {});
      client.resume();
      await once(client, 'connect').catch(() => {});
      const path = 'abcdef'[random.below(6)]!;
      const body = random.below(2) === 0 ? '' : 'x'.repeat(random.below(50_000));
      const sent = random.below(3) === 0 ? body.slice(0, random.below(body.length + 1)) : body;
      const method = body === '' ? 'GET' : 'POST';
      client.write(`${method} /${path}${n} HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n\r\n${sent}`);
      const patience = random.below(50);
      await new Promise((resolve) => setTimeout(resolve, patience));
      if (random.below(2) === 0) client.destroy();
      else client.resetAndDestroy();
    });
    await Promise.all(clients);
    await eventually(() => proxy.outstanding.every((count) => count === 0), 'every count ends');
    const { attempts } = proxy.table.counts().reduce((sum, it) => ({ ...it, attempts: sum.attempts + it.attempts }));
    expect(attempts).toBeGreaterThan(200);
    proxy.route([], 'random');
  } finally {
    await proxy.close();
    await eventually(() => pods.every(({ sockets }) => sockets.size === 0), 'every connection is let go');
    for (const pod of pods) await pod.close();
  }
});
