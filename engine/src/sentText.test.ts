import { scenarioSchema } from '@evenkeel/contract/scenario';
import { parseTargetUrl, requestTargetOf, TargetUrlError } from '@evenkeel/contract/targetUrl';
import fc from 'fast-check';
import { Connector } from './connector.ts';
import { FastTransport } from './fastTransport.ts';
import { http1Request } from './http1Request.ts';
import { Http2Transport } from './http2/http2Transport.ts';
import { http2Target } from './http2/testing/http2Target.ts';
import type { RequestPlan } from './requestPlan.ts';
import { planned } from './testing/planned.ts';
import { recordingServer } from './testing/recordingServer.ts';
import { sentOnce } from './testing/sentOnce.ts';
import { UndiciTransport } from './undiciTransport.ts';
import { UnsendableText, wireBody, wireToken, wireValue, wireVisible } from './wireText.ts';

/** Text that somebody chose to break out of its place, among text of any kind. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...[
          '\r',
          '\n',
          '\r\n',
          '\0',
          '\t',
          ' ',
          ':',
          '\x7f',
          '\x85',
          '\u010d',
          '\u010a',
          '\u010d\u010a',
          '\u0a0d',
          '\u0d0a',
        ],
        ...[
          '\u{1040d}\u{1040a}',
          '\ud800',
          '\udc0a',
          '\u2028',
          '\uff0d\uff0a',
          '%0d%0a',
          '\\r\\n',
          '#',
          '?',
          '/',
          '..',
          '@',
          '[',
          ']',
        ],
        ...[
          'GET /b HTTP/1.1',
          'host: x',
          'x-evenkeel-run: forged',
          'content-length: 0',
          'transfer-encoding: chunked',
          '0',
        ]
      ),
      fc.string({ unit: 'grapheme', maxLength: 4 }),
      fc.string({ unit: 'binary', maxLength: 4 }),
      fc.string({ unit: 'binary-ascii', maxLength: 4 })
    ),
    { maxLength: 8 }
  )
  .map((parts) => parts.join(''));

/** Half of what is tried is near enough to what is allowed to get in. */
const visible = fc.string({
  unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
  maxLength: 20,
});
const path = fc.oneof(
  hostile,
  fc.oneof(visible, hostile).map((text) => `/${text}`),
  fc.constant(null)
);
/** The same texts in every run; other ones with another number here. */
const SEED = Number(process.env.EVENKEEL_FUZZ_SEED ?? 11);

const name = fc.oneof(hostile, fc.constantFrom('X-A', 'x-a', 'Cookie', 'user-agent', 'Te', 'accept', '__proto__'));
const headers = fc.array(fc.tuple(name, hostile), { maxLength: 4 });
const method = fc.oneof({ weight: 4, arbitrary: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE') }, hostile);
const written = fc.record({
  tail: fc.oneof(
    fc.constant(''),
    hostile,
    visible.map((text) => `/${text}`)
  ),
  asMap: fc.boolean(),
  request: fc.record({ method, path, headers, body: fc.oneof(fc.constant(null), hostile) }),
});

type Written = typeof written extends fc.Arbitrary<infer T> ? T : never;

/** The request as the scenario's rules accept it; null when they do not. */
function accepted(
  { tail, asMap, request }: Written,
  port: number,
  protocol?: RequestPlan['protocol']
): { plan: RequestPlan; given: [string, string][] } | null {
  const headers = asMap ? Object.fromEntries(request.headers) : request.headers;
  const input = { ...request, headers };
  const load = { model: 'rate', stages: [{ from: 1, to: 1, durationSeconds: 10 }] };
  const parsed = scenarioSchema.safeParse({ name: 'a', load, request: input });
  if (!parsed.success) return null;
  try {
    requestTargetOf(parseTargetUrl(`http://127.0.0.1:${port}${tail}`), parsed.data.request.path);
  } catch (error) {
    if (error instanceof TargetUrlError) return null;
    throw error;
  }
  const plan = planned({ target: `http://127.0.0.1:${port}${tail}`, request: input as never }, port, protocol);
  return { plan, given: parsed.data.request.headers };
}

/** The headers behind those that begin a request, ours among them. */
function expectedFields(plan: RequestPlan, given: readonly [string, string][], body: string | null): string[] {
  const length = plan.contentLength === null ? [] : [`content-length: ${Buffer.byteLength(body ?? '')}`];
  const cookies = given.filter(([key]) => key.toLowerCase() === 'cookie');
  const joined = cookies.flatMap(([, one]) => (one === '' ? [] : [one])).join('; ');
  const wanted = given
    .filter((header) => header === cookies[0] || !cookies.includes(header))
    .map((header) => `${header[0]}: ${header === cookies[0] ? joined : header[1]}`);
  const own = given.some(([key]) => key.toLowerCase() === 'user-agent') ? [] : ['user-agent: evenkeel/0'];
  return [...own, ...wanted, 'x-evenkeel-run: run-1', ...length];
}

/** Whether bytes are one request of the lines that were asked for, and of no other. */
function expectOneRequest(
  bytes: Buffer,
  plan: RequestPlan,
  given: readonly [string, string][],
  body: string | null
): void {
  const end = bytes.indexOf('\r\n\r\n');
  const head = bytes.toString('latin1', 0, end);
  const lines = head.split('\r\n');
  // No other line end hides within a line.
  expect(head.replaceAll('\r\n', '')).not.toMatch(/[\r\n\0]/);
  expect(bytes.subarray(end + 4)).toEqual(Buffer.from(body ?? ''));
  expect(lines[0]).toMatch(/^(GET|POST|PUT|DELETE|PATCH|HEAD|OPTIONS) \/[\x21-\x7e]* HTTP\/1\.1$/);
  expect(lines.slice(3).map((line) => Buffer.from(line, 'latin1').toString())).toEqual(
    expectedFields(plan, given, body)
  );
}

test('no text of a scenario or target makes a line that was not asked for', () => {
  let sent = 0;
  fc.assert(
    fc.property(written, (one) => {
      const ready = accepted(one, 80);
      if (ready === null) return;
      sent++;
      expectOneRequest(http1Request(ready.plan, false), ready.plan, ready.given, one.request.body);
    }),
    { seed: SEED, numRuns: 20_000 }
  );
  // Enough gets past the rules for this to say something.
  expect(sent).toBeGreaterThan(1000);
});

test.each([
  ['fast', (plan: RequestPlan) => new FastTransport([plan], new Connector(plan))],
  ['undici', (plan: RequestPlan) => new UndiciTransport([plan], new Connector(plan))],
] as const)('nor does it over a socket, by %s', async (_, transportFor) => {
  const server = await recordingServer();
  let sent = 0;
  await fc.assert(
    fc.asyncProperty(written, async (one) => {
      const ready = accepted(one, server.port);
      if (ready === null) return;
      expect(await sentOnce(transportFor(ready.plan), ready.plan)).toBe(200);
      expect(server.connections.length).toBe(++sent);
      expectOneRequest(server.connections.at(-1)!, ready.plan, ready.given, one.request.body);
    }),
    { seed: SEED, numRuns: 5000 }
  );
  await server.close();
  expect(sent).toBeGreaterThan(50);
});

test('nor does it make a field over HTTP/2', async () => {
  const seen: (readonly string[])[] = [];
  const bodies: string[] = [];
  const server = await http2Target((stream, _headers, body, raw) => {
    seen.push(raw);
    bodies.push(body);
    stream.respond({ ':status': 200 }, { endStream: true });
  });
  const port = Number(new URL(server.url).port);
  await fc.assert(
    fc.asyncProperty(written, async (one) => {
      const ready = accepted(one, port, 'http/2');
      if (ready === null) return;
      const { plan, given } = ready;
      const before = seen.length;
      expect(await sentOnce(new Http2Transport([plan], new Connector(plan)), plan)).toBe(200);
      expect(seen.length).toBe(before + 1);
      const raw = seen.at(-1)!;
      const fields = raw.flatMap((name, i) => (i % 2 === 0 ? [`${name}: ${raw[i + 1]}`] : []));
      expect(bodies.at(-1)).toBe(one.request.body ?? '');
      expect(fields.slice(0, 4)).toEqual([
        `:method: ${plan.method}`,
        ':scheme: http',
        `:authority: 127.0.0.1:${port}`,
        `:path: ${plan.path}`,
      ]);
      const lowered = given.map(([name, value]): [string, string] => [name.toLowerCase(), value]);
      expect(fields.slice(4).map((field) => Buffer.from(field, 'latin1').toString())).toEqual(
        expectedFields(plan, lowered, one.request.body)
      );
    }),
    { seed: SEED, numRuns: 5000 }
  );
  await server.close();
  expect(seen.length).toBeGreaterThan(50);
});

test('what gets past every rule is refused where text becomes bytes', () => {
  for (const text of ['', 'a b', 'a\r\nb', 'a:b', 'é', '\u010d', '\0'])
    expect(() => wireToken(text, 'it')).toThrow(UnsendableText);
  for (const text of ['', ' ', 'a b', '/a\r\n', '/\u010d\u010a', '/é', '\x7f'])
    expect(() => wireVisible(text, 'it')).toThrow(UnsendableText);
  for (const text of ['a\r', 'a\nb', '\0', '\x7f', '\ud800', 'a\udc0a'])
    expect(() => wireValue(text, 'it')).toThrow(UnsendableText);
  expect(() => wireBody('\ud800')).toThrow(UnsendableText);
  expect(Buffer.from(wireValue('\u010d\u010a', 'it'), 'latin1')).toEqual(Buffer.from('\u010d\u010a'));
});
