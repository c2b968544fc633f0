import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { connect, createServer } from 'node:net';
import { Readable } from 'node:stream';
import { eventually } from '../testing/eventually.ts';
import { answering, OK, ProxyUnderTest, RawPod } from './testing/proxyUnderTest.ts';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function rawPod(serve: ConstructorParameters<typeof RawPod>[0] = answering(OK)): Promise<RawPod> {
  const pod = await new RawPod(serve).listen();
  cleanups.push(() => pod.close());
  return pod;
}

async function proxyTo(
  pods: readonly { port: number }[],
  ...rest: Parameters<typeof ProxyUnderTest.start> extends [unknown, ...infer R] ? R : never
): Promise<ProxyUnderTest> {
  const proxy = await ProxyUnderTest.start(
    pods.map(({ port }) => port),
    ...rest
  );
  cleanups.push(() => proxy.close());
  return proxy;
}

/** A port on which nothing listens. */
async function deadPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function read(response: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

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
    const pod = await rawPod((socket) => {
      socket.write(response);
      setTimeout(() => socket.resetAndDestroy(), 20);
    });
    const proxy = await proxyTo([pod], { retry: { tries: 3, statuses: [] } });
    const text = await proxy.raw('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    expect(text).toContain('part');
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
    expect(pod.sockets.size).toBe(0);
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

describe('large bodies', () => {
  const SIZE = 48 * 1024 * 1024;
  /** What socket buffers on both hops and the streams between may hold; the rest must wait with its sender. */
  const BUFFERED_AT_MOST = 20 * 1024 * 1024;

  async function stable(value: () => number): Promise<number> {
    for (let last = -1; ; ) {
      const now = value();
      if (now === last) return now;
      last = now;
      await new Promise((resolve) => setTimeout(resolve, 150));
    }
  }

  test('down: a client that does not read holds up the pod, and gets everything in the end', async () => {
    let written = 0;
    const pod = await rawPod((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${SIZE}\r\n\r\n`);
      const piece = Buffer.alloc(64 * 1024, 'd');
      Readable.from(
        (function* () {
          for (; written < SIZE; written += piece.length) yield piece;
        })()
      ).pipe(socket);
    });
    const proxy = await proxyTo([pod]);
    const request = httpRequest(proxy.url).end();
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    expect(await stable(() => written)).toBeLessThan(BUFFERED_AT_MOST);
    let size = 0;
    for await (const chunk of response) size += (chunk as Buffer).length;
    expect(size).toBe(SIZE);
    expect(proxy.outstanding).toEqual([0]);
  });

  test('up: a pod that does not read holds up the client, and gets everything in the end', async () => {
    let received = 0;
    const pod = await rawPod((socket) => {
      if (received === 0) socket.pause();
      received = socket.bytesRead;
      if (received >= SIZE) socket.write(OK);
    });
    const proxy = await proxyTo([pod]);
    const request = httpRequest(proxy.url, { method: 'POST', headers: { 'Content-Length': SIZE } });
    let written = 0;
    const piece = Buffer.alloc(64 * 1024, 'u');
    Readable.from(
      (function* () {
        for (; written < SIZE; written += piece.length) yield piece;
      })()
    ).pipe(request);
    await eventually(() => pod.sockets.size === 1 && received > 0, 'the body begins to arrive');
    expect(await stable(() => written)).toBeLessThan(BUFFERED_AT_MOST);
    for (const socket of pod.sockets) socket.resume();
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    expect((await read(response)).toString()).toBe('ok');
    expect(received).toBeGreaterThanOrEqual(SIZE);
  });
});

test.each(['keep-alive', 'close'])(
  'an early answer (%s) reaches a client that is still sending',
  async (connection) => {
    const pod = await rawPod((socket) => {
      socket.write(`HTTP/1.1 413 Too Large\r\nConnection: ${connection}\r\nContent-Length: 3\r\n\r\nbig`);
      if (connection === 'close') socket.end();
    });
    const proxy = await proxyTo([pod]);
    const request = httpRequest(proxy.url, { method: 'POST', headers: { 'Content-Length': 50_000_000 } });
    request.on('error', () => {});
    request.write(Buffer.alloc(100_000));
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    expect(response.statusCode).toBe(413);
    expect((await read(response)).toString()).toBe('big');
    request.destroy();
    await eventually(() => proxy.outstanding[0] === 0 && pod.sockets.size === 0, 'the exchange ends');
  }
);

describe('retries', () => {
  const retry = { tries: 3, statuses: [] };
  const bare = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';

  test('a dead pod costs a client nothing, and both addresses are told', async () => {
    const dead = await deadPort();
    const pod = await rawPod();
    const proxy = await proxyTo([{ port: dead }, pod], { retry });
    const text = await proxy.raw(bare);
    expect(text).toContain('200 OK');
    expect(text).toContain(`X-Evenkeel-Upstream: 127.0.0.1:${dead}, ${pod.address}\r\n`);
    expect(proxy.table.counts()).toMatchObject([
      { decisions: 1, attempts: 1, failures: 1, outstanding: 0 },
      { decisions: 0, attempts: 1, failures: 0, outstanding: 0 },
    ]);
  });

  test('switched off, the client gets the failure', async () => {
    const dead = await deadPort();
    const pod = await rawPod();
    const proxy = await proxyTo([{ port: dead }, pod]);
    expect(await proxy.raw(bare)).toMatch(/^HTTP\/1\.1 502 /);
    expect(pod.received).toBe('');
  });

  test('never more tries than allowed, never one pod twice', async () => {
    const ports = [await deadPort(), await deadPort(), await deadPort(), await deadPort()];
    const proxy = await proxyTo(
      ports.map((port) => ({ port })),
      { retry }
    );
    const text = await proxy.raw(bare);
    expect(text).toMatch(/^HTTP\/1\.1 502 /);
    const tried = /X-Evenkeel-Upstream: (.*)\r/.exec(text)![1]!.split(', ');
    expect(tried).toHaveLength(3);
    expect(new Set(tried).size).toBe(3);
  });

  test('a POST that reached a pod is not repeated', async () => {
    const first = await rawPod((socket) => socket.resetAndDestroy());
    const second = await rawPod();
    const proxy = await proxyTo([first, second], { retry });
    const text = await proxy.raw('POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
    expect(text).toMatch(/^HTTP\/1\.1 502 /);
    expect(first.received).toContain('POST /');
    expect(second.received).toBe('');
  });

  test('a POST that reached no pod goes to another one, body and all', async () => {
    const dead = await deadPort();
    const pod = await rawPod((socket, received) => {
      if (received.endsWith('hello')) socket.write(OK);
    });
    const proxy = await proxyTo([{ port: dead }, pod], { retry });
    const text = await proxy.raw('POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello');
    expect(text).toContain('200 OK');
  });

  test('a PUT whose body was begun is not repeated', async () => {
    const first = await rawPod((socket, received) => {
      if (received.endsWith('hello')) socket.resetAndDestroy();
    });
    const second = await rawPod();
    const proxy = await proxyTo([first, second], { retry });
    const text = await proxy.raw('PUT / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello');
    expect(text).toMatch(/^HTTP\/1\.1 502 /);
    expect(second.received).toBe('');
  });

  test('listed statuses go to another pod; the last one is passed on', async () => {
    const busy = await rawPod(answering('HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy'));
    const pod = await rawPod();
    const proxy = await proxyTo([busy, pod], { retry: { tries: 2, statuses: [503] } });
    expect(await proxy.raw(bare)).toContain('200 OK');
    proxy.route([busy.port, busy.port], 'weighted-round-robin');
    const text = await proxy.raw(bare);
    expect(text).toMatch(/^HTTP\/1\.1 503 Busy/);
    expect(text.endsWith('busy')).toBe(true);
    await eventually(() => proxy.outstanding.every((it) => it === 0), 'thrown away responses end');
  });
});

describe('ejection', () => {
  const ejection = { maxFails: 2, failTimeoutMs: 1000, statuses: [500] };
  const bare = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';

  test('leaves a failing pod out until a trial request succeeds', async () => {
    let broken = true;
    const bad = await rawPod((socket) => {
      socket.write(broken ? 'HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n' : OK);
    });
    const good = await rawPod();
    const proxy = await proxyTo([bad, good], { ejection: { ...ejection, failTimeoutMs: 300 } });
    const statuses = async (n: number) => {
      const seen: string[] = [];
      for (let i = 0; i < n; i++) seen.push((await proxy.raw(bare)).slice(9, 12));
      return seen;
    };
    expect((await statuses(4)).sort()).toEqual(['200', '200', '500', '500']);
    expect(await statuses(10)).toEqual(new Array(10).fill('200'));
    expect(proxy.table.counts()[0]!.ejected).toBe(true);
    await eventually(() => !proxy.table.counts()[0]!.ejected, 'the time is over');
    // The trial fails: one request, then out again.
    expect((await statuses(6)).filter((status) => status === '500')).toHaveLength(1);
    broken = false;
    await eventually(() => !proxy.table.counts()[0]!.ejected, 'the time is over');
    await statuses(10);
    expect(proxy.table.counts()[0]!.decisions).toBeGreaterThanOrEqual(3 + 4);
  });

  test('never leaves out the last pod', async () => {
    const bad = await rawPod(answering('HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n'));
    const proxy = await proxyTo([bad], { ejection });
    for (let i = 0; i < 5; i++) expect(await proxy.raw(bare)).toMatch(/^HTTP\/1\.1 500 /);
  });

  test('switched off, a failing pod keeps its share', async () => {
    const bad = await rawPod(answering('HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n'));
    const good = await rawPod();
    const proxy = await proxyTo([bad, good]);
    for (let i = 0; i < 10; i++) await proxy.raw(bare);
    expect(proxy.table.counts().map(({ decisions }) => decisions)).toEqual([5, 5]);
  });
});
