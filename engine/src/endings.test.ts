import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { endingName } from '@evenkeel/contract/endingText';
import type { Failure } from '@evenkeel/contract/failures';
import type { LoadSecond } from '@evenkeel/core/run/loadEngine';
import { type MeasuredLoad, measuredLoad, type PlanChange, rate, roomFor } from './testing/measuredLoad.ts';

const OK = 'HTTP/1.1 200 OK\r\nx-evenkeel-pod: a\r\ncontent-length: 2\r\n\r\nok';

/** A server of raw bytes that counts the requests that came, over all connections. */
class RawServer {
  requests = 0;
  #server: Server;
  readonly sockets = new Set<Socket>();

  constructor(answer: (socket: Socket, nth: number, onConnection: number) => void) {
    this.#server = createServer((socket) => {
      this.sockets.add(socket);
      socket.on('error', () => {});
      let text = '';
      let onConnection = 0;
      socket.on('data', (bytes) => {
        text += bytes.toString('latin1');
        for (let end = text.indexOf('\r\n\r\n'); end >= 0; end = text.indexOf('\r\n\r\n')) {
          text = text.slice(end + 4);
          answer(socket, ++this.requests, ++onConnection);
        }
      });
    });
  }

  async listen(host = '127.0.0.1'): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(0, host, resolve));
    return (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

async function loaded(server: RawServer, change: PlanChange = {}, host = '127.0.0.1'): Promise<MeasuredLoad> {
  const port = await server.listen();
  try {
    return await measuredLoad(`http://${host}:${port}`, change);
  } finally {
    await server.close();
  }
}

/** Counts by ending and outcome over a whole load. */
function endings({ seconds }: MeasuredLoad): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const one of seconds.flatMap((second) => second.endings)) {
    const key = `${endingName(one)} ${one.outcome}`;
    counts[key] = (counts[key] ?? 0) + one.count;
  }
  return counts;
}

const seen = ({ seconds }: MeasuredLoad): LoadSecond['seen'] => seconds.flatMap((second) => second.seen);

const short = { load: rate(40, 0.5), connections: roomFor(20) } as const;

describe('endings', () => {
  test('each status is counted, with the first line that had it, where it came from and the pod', async () => {
    const server = new RawServer((socket, nth) => {
      socket.write(nth % 2 === 0 ? OK : OK.replace('200 OK', '301 Moved Somewhere'));
    });
    const load = await loaded(server, { scenario: short });
    expect(endings(load)).toEqual({ '200 ok': 10, '301 ok': 10 });
    expect(seen(load)).toEqual(
      expect.arrayContaining([
        {
          status: 301,
          failure: null,
          example: {
            text: 'HTTP/1.1 301 Moved Somewhere',
            address: expect.stringMatching(/^127.0.0.1:\d+$/),
            pod: 'a',
          },
        },
      ])
    );
    expect(seen(load)).toHaveLength(2);
  });

  test('what a request expects decides what is an error', async () => {
    const server = new RawServer((socket, nth) => {
      socket.write(OK.replace('200 OK', ['200 OK', '404 Not Found', '302 Found', '503 Busy'][nth % 4]!));
    });
    const request = { expect: [404, '5xx'] };
    const load = await loaded(server, { scenario: { ...short, request } });
    expect(endings(load)).toEqual({ '200 unexpected': 5, '404 ok': 5, '302 unexpected': 5, '503 ok': 5 });
    expect([load.outcomes.ok, load.outcomes.unexpected]).toEqual([10, 10]);
  });

  test.each<[string, string, Failure, string]>([
    [
      'two lengths that differ',
      OK.replace('\r\n\r\n', '\r\ncontent-length: 3\r\n\r\n'),
      'bad-length',
      '"content-length: 3"',
    ],
    ['a header without a name', OK.replace('x-evenkeel-pod', ''), 'bad-header', '": a"'],
    ['another protocol', 'SSH-2.0-OpenSSH_9.6\r\n', 'not-http', '"SSH-2.0-OpenSSH_9.6"'],
    ['a chunk without a size', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n', 'bad-chunk', '"zz"'],
    [
      'a length beside chunked',
      'HTTP/1.1 200 OK\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
      'length-and-coding',
      '"transfer-encoding: chunked"',
    ],
    ['control characters', OK.replace(' a\r', ' \u001b[31m\r'), 'bad-header', '"x-evenkeel-pod: \\u001b[31m"'],
  ])('%s is told by its own reason, with what was found', async (_name, answer, failure, found) => {
    const load = await loaded(new RawServer((socket) => socket.write(answer)), { scenario: short });
    expect(endings(load)).toEqual({ [`${failure} other`]: 20 });
    expect(seen(load)[0]).toMatchObject({ failure, example: { text: found, pod: null } });
  });

  test('a head larger than the limit is told so, and the limit can be raised', async () => {
    const answer = OK.replace('\r\n\r\n', `\r\n${`x-pad: ${'a'.repeat(991)}\r\n`.repeat(80)}\r\n`);
    const small = await loaded(new RawServer((socket) => socket.write(answer)), { scenario: short });
    expect(endings(small)).toEqual({ 'head-too-large other': 20 });
    expect(seen(small)[0]!.example.text).toBe('more than 65536 bytes');
    const connections = { policy: 'round-robin', count: 20, maxHeadBytes: 100_000 } as const;
    const large = await loaded(new RawServer((socket) => socket.write(answer)), {
      scenario: { ...short, connections },
    });
    expect(endings(large)).toEqual({ '200 ok': 20 });
  });

  test('a status line cannot speak to a terminal', async () => {
    const answer = OK.replace('OK', '\u001b[31mred\u009b');
    const load = await loaded(new RawServer((socket) => socket.write(answer, 'latin1')), { scenario: short });
    expect(seen(load)[0]!.example.text).toBe('HTTP/1.1 200 \\u001b[31mred\\u009b');
  });

  test('an answer that breaks off and one that never began are told apart', async () => {
    const half = await loaded(new RawServer((socket) => socket.end('HTTP/1.1 200 OK\r\ncont')), { scenario: short });
    expect(endings(half)).toEqual({ 'cut-short reset': 20 });
    const none = await loaded(new RawServer((socket) => socket.destroy()), { scenario: short });
    expect(endings(none)).toEqual({ 'closed reset': 20 });
  });
});

describe('addresses', () => {
  test('what came of each address is counted, and the example names the dead one', async () => {
    const load = await loaded(
      new RawServer((socket) => socket.write(OK)),
      {
        scenario: { load: rate(60, 0.5), connections: { policy: 'per-request', count: 30 } },
        engine: { resolve: async () => ['127.0.0.1', '127.0.0.2', '127.0.0.1'] },
      },
      'shop.test'
    );
    const totals = new Map<string, number[]>();
    for (const { address, answered, unanswered } of load.seconds.flatMap((second) => second.addresses)) {
      const [a, u] = totals.get(address.split(':')[0]!) ?? [0, 0];
      totals.set(address.split(':')[0]!, [a! + answered, u! + unanswered]);
    }
    expect(Object.fromEntries(totals)).toEqual({ '127.0.0.1': [20, 0], '127.0.0.2': [0, 10] });
    const dead = seen(load).find(({ failure }) => failure === 'connect-refused');
    expect(dead!.example.address).toMatch(/^127\.0\.0\.2:\d+$/);
    expect(dead!.example.text).toMatch(/^connect ECONNREFUSED 127\.0\.0\.2:\d+$/);
  });
});

describe('a reused connection that ends before any byte of the answer', () => {
  /** Answers once on each connection, and drops it at the next request: as an idle connection's end crosses a request. */
  const onceOnly = () =>
    new RawServer((socket, _nth, onConnection) => {
      if (onConnection === 1) socket.write(OK);
      else socket.destroy();
    });
  const four = { load: rate(80, 0.5), connections: { policy: 'round-robin', count: 4 } } as const;

  test('an idempotent request goes out again, once, and is counted', async () => {
    const server = onceOnly();
    const load = await loaded(server, { scenario: four });
    const sent = load.total('sent');
    expect(load.outcomes.ok).toBe(sent);
    expect(load.total('resent')).toBeGreaterThan(0);
    // Each that met a used connection went out twice, so the target saw them all.
    expect(server.requests).toBe(sent + load.total('resent'));
    expect(load.seconds.reduce((sum, second) => sum + second.response.count, 0)).toBe(sent);
  });

  test('a POST does not: nobody knows whether it was processed', async () => {
    const server = onceOnly();
    const load = await loaded(server, { scenario: { ...four, request: { method: 'POST', body: 'x' } } });
    expect(load.total('resent')).toBe(0);
    expect(load.outcomes.reset).toBeGreaterThan(0);
    expect(load.outcomes.ok + load.outcomes.reset).toBe(load.total('sent'));
  });

  test('a first request on a connection does not: the target refuses it', async () => {
    const server = new RawServer((socket) => socket.destroy());
    const load = await loaded(server, { scenario: four });
    expect([load.total('resent'), load.outcomes.reset]).toEqual([0, load.total('sent')]);
    expect(server.requests).toBe(load.total('sent'));
  });

  test('a server that ends idle connections is no source of errors', async () => {
    const server = new RawServer((socket) => {
      socket.write(OK);
      setTimeout(() => socket.end(), 20);
    });
    const load = await loaded(server, { scenario: four });
    expect(load.outcomes.ok).toBe(load.total('sent'));
  });
});
