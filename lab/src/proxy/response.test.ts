import { connect } from 'node:net';
import { eventually } from '../testing/eventually.ts';
import { closeAll, proxyTo, rawPod } from './testing/perTest.ts';
import { answering, OK } from './testing/proxyUnderTest.ts';

afterEach(closeAll);

describe('what comes back', () => {
  test('is the response with the address that gave it, without what concerns only the connection', async () => {
    const pod = await rawPod(
      answering(
        'HTTP/1.1 201 Made\r\nX-Evenkeel-Pod: pod-1\r\nX-Evenkeel-Upstream: 6.6.6.6:6\r\nConnection: keep-alive, X-Hop\r\n' +
          'X-Hop: 1\r\nKeep-Alive: timeout=5\r\nUpgrade: h2c\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nContent-Length: 2\r\n\r\nok'
      )
    );
    const proxy = await proxyTo([pod]);
    const text = await proxy.raw('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    expect(text).toMatch(/^HTTP\/1\.1 201 Made\r\n/);
    expect(text).toContain('X-Evenkeel-Pod: pod-1\r\n');
    expect(text.match(/x-evenkeel-upstream: .*/gi)).toEqual([`X-Evenkeel-Upstream: ${pod.address}`]);
    expect(text).not.toMatch(/x-hop|h2c|timeout=5/i);
    expect(text).toContain('Set-Cookie: a=1\r\nSet-Cookie: b=2\r\n');
    expect(text.endsWith('\r\n\r\nok')).toBe(true);
  });

  test('HEAD, 204 and 304 have no body, and the connection goes on', async () => {
    const pod = await rawPod((socket, received) => {
      const request = received.slice(received.lastIndexOf('\r\n\r\n', received.length - 5) + 1).trimStart();
      if (request.startsWith('HEAD')) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n');
      else if (request.includes('/204')) socket.write('HTTP/1.1 204 No Content\r\n\r\n');
      else if (request.includes('/304'))
        socket.write('HTTP/1.1 304 Not Modified\r\nContent-Length: 1000\r\nETag: "x"\r\n\r\n');
      else socket.write(OK);
    });
    const proxy = await proxyTo([pod]);
    const text = await proxy.raw(
      'HEAD /head HTTP/1.1\r\nHost: a\r\n\r\nGET /204 HTTP/1.1\r\nHost: a\r\n\r\nGET /304 HTTP/1.1\r\nHost: a\r\n\r\n' +
        'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'
    );
    expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 204', 'HTTP/1.1 304', 'HTTP/1.1 200']);
    expect(text).toMatch(/Content-Length: 1000/);
    expect(text.split('HTTP/1.1 204')[0]!.endsWith('\r\n\r\n')).toBe(true);
    expect(text.endsWith('\r\n\r\nok')).toBe(true);
  });

  test('interim responses of the pod are passed over', async () => {
    const pod = await rawPod(answering(`HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${OK}`));
    const proxy = await proxyTo([pod]);
    const text = await proxy.raw('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    expect(text).toMatch(/^HTTP\/1\.1 200 OK/);
    expect(proxy.outstanding).toEqual([0]);
  });

  test('a body that ends with the connection is chunked for 1.1 and ends with the connection for 1.0', async () => {
    const pod = await rawPod((socket) => socket.end('HTTP/1.0 200 OK\r\n\r\nall of it'));
    const proxy = await proxyTo([pod]);
    const modern = await proxy.raw('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    expect(modern).toContain('Transfer-Encoding: chunked');
    expect(modern.endsWith('9\r\nall of it\r\n0\r\n\r\n')).toBe(true);
    const old = await proxy.raw('GET / HTTP/1.0\r\nHost: a\r\n\r\n');
    expect(old).not.toContain('chunked');
    expect(old.endsWith('\r\n\r\nall of it')).toBe(true);
  });

  test.each([
    ['with a length', 'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\npart'],
    ['in chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\npart\r\n'],
  ])('a body %s that breaks off breaks off for the client too', async (_what, response) => {
    const pod = await rawPod((socket) => socket.write(response));
    const proxy = await proxyTo([pod], { retry: { tries: 3, statuses: [] } });
    const client = connect(proxy.port, '127.0.0.1').on('error', () => {});
    let text = '';
    client.on('data', (chunk) => {
      text += chunk;
    });
    client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    await eventually(() => text.includes('part'), 'a part arrives');
    for (const socket of pod.sockets) socket.resetAndDestroy();
    await eventually(() => client.closed, 'the client is cut off');
    expect(text).not.toContain('\r\n0\r\n\r\n');
    expect(text.match(/HTTP\/1\.1 /g)).toHaveLength(1);
    expect(proxy.table.counts()[0]).toMatchObject({ outstanding: 0, failures: 1 });
  });

  test.each([
    ['nonsense', 'what?\r\n\r\n'],
    ['both lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\nok'],
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok'],
    ['nothing', ''],
  ])('a pod that answers %s is a bad gateway', async (_what, response) => {
    const pod = await rawPod((socket) => socket.end(response));
    const proxy = await proxyTo([pod]);
    const text = await proxy.raw('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    expect(text).toMatch(/^HTTP\/1\.1 502 /);
    expect(text).toContain(`X-Evenkeel-Upstream: ${pod.address}\r\n`);
  });

  test('a pod that does not answer in time is a gateway timeout', async () => {
    const pod = await rawPod(() => {});
    const proxy = await proxyTo([pod], { responseTimeoutMs: 300 });
    const text = await proxy.raw('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    expect(text).toMatch(/^HTTP\/1\.1 504 /);
    await eventually(() => pod.sockets.size === 0, 'the pod is let go');
    expect(proxy.outstanding).toEqual([0]);
  });

  test('without a ready pod the answer is our own, without an upstream', async () => {
    const pod = await rawPod();
    const proxy = await proxyTo([pod]);
    proxy.route([pod.port], 'round-robin', { ready: false });
    const text = await proxy.raw('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    expect(text).toMatch(/^HTTP\/1\.1 502 /);
    expect(text.toLowerCase()).not.toContain('x-evenkeel-upstream');
    expect(pod.received).toBe('');
  });
});
