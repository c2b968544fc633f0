import { fieldProblems } from '@evenkeel/contract/fieldProblems';
import { scenarioSchema } from '@evenkeel/contract/scenario';
import { parseTargetUrl, requestTargetOf } from '@evenkeel/contract/targetUrl';
import { Connector } from './connector.ts';
import { FastTransport } from './fastTransport.ts';
import { Http2Transport } from './http2/http2Transport.ts';
import { type Http2Target, http2Target } from './http2/testing/http2Target.ts';
import type { RequestPlan } from './requestPlan.ts';
import { planned } from './testing/planned.ts';
import { type RecordingServer, recordingServer } from './testing/recordingServer.ts';
import { REFUSED_REQUESTS, REQUEST_CORPUS, type WrittenRequest } from './testing/requestCorpus.ts';
import { sentOnce } from './testing/sentOnce.ts';
import { UndiciTransport } from './undiciTransport.ts';

const utf8 = (text: string) => Buffer.from(text).toString('latin1');

/** Every byte that a request is, written down apart from the code that makes it. */
function expectedBytes({ line, host, headers = [], body }: WrittenRequest, port: number): string {
  const length = body === undefined ? (/^(POST|PUT|PATCH) /.test(line) ? 0 : null) : Buffer.byteLength(body);
  const ownAgent = headers.some((header) => /^user-agent:/i.test(header));
  return [
    `${line} HTTP/1.1`,
    `host: ${host ?? `127.0.0.1:${port}`}`,
    'connection: keep-alive',
    ...(ownAgent ? [] : ['user-agent: evenkeel/0']),
    ...headers.map(utf8),
    'x-evenkeel-run: run-1',
    ...(length === null ? [] : [`content-length: ${length}`]),
    '',
    utf8(body ?? ''),
  ].join('\r\n');
}

test('the table is as large as it has to be, and says nothing twice', () => {
  expect(REQUEST_CORPUS.length).toBeGreaterThanOrEqual(200);
  const rows = REQUEST_CORPUS.map(({ target, request }) => JSON.stringify([target, request]));
  expect(rows.filter((row, i) => rows.indexOf(row) !== i)).toEqual([]);
});

describe.each([
  ['fast', (plan: RequestPlan) => new FastTransport([plan], new Connector(plan))],
  ['undici', (plan: RequestPlan) => new UndiciTransport([plan], new Connector(plan))],
] as const)('over HTTP/1.1 by %s', (_, transportFor) => {
  let server: RecordingServer;
  beforeAll(async () => {
    server = await recordingServer();
  });
  afterAll(() => server.close());

  test('what leaves is what was asked for, to the byte, and nothing else', async () => {
    const expected: string[] = [];
    const recorded: string[] = [];
    for (const written of REQUEST_CORPUS) {
      const plan = planned(written, server.port);
      expect(await sentOnce(transportFor(plan), plan)).toBe(200);
      expected.push(expectedBytes(written, server.port));
      recorded.push(server.connections.at(-1)!.toString('latin1'));
    }
    // One by one: a difference is shown alone.
    for (const [i, bytes] of recorded.entries()) expect(bytes).toBe(expected[i]);
    expect(server.connections.length).toBe(REQUEST_CORPUS.length);
  });
});

describe('over HTTP/2', () => {
  let server: Http2Target;
  const seen: { readonly headers: readonly string[]; readonly body: string }[] = [];
  beforeAll(async () => {
    server = await http2Target((stream, _headers, body, raw) => {
      seen.push({ headers: raw, body });
      stream.respond({ ':status': 200 }, { endStream: true });
    });
  });
  afterAll(() => server.close());

  test('a peer that is not ours reads the same, with names in lower case', async () => {
    const port = Number(new URL(server.url).port);
    for (const written of REQUEST_CORPUS) {
      const plan = planned(written, port, 'http/2');
      expect(await sentOnce(new Http2Transport([plan], new Connector(plan)), plan)).toBe(200);
      const [method, path] = written.line.split(' ') as [string, string];
      const [, , , ...fields] = expectedBytes(written, port).split('\r\n\r\n')[0]!.split('\r\n');
      expect(pairs(seen.at(-1)!.headers)).toEqual([
        `:method: ${method}`,
        ':scheme: http',
        `:authority: ${written.host ?? `127.0.0.1:${port}`}`,
        `:path: ${path}`,
        ...fields.map((field) => field.replace(/^[^:]+/, (name) => name.toLowerCase())),
      ]);
      expect(seen.at(-1)!.body).toBe(written.body ?? '');
    }
    expect(seen.length).toBe(REQUEST_CORPUS.length);
  });
});

function pairs(raw: readonly string[]): string[] {
  return raw.flatMap((text, i) => (i % 2 === 0 ? [`${text}: ${raw[i + 1]}`] : []));
}

describe('what is refused', () => {
  const scenario = (request: object) => ({
    name: 'a',
    load: { model: 'rate', stages: [{ from: 1, to: 1, durationSeconds: 10 }] },
    request,
  });

  const named = REFUSED_REQUESTS.map((row) => ({ name: JSON.stringify(row.slice(0, 2)).slice(0, 100), row }));
  test.each(named)('$name', ({ row: [target, request, says] }) => {
    const input = scenario(request);
    const parsed = scenarioSchema.safeParse(input);
    if (!parsed.success) {
      const problems = fieldProblems(scenarioSchema, parsed.error, input);
      expect(problems.map(({ field, message }) => `${field}: ${message}`).join('\n')).toMatch(says);
      return;
    }
    const reading = () => requestTargetOf(parseTargetUrl(target), parsed.data.request.path);
    expect(reading).toThrow(says);
    expect(reading).not.toThrow(/sec/);
  });
});
