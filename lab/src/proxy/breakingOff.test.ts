import { once } from 'node:events';
import { connect } from 'node:net';
import { eventually } from '../testing/eventually.ts';
import { closeAll, proxyTo, rawPod } from './testing/perTest.ts';

afterEach(closeAll);

describe('when the client goes away', () => {
  test('before the response: the request at the pod is given up', async () => {
    const pod = await rawPod(() => {});
    const proxy = await proxyTo([pod]);
    const client = connect(proxy.port, '127.0.0.1');
    client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    await eventually(() => pod.received !== '', 'the request arrives');
    expect(proxy.outstanding).toEqual([1]);
    client.destroy();
    await eventually(() => proxy.outstanding[0] === 0 && pod.sockets.size === 0, 'the request is given up');
    expect(proxy.table.counts()[0]!.failures).toBe(0);
  });

  test('within the response', async () => {
    const pod = await rawPod((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\nbegin');
    });
    const proxy = await proxyTo([pod]);
    const client = connect(proxy.port, '127.0.0.1');
    client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    await once(client, 'data');
    client.resetAndDestroy();
    await eventually(() => proxy.outstanding[0] === 0 && pod.sockets.size === 0, 'the request is given up');
  });

  test('within its own body', async () => {
    const pod = await rawPod(() => {});
    const proxy = await proxyTo([pod]);
    const client = connect(proxy.port, '127.0.0.1');
    client.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf');
    await eventually(() => pod.received.endsWith('half'), 'the first half arrives');
    client.destroy();
    await eventually(() => proxy.outstanding[0] === 0 && pod.sockets.size === 0, 'the request is given up');
    expect(proxy.table.counts()[0]!.failures).toBe(0);
  });

  test('while the pod is still being connected to', async () => {
    const pod = await rawPod();
    const proxy = await proxyTo([pod], { retry: { tries: 3, statuses: [] } });
    for (let i = 0; i < 20; i++) {
      const client = connect(proxy.port, '127.0.0.1');
      client.on('error', () => {});
      client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
      await once(client, 'connect');
      setImmediate(() => client.destroy());
    }
    await eventually(() => proxy.outstanding[0] === 0, 'all are given up');
  });
});
