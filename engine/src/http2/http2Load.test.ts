import type { ServerHttp2Stream } from 'node:http2';
import type { ScenarioInput } from '@evenkeel/contract/scenario';
import { LOOPBACK_CERTIFICATE } from '../testing/loopbackCertificate.ts';
import { measuredLoad, rate, startLoad, users } from '../testing/measuredLoad.ts';
import { targetServer } from '../testing/targetServer.ts';
import { type Http2Target, http2Target } from './testing/http2Target.ts';

const over = (count: number, streams: number, more: object = {}): ScenarioInput['connections'] => ({
  policy: 'round-robin',
  protocol: 'http/2',
  count,
  streams,
  ...more,
});

const respond = (stream: ServerHttp2Stream, pod = 'a') => {
  stream.respond({ ':status': 200, 'x-evenkeel-pod': pod });
  stream.end('hello');
};

/** Node gives every byte of a header as a character; we send UTF-8. */
const latin1AsUtf8 = (value: unknown) => Buffer.from(String(value), 'latin1').toString();

let target: Http2Target;
afterEach(() => target.close());

/** Requests that the sessions got, without the one that only looked whether the target is there. */
const perSession = () => target.sessions.slice(1).map(({ requests }) => requests);

test.each([false, true])('requests share connections, TLS: %s', async (secure) => {
  let n = 0;
  target = await http2Target((stream) => respond(stream, `pod-${n++ % 5}`), { secure });
  const load = await measuredLoad(target.url, {
    scenario: { load: rate(400, 1), connections: over(4, 100) },
    engine: { trustedCertificates: [LOOPBACK_CERTIFICATE] },
  });
  expect(load.outcomes.ok).toBe(400);
  expect(load.total('dropped')).toBe(0);
  expect(Object.values(load.decisions)).toEqual([80, 80, 80, 80, 80]);
  expect(target.sessions[0]!.requests).toBe(0);
  expect(perSession().sort()).toEqual([100, 100, 100, 100]);
  expect(load.total('connectionsOpened')).toBe(4);
  expect(load.end.spread).toMatchObject({ connections: 4, reused: 4, pinned: 0 });
});

test('many slow requests are in flight at once over one connection', async () => {
  const waiting: ServerHttp2Stream[] = [];
  target = await http2Target((stream) => {
    waiting.push(stream);
    if (waiting.length === 50) for (const held of waiting.splice(0)) respond(held);
  });
  const load = await measuredLoad(target.url, {
    scenario: { load: users(50, 1, 200), connections: over(1, 50) },
  });
  expect(load.outcomes.ok).toBeGreaterThanOrEqual(50);
  expect(load.outcomes.ok % 50).toBe(0);
  expect(load.total('connectionsOpened')).toBe(1);
});

test('method, path, headers, a body larger than the windows, and an answer that is larger still', async () => {
  const seen: unknown[] = [];
  target = await http2Target((stream, headers, body) => {
    seen.push([
      headers[':method'],
      headers[':path'],
      headers[':authority'],
      latin1AsUtf8(headers['x-long']),
      headers['x-tab'],
      body,
    ]);
    stream.respond({ ':status': 201, 'x-evenkeel-pod': 'a', 'content-length': 200_000 });
    stream.end('x'.repeat(200_000));
  });
  const long = 'é~ '.repeat(2700);
  const load = await measuredLoad(target.url, {
    scenario: {
      load: rate(20, 0.5),
      connections: over(2, 20),
      request: {
        method: 'PUT',
        path: '/a/b?c=%20d',
        headers: { 'X-Long': long, 'x-2': 'y'.repeat(8192), 'x-3': 'z'.repeat(8192), 'x-tab': 'a\tb' },
        body: 'b'.repeat(65_536),
      },
    },
  });
  expect(load.outcomes.ok).toBe(10);
  const authority = new URL(target.url).host;
  expect(new Set(seen.map((request) => JSON.stringify(request)))).toEqual(
    new Set([JSON.stringify(['PUT', '/a/b?c=%20d', authority, long.trim(), 'a\tb', 'b'.repeat(65_536)])])
  );
});

test('HEAD, no content, early hints and trailers', async () => {
  target = await http2Target((stream, headers) => {
    if (headers[':method'] === 'HEAD') {
      stream.respond({ ':status': 200, 'content-length': 5000, 'x-evenkeel-pod': 'head' }, { endStream: true });
    } else if (headers[':path'] === '/none') {
      stream.respond({ ':status': 204, 'x-evenkeel-pod': 'none' }, { endStream: true });
    } else {
      stream.additionalHeaders({ ':status': 103, link: '</a.css>' });
      stream.respond({ ':status': 200, 'x-evenkeel-pod': 'trailers' }, { waitForTrailers: true });
      stream.on('wantTrailers', () => stream.sendTrailers({ 'x-sum': '1' }));
      stream.end('body');
    }
  });
  const load = await measuredLoad(target.url, {
    scenario: {
      load: rate(90, 1),
      connections: over(3, 30),
      mix: [
        { weight: 1, request: { method: 'HEAD', path: '/' } },
        { weight: 1, request: { path: '/none' } },
        { weight: 1, request: { path: '/hints' } },
      ],
    },
  });
  expect(load.outcomes.ok).toBe(90);
  expect(Object.keys(load.decisions).sort()).toEqual(['head', 'none', 'trailers']);
});

test('a connection that says goodbye loses nothing: its requests end, the next ones go over a new one', async () => {
  target = await http2Target((stream) => {
    respond(stream);
    const own = target.sessions.find(({ session }) => session === stream.session)!;
    if (own.requests === 25) own.session.close();
  });
  const load = await measuredLoad(target.url, { scenario: { load: rate(300, 1), connections: over(2, 100) } });
  expect(load.outcomes.ok).toBe(300);
  expect(perSession().length).toBeGreaterThanOrEqual(10);
});

test('a connection that is cut takes its requests along; others do not notice', async () => {
  target = await http2Target((stream, headers) => {
    if (headers[':path'] === '/cut') stream.session!.destroy();
    else respond(stream);
  });
  const load = await measuredLoad(target.url, {
    scenario: {
      load: rate(100, 1),
      connections: over(5, 20),
      mix: [
        { weight: 9, request: { path: '/' } },
        { weight: 1, request: { path: '/cut' } },
      ],
    },
  });
  expect(load.outcomes.reset).toBeGreaterThan(0);
  expect(load.outcomes.ok + load.outcomes.reset).toBe(100);
  expect(load.total('connectionsOpened')).toBeGreaterThan(5);
});

test('a request that times out is reset alone; its connection goes on', async () => {
  const resets: number[] = [];
  target = await http2Target((stream, headers) => {
    if (headers[':path'] === '/') respond(stream);
    else stream.on('close', () => resets.push(stream.rstCode));
  });
  const load = await measuredLoad(target.url, {
    scenario: {
      load: rate(60, 1),
      connections: over(1, 60),
      mix: [
        { weight: 1, request: { path: '/silent', timeoutMs: 150 } },
        { weight: 1, request: { path: '/', timeoutMs: 5000 } },
      ],
    },
  });
  expect(load.outcomes.timeout).toBeGreaterThan(0);
  expect(load.outcomes.ok + load.outcomes.timeout).toBe(60);
  // The end of the load may close the connection before the last of them has gone out.
  expect(resets.length).toBeGreaterThan(0);
  expect(new Set(resets)).toEqual(new Set([8]));
  expect(load.total('connectionsOpened')).toBe(1);
});

test('maxRequests: a connection carries exactly as many, whatever is in flight', async () => {
  target = await http2Target((stream) => respond(stream));
  const load = await measuredLoad(target.url, {
    scenario: { load: rate(300, 1), connections: over(2, 20, { maxRequests: 30 }) },
  });
  expect(load.outcomes.ok + load.total('dropped')).toBe(300);
  const requests = perSession();
  expect(Math.max(...requests)).toBe(30);
  expect(requests.filter((count) => count < 30).length).toBeLessThanOrEqual(2);
});

test('per-request opens a connection for each, per-user keeps one for each', async () => {
  target = await http2Target((stream) => respond(stream));
  const each = await measuredLoad(target.url, {
    scenario: { load: rate(40, 0.5), connections: { policy: 'per-request', protocol: 'http/2', count: 40 } },
  });
  expect(each.outcomes.ok).toBe(20);
  expect(perSession()).toEqual(Array(20).fill(1));
  const own = await measuredLoad(target.url, {
    scenario: { load: users(12, 0.5, 20), connections: { policy: 'per-user', protocol: 'http/2' } },
  });
  expect(own.total('connectionsOpened')).toBe(12);
});

test('more streams than the target takes are refused before any load', async () => {
  target = await http2Target((stream) => respond(stream), { settings: { maxConcurrentStreams: 10 } });
  await expect(startLoad(target.url, { scenario: { connections: over(1, 11) } })).rejects.toThrow(
    /takes 10 requests at once over an HTTP\/2 connection; connections\.streams asks for 11\.$/
  );
  const load = await measuredLoad(target.url, { scenario: { load: rate(100, 0.5), connections: over(1, 10) } });
  expect(load.outcomes.ok + load.total('dropped')).toBe(50);
});

test('targets that speak HTTP/1.1 only are told apart from those that cannot be reached', async () => {
  target = await http2Target((stream) => respond(stream));
  const plain = await targetServer((_request, response) => response.end());
  try {
    await expect(startLoad(plain.url, { scenario: { connections: over(1, 1) } })).rejects.toThrow(
      `The target ${plain.url} does not speak HTTP/2.`
    );
    expect(plain.requests).toBe(0);
  } finally {
    await plain.close();
  }
});

test('a session that breaks without a goodbye before any answer costs no idempotent request that met it used', async () => {
  let n = 0;
  target = await http2Target((stream) => {
    // Every fourth request meets the end of its connection, which had answered before.
    if (++n % 4 === 0) stream.session!.socket.destroy();
    else respond(stream);
  });
  const load = await measuredLoad(target.url, { scenario: { load: rate(40, 1), connections: over(1, 1) } });
  expect(load.outcomes.ok).toBe(load.total('sent'));
  expect(load.total('resent')).toBeGreaterThan(5);
  expect(n).toBe(load.total('sent') + load.total('resent'));
});
