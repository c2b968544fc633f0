import { CannedSockets } from '../testing/cannedSocket.ts';
import { planFor } from '../testing/planFor.ts';
import { Http2Transport } from './http2Transport.ts';
import { block, data, type Field, headers, rawFrame, settings } from './testing/cannedFrames.ts';

const END_STREAM = 1;
const END_HEADERS = 4;
const PADDED = 8;

const POD: Field = ['x-evenkeel-pod', 'p1'];
const OK: readonly Field[] = [[':status', '200'], POD];
const last = END_HEADERS | END_STREAM;

interface Canned {
  readonly name: string;
  readonly frames: readonly Buffer[];
  readonly closes?: boolean;
  readonly method?: 'GET' | 'HEAD';
  readonly expected: string;
}

/** Everything but the settings in front. */
const RESPONSES: readonly Canned[] = [
  { name: 'headers alone', frames: [headers(OK, last)], expected: '200 p1' },
  { name: 'a body in two frames', frames: [headers(OK), data('ab'), data('c', END_STREAM)], expected: '200 p1' },
  { name: 'an empty last frame', frames: [headers(OK), data('ab'), data('', END_STREAM)], expected: '200 p1' },
  { name: 'Huffman strings', frames: [headers(OK, last, 1, { huffman: true })], expected: '200 p1' },
  {
    name: 'incremental indexing, which we remember nothing of',
    frames: [headers(OK, last, 1, { representation: 0x40 })],
    expected: '200 p1',
  },
  { name: 'never indexed', frames: [headers(OK, last, 1, { representation: 0x10 })], expected: '200 p1' },
  {
    name: 'status and length from the static table, the table size set to 0 in front',
    frames: [
      rawFrame(
        1,
        END_HEADERS,
        1,
        Buffer.concat([Buffer.of(0x20, 0x88, 0x0f, 28 - 15, 1), Buffer.from('2'), block([POD])])
      ),
      data('ab', END_STREAM),
    ],
    expected: '200 p1',
  },
  { name: 'the pod header twice', frames: [headers([...OK, POD], last)], expected: '200 p1, p1' },
  { name: 'no pod', frames: [headers([[':status', '503']], last)], expected: '503 ' },
  {
    name: 'a header block in three frames',
    frames: [
      rawFrame(1, END_STREAM, 1, block(OK).subarray(0, 5)),
      rawFrame(9, 0, 1, block(OK).subarray(5, 9)),
      rawFrame(9, END_HEADERS, 1, block(OK).subarray(9)),
    ],
    expected: '200 p1',
  },
  {
    name: 'padding and priority',
    frames: [
      rawFrame(
        1,
        END_HEADERS | PADDED | 32,
        1,
        Buffer.concat([Buffer.of(2, 0, 0, 0, 0, 9), block([...OK, ['content-length', '3']]), Buffer.of(0, 0)])
      ),
      rawFrame(0, END_STREAM | PADDED, 1, Buffer.from('\x02abc\0\0')),
    ],
    expected: '200 p1',
  },
  { name: '103 before the response', frames: [headers([[':status', '103']]), headers(OK, last)], expected: '200 p1' },
  {
    name: 'trailers',
    frames: [headers(OK), data('ab'), headers([['x-sum', '9']], last)],
    expected: '200 p1',
  },
  {
    name: 'a ping, a window update, a priority and an unknown frame between',
    frames: [
      headers(OK),
      rawFrame(6, 0, 0, '12345678'),
      rawFrame(8, 0, 0, Buffer.of(0, 0, 0, 5)),
      rawFrame(2, 0, 1, Buffer.of(0, 0, 0, 0, 9)),
      rawFrame(77, 0xff, 3, 'what?'),
      data('', END_STREAM),
    ],
    expected: '200 p1',
  },
  {
    name: 'a length to HEAD, without a body',
    method: 'HEAD',
    frames: [headers([...OK, ['content-length', '900']], last)],
    expected: '200 p1',
  },
  { name: 'a body that is not over', frames: [headers(OK), data('ab')], expected: 'pending' },
  { name: 'the connection ends within a body', frames: [headers(OK), data('ab')], closes: true, expected: 'cut-short' },
  { name: 'no answer, and the connection ends', frames: [], closes: true, expected: 'closed' },
  {
    name: 'a body shorter than its length',
    frames: [headers([...OK, ['content-length', '3']]), data('ab', END_STREAM)],
    expected: 'bad-length',
  },
  {
    name: 'a body longer than its length',
    frames: [headers([...OK, ['content-length', '1']]), data('ab', END_STREAM)],
    expected: 'bad-length',
  },
  {
    name: 'the same length twice',
    frames: [headers([...OK, ['content-length', '0'], ['content-length', '0']], last)],
    expected: '200 p1',
  },
  {
    name: 'two lengths',
    frames: [headers([...OK, ['content-length', '0'], ['content-length', '1']], last)],
    expected: 'bad-length',
  },
  {
    name: 'a list of equal lengths',
    frames: [headers([...OK, ['content-length', '0, 0']], last)],
    expected: '200 p1',
  },
  {
    name: 'a length that is no number',
    frames: [headers([...OK, ['content-length', '-1']], last)],
    expected: 'bad-length',
  },
  { name: 'no status', frames: [headers([POD], last)], expected: 'http2-protocol' },
  { name: 'a status behind a field', frames: [headers([POD, [':status', '200']], last)], expected: 'http2-protocol' },
  { name: 'two statuses', frames: [headers([...OK, [':status', '200']], last)], expected: 'http2-protocol' },
  { name: 'a status that is no number', frames: [headers([[':status', '2x0']], last)], expected: 'http2-protocol' },
  { name: 'another pseudo header', frames: [headers([...OK, [':path', '/']], last)], expected: 'http2-protocol' },
  {
    name: 'another pseudo header in Huffman',
    frames: [headers([...OK, [':path', '/']], last, 1, { huffman: true })],
    expected: 'http2-protocol',
  },
  { name: '101', frames: [headers([[':status', '101']], last)], expected: 'switched-protocol' },
  { name: 'a final 103', frames: [headers([[':status', '103']], last)], expected: 'http2-protocol' },
  { name: 'data before headers', frames: [data('ab')], expected: 'http2-protocol' },
  {
    name: 'a second head in place of trailers',
    frames: [headers(OK), headers([['x-sum', '9']])],
    expected: 'http2-protocol',
  },
  {
    name: 'an entry of the dynamic table, which is empty',
    frames: [rawFrame(1, last, 1, Buffer.of(0x88, 0xbe))],
    expected: 'http2-protocol',
  },
  {
    name: 'a dynamic table larger than we allow',
    frames: [rawFrame(1, last, 1, Buffer.of(0x3f, 0xe1, 0x1f, 0x88))],
    expected: 'http2-protocol',
  },
  {
    name: 'a string that is cut off',
    frames: [rawFrame(1, last, 1, Buffer.of(0x88, 0x00, 0x05, 0x61))],
    expected: 'http2-protocol',
  },
  {
    name: 'a number without an end',
    frames: [rawFrame(1, last, 1, Buffer.of(0x88, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff))],
    expected: 'http2-protocol',
  },
  {
    name: 'a frame between those of a header block',
    frames: [rawFrame(1, 0, 1, block(OK)), data('a')],
    expected: 'http2-protocol',
  },
  { name: 'a continuation of nothing', frames: [rawFrame(9, END_HEADERS, 1, block(OK))], expected: 'http2-protocol' },
  { name: 'a frame of a stream that nobody began', frames: [headers(OK, last, 3)], expected: 'http2-protocol' },
  {
    name: 'a push',
    frames: [rawFrame(5, END_HEADERS, 1, Buffer.concat([Buffer.of(0, 0, 0, 2), block(OK)]))],
    expected: 'http2-protocol',
  },
  {
    name: 'padding longer than the frame',
    frames: [headers(OK), rawFrame(0, PADDED, 1, Buffer.of(9, 0))],
    expected: 'http2-protocol',
  },
  { name: 'a frame that is too long', frames: [rawFrame(0, 0, 1, Buffer.alloc(16_385))], expected: 'http2-protocol' },
  {
    name: 'a header block without end',
    frames: [rawFrame(1, 0, 1, block(OK)), ...Array.from({ length: 5 }, () => rawFrame(9, 0, 1, Buffer.alloc(16_384)))],
    expected: 'head-too-large',
  },
  { name: 'a reset', frames: [rawFrame(3, 0, 1, Buffer.of(0, 0, 0, 2))], expected: 'stream-reset' },
  {
    name: 'refused before it was looked at',
    frames: [rawFrame(3, 0, 1, Buffer.of(0, 0, 0, 7))],
    expected: 'unprocessed',
  },
  {
    name: 'goodbye before the request was processed',
    frames: [rawFrame(7, 0, 0, Buffer.alloc(8))],
    expected: 'unprocessed',
  },
  {
    name: 'goodbye behind the request, then the response',
    frames: [rawFrame(7, 0, 0, Buffer.of(0, 0, 0, 1, 0, 0, 0, 0)), headers(OK, last)],
    expected: '200 p1',
  },
];

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** What the transport makes of what a peer says, in these pieces. */
async function reading(pieces: readonly Buffer[], closes = false, method: Canned['method'] = 'GET'): Promise<string> {
  const sockets = new CannedSockets(pieces, closes);
  const heard: string[] = [];
  let open = 0;
  const connection = new Http2Transport([planFor('http/2', method)], sockets).connection({
    connected: () => open++,
    closed: () => open--,
    responded: (_slot, status, pod) => heard.push(`${status} ${pod}`),
    failed: (_slot, failure) => heard.push(failure),
    refusedLocally: (_slot, code) => heard.push(code),
    unprocessed: () => heard.push('unprocessed'),
  });
  connection.send(0, 0, false);
  await sockets.delivered;
  for (let i = 0; i < 4 && heard.length === 0; i++) await turn();
  connection.close();
  await turn();
  expect(open).toBe(0);
  return heard.length === 0 ? 'pending' : heard.join(' then ');
}

function cuts(bytes: Buffer): Buffer[][] {
  const two = Array.from({ length: Math.min(400, bytes.length - 1) }, (_, at) => [
    bytes.subarray(0, at + 1),
    bytes.subarray(at + 1),
  ]);
  return bytes.length > 1000 ? two : [...two, Array.from(bytes, (_byte, at) => bytes.subarray(at, at + 1))];
}

test.each(RESPONSES)('$name', async ({ frames, closes, method, expected }) => {
  const bytes = Buffer.concat([settings([3, 100]), rawFrame(4, 1, 0), ...frames]);
  expect(await reading([bytes], closes, method)).toBe(expected);
  const readings = await Promise.all(cuts(bytes).map((pieces) => reading(pieces, closes, method)));
  expect(new Set(readings)).toEqual(new Set([expected]));
});

test.each([
  ['HTTP/1.1', Buffer.from('HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n'), 'http2-protocol'],
  ['a frame before the settings', headers(OK, last), 'http2-protocol'],
  ['settings of a wrong length', rawFrame(4, 0, 0, '12345'), 'http2-protocol'],
  ['a window beyond the largest', settings([4, 2 ** 31]), 'http2-protocol'],
])('a peer that begins with %s', async (_name, bytes, expected) => {
  expect(await reading([bytes])).toBe(expected);
});

test('a peer that takes no streams: nothing waits in silence', async () => {
  expect(await reading([settings([3, 0])])).toBe('HTTP2_STREAMS');
});
