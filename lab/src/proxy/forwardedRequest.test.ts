import { connect } from 'node:net';
import { eventually } from '../testing/eventually.ts';
import { closeAll, proxyTo, rawPod } from './testing/perTest.ts';
import { OK } from './testing/proxyUnderTest.ts';

afterEach(closeAll);

describe('requests that nobody can read in two ways', () => {
  const refused: [string, string, string][] = [
    [
      'both lengths',
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\nHost: a\r\n\r\n',
      '400',
    ],
    [
      'both lengths, the other order',
      'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n',
      '400',
    ],
    ['two lengths', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcde', '400'],
    ['one length twice', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nContent-Length: 4\r\n\r\nabcd', '400'],
    ['a list of lengths', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4, 4\r\n\r\nabcd', '400'],
    ['a signed length', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +4\r\n\r\nabcd', '400'],
    ['a negative length', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -4\r\n\r\nabcd', '400'],
    ['a hexadecimal length', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x4\r\n\r\nabcd', '400'],
    ['a space before the colon', 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n', '400'],
    ['an unknown coding', 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n', '501'],
    ['two codings', 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n', '501'],
    [
      'chunked twice',
      'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      '400',
    ],
    [
      'chunked and then not',
      'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n',
      '400',
    ],
    ['a folded header', 'GET / HTTP/1.1\r\nHost: a\r\nX-Folded: one\r\n two\r\n\r\n', '400'],
    ['a header without a name', 'GET / HTTP/1.1\r\nHost: a\r\n: value\r\n\r\n', '400'],
    ['a null in a header', 'GET / HTTP/1.1\r\nHost: a\r\nX-A: a\0b\r\n\r\n', '400'],
    ['a bare carriage return in a header', 'GET / HTTP/1.1\r\nHost: a\r\nX-A: a\rb\r\n\r\n', '400'],
    ['bare line feeds', 'GET / HTTP/1.1\nHost: a\n\n', '400'],
    ['no Host', 'GET / HTTP/1.1\r\n\r\n', '400'],
    ['two Hosts', 'GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n', '400'],
    ['a space in the target', 'GET /a b HTTP/1.1\r\nHost: a\r\n\r\n', '400'],
    ['a target of another scheme', 'GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n', '400'],
    ['a target with user information', 'GET http://u:p@a/ HTTP/1.1\r\nHost: a\r\n\r\n', '400'],
    ['the asterisk', 'OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n', '400'],
    ['another protocol', 'GET / HTTP/3.0\r\nHost: a\r\n\r\n', '400'],
    ['no protocol at all', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', '400'],
    ['huge headers', `GET / HTTP/1.1\r\nHost: a\r\nX-Huge: ${'x'.repeat(20_000)}\r\n\r\n`, '431'],
    ['a tunnel', 'CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n', '405'],
    ['TRACE', 'TRACE / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', '405'],
    ['an unknown expectation', 'GET / HTTP/1.1\r\nHost: a\r\nExpect: miracles\r\nConnection: close\r\n\r\n', '417'],
  ];

  test.each(refused)('%s: refused, and the pod sees nothing', async (_what, bytes, status) => {
    const pod = await rawPod();
    const proxy = await proxyTo([pod]);
    const response = await proxy.raw(bytes);
    expect(response.slice(0, 12)).toBe(`HTTP/1.1 ${status}`);
    expect(response.match(/HTTP\/1\.1 /g)).toHaveLength(1);
    expect(pod.received).toBe('');
    expect(proxy.outstanding).toEqual([0]);
  });

  test.each([
    ['a size that is no number', 'zz\r\nabc\r\n0\r\n\r\n'],
    ['a size beyond all bounds', 'fffffffffffffffff\r\nabc\r\n0\r\n\r\n'],
    ['a chunk longer than its size', '2\r\nabc\r\n0\r\n\r\n'],
  ])('a body with %s never completes a request at the pod', async (_what, body) => {
    let complete = false;
    const pod = await rawPod((_socket, received) => {
      if (received.includes('\r\n0\r\n\r\n')) complete = true;
    });
    const proxy = await proxyTo([pod]);
    const response = await proxy.raw(`POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n${body}`);
    expect(response).not.toContain(' 200 ');
    await eventually(() => pod.sockets.size === 0 && proxy.outstanding[0] === 0, 'the attempt is given up');
    expect(complete).toBe(false);
  });
});

describe('what reaches the pod', () => {
  test('is the request without what concerns only the connection', async () => {
    const pod = await rawPod();
    const proxy = await proxyTo([pod]);
    await proxy.raw(
      'GET /path?q=1 HTTP/1.1\r\nHost: shop.example\r\nConnection: close, X-Private\r\nX-Private: secret\r\n' +
        'Keep-Alive: timeout=9\r\nTE: trailers\r\nProxy-Connection: keep-alive\r\nUpgrade: websocket\r\n' +
        'Proxy-Authorization: Basic eA==\r\nTrailer: X-T\r\nX-Kept: one\r\nX-Kept: two\r\nX-Forwarded-For: 10.0.0.9\r\n\r\n'
    );
    const lines = pod.received.split('\r\n');
    expect(lines[0]).toBe('GET /path?q=1 HTTP/1.1');
    expect(
      lines
        .slice(1)
        .filter(Boolean)
        .map((line) => line.toLowerCase())
        .sort()
    ).toEqual(
      [
        'connection: keep-alive',
        'host: shop.example',
        'via: 1.1 evenkeel',
        'x-forwarded-for: 10.0.0.9, 127.0.0.1',
        'x-kept: one',
        'x-kept: two',
      ].sort()
    );
  });

  test('an absolute target becomes a path, and its authority the Host', async () => {
    const pod = await rawPod();
    const proxy = await proxyTo([pod]);
    await proxy.raw('GET http://real.example:81/a?b HTTP/1.1\r\nHost: fake\r\nConnection: close\r\n\r\n');
    expect(pod.received).toContain('GET /a?b HTTP/1.1\r\n');
    expect(pod.received.toLowerCase().match(/host: .*/g)).toEqual(['host: real.example:81']);
  });

  test('framing cannot be taken away through the Connection field', async () => {
    const pod = await rawPod((socket, received) => {
      if (received.endsWith('0\r\n\r\n')) socket.write(OK);
    });
    const proxy = await proxyTo([pod]);
    const response = await proxy.raw(
      'POST / HTTP/1.1\r\nHost: a\r\nConnection: close, content-length, host\r\nContent-Length: 5\r\n\r\nhello'
    );
    expect(response).toContain('200 OK');
    expect(pod.received.toLowerCase()).toContain('transfer-encoding: chunked\r\n');
    expect(pod.received).toContain('5\r\nhello\r\n');
  });

  test('a body with a length keeps it; a chunked one stays chunked', async () => {
    const pod = await rawPod((socket, received) => {
      if (received.endsWith('hello') || received.endsWith('0\r\n\r\n')) socket.write(OK);
    });
    const proxy = await proxyTo([pod]);
    await proxy.raw('PUT / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello');
    expect(pod.received.toLowerCase()).toContain('content-length: 5\r\n');
    await proxy.raw(
      'PUT / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: Chunked\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\n\r\n'
    );
    expect(pod.received.toLowerCase()).toContain('transfer-encoding: chunked\r\n');
  });

  test('pipelined requests are answered in order', async () => {
    const pod = await rawPod((socket, received) => {
      const path = /GET (\S+)/.exec(received.slice(received.lastIndexOf('GET ')))![1]!;
      setTimeout(
        () => socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${path.length}\r\n\r\n${path}`),
        path === '/slow' ? 50 : 0
      );
    });
    const proxy = await proxyTo([pod]);
    const text = await proxy.raw(
      'GET /slow HTTP/1.1\r\nHost: a\r\n\r\nGET /fast HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'
    );
    expect(text.indexOf('/slow')).toBeGreaterThan(0);
    expect(text.indexOf('/fast')).toBeGreaterThan(text.indexOf('/slow'));
  });

  test('100-continue is answered before the body, and not forwarded', async () => {
    const pod = await rawPod((socket, received) => {
      if (received.endsWith('hello')) socket.write(OK);
    });
    const proxy = await proxyTo([pod]);
    const socket = connect(proxy.port, '127.0.0.1');
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk;
    });
    socket.write('POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n');
    await eventually(() => text === 'HTTP/1.1 100 Continue\r\n\r\n', 'the interim response');
    socket.write('hello');
    await eventually(() => text.endsWith('ok'), 'the response');
    socket.destroy();
    expect(pod.received.toLowerCase()).not.toContain('expect');
  });

  test('an upgrade is not granted: the request goes on as a plain one', async () => {
    const pod = await rawPod();
    const proxy = await proxyTo([pod]);
    const text = await proxy.raw(
      'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
      'ok'
    );
    expect(text).toContain('200 OK');
    expect(pod.received.toLowerCase()).not.toContain('upgrade');
  });
});
