import { FAILURES, type Failure } from '@evenkeel/contract/failures';
import type { SocketOpener } from './connector.ts';
import { FastTransport } from './fastTransport.ts';
import type { RequestPlan } from './requestPlan.ts';
import { CannedSockets } from './testing/cannedSocket.ts';
import { planFor } from './testing/planFor.ts';
import { type CannedResponse, RESPONSE_CORPUS } from './testing/responseCorpus.ts';
import type { ConnectionEvents, Transport } from './transport.ts';
import { UndiciTransport } from './undiciTransport.ts';

const TRANSPORTS: Readonly<Record<string, (plan: RequestPlan, sockets: SocketOpener) => Transport>> = {
  fast: (plan, sockets) => new FastTransport([plan], sockets),
  undici: (plan, sockets) => new UndiciTransport([plan], sockets),
};

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** What one transport makes of one answer that comes in these pieces. */
async function reading(name: string, response: CannedResponse, pieces: readonly Buffer[]): Promise<string> {
  const sockets = new CannedSockets(pieces, response.closes ?? false);
  const heard: string[] = [];
  const events: ConnectionEvents = {
    connected: () => {},
    closed: () => {},
    responded: (_slot, status, pod) => heard.push(`${status} ${pod}`),
    failed: (_slot, failure) => heard.push(name === 'undici' ? FAILURES[failure].outcome : failure),
    refusedLocally: (_slot, code) => heard.push(code),
    unprocessed: () => heard.push('unprocessed'),
  };
  const connection = TRANSPORTS[name]!(planFor('http/1.1', response.method ?? 'GET'), sockets).connection(events);
  connection.send(0, 0, false);
  await sockets.delivered;
  for (let i = 0; i < 4 && heard.length === 0; i++) await turn();
  connection.close();
  await turn();
  return heard.length === 0 ? 'pending' : heard.join(' then ');
}

/** undici names failures in other words: of it, only the outcome is asked. */
const outcomeIn = (expected: string): string => FAILURES[expected as Failure]?.outcome ?? expected;

function cuts(bytes: Buffer): Buffer[][] {
  const two = Array.from({ length: Math.max(0, bytes.length - 1) }, (_, at) => [
    bytes.subarray(0, at + 1),
    bytes.subarray(at + 1),
  ]);
  return [...two, Array.from(bytes, (_byte, at) => bytes.subarray(at, at + 1))];
}

describe.each(Object.keys(TRANSPORTS))('%s', (name) => {
  test.each(RESPONSE_CORPUS)('$name', async (response) => {
    const expected = name === 'undici' ? (response.undici ?? outcomeIn(response.expected)) : response.expected;
    const bytes = Buffer.from(response.bytes, 'latin1');
    expect(await reading(name, response, bytes.length === 0 ? [] : [bytes])).toBe(expected);
    const readings = await Promise.all(cuts(bytes).map((pieces) => reading(name, response, pieces)));
    expect(new Set(readings)).toEqual(new Set([expected]));
  });
});

describe('a long head', () => {
  const padded = (bytes: number): CannedResponse => ({
    name: 'padded',
    bytes: `HTTP/1.1 200 OK\r\nx-evenkeel-pod: p1\r\n${`x-pad: ${'a'.repeat(91)}\r\n`.repeat(bytes / 100)}content-length: 0\r\n\r\n`,
    expected: '',
  });

  test.each(Object.keys(TRANSPORTS))('%s takes 15 KB and refuses 19 KB, in one piece or in many', async (name) => {
    for (const [size, expected] of [
      [15_000, '200 p1'],
      [19_000, 'head-too-large'],
    ] as const) {
      const response = padded(size);
      const bytes = Buffer.from(response.bytes);
      const pieces = Array.from({ length: Math.ceil(bytes.length / 999) }, (_, i) =>
        bytes.subarray(i * 999, (i + 1) * 999)
      );
      expect([await reading(name, response, [bytes]), await reading(name, response, pieces)]).toEqual([
        name === 'undici' ? outcomeIn(expected) : expected,
        name === 'undici' ? outcomeIn(expected) : expected,
      ]);
    }
  });
});
