import { spawn } from 'node:child_process';
import { installed, PATIENCE_MS } from '../../checks/loopbackProgram.ts';
import { http1Request } from './http1Request.ts';
import { planned } from './testing/planned.ts';
import { type RecordingServer, recordingServer } from './testing/recordingServer.ts';
import { REQUEST_CORPUS, type WrittenRequest } from './testing/requestCorpus.ts';

/** The parts of a request that a scenario decides; curl has headers of its own between them. */
interface Parts {
  readonly line: string;
  readonly host: string;
  readonly headers: readonly string[];
  readonly body: string;
}

function partsOf(bytes: Buffer, names: ReadonlySet<string>): Parts {
  const [head = '', ...rest] = bytes.toString('latin1').split('\r\n\r\n');
  const [line = '', ...lines] = head.split('\r\n');
  const named = (text: string) => text.slice(0, text.indexOf(':')).toLowerCase();
  const lengthOf = lines.filter((text) => named(text) === 'content-length').map((text) => text.toLowerCase());
  return {
    line,
    host: lines.find((text) => named(text) === 'host')?.slice(6) ?? '',
    headers: [...lines.filter((text) => names.has(named(text))), ...lengthOf],
    body: rest.join('\r\n\r\n'),
  };
}

/** Has curl send the same, as it stands. */
function curl({ target, request = {} }: WrittenRequest, names: readonly string[], port: number): Promise<string> {
  const { method = 'GET', body = null, headers } = planned({ target, request }, port);
  const own = headers.flatMap((name, i) =>
    i % 2 === 0 && names.includes(name.toLowerCase()) ? [[name, headers[i + 1]!]] : []
  );
  const url = `${target.replace('://@', `://127.0.0.1:${port}`)}${request.path ?? ''}`;
  const args = [
    ...['--disable', '--silent', '--show-error', '--output', '/dev/null', '--max-time', '20', '--noproxy', '*'],
    ...['--http1.1', '--globoff', '--path-as-is', '--connect-to', `::127.0.0.1:${port}`],
    ...(method === 'HEAD' ? ['--head'] : ['--request', method]),
    ...own.flatMap(([name, value]) => ['--header', `${name}: ${Buffer.from(value!, 'latin1')}`]),
    ...(body !== null || /^(POST|PUT|PATCH)$/.test(method) ? ['--data-binary', '@-'] : []),
    url,
  ];
  return new Promise((resolve) => {
    const child = spawn('curl', args, { stdio: ['pipe', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.on('data', (chunk) => {
      said += chunk;
    });
    child.on('close', (code) => resolve(`${code} ${said}`));
    child.stdin.on('error', () => {}).end(body ?? '');
  });
}

/** curl joins nothing: a path of the scenario behind a slash of the target is no case for it. */
const compared = REQUEST_CORPUS.filter(
  ({ target, request, curl: differs }) => differs === undefined && !(request?.path && target.endsWith('/'))
);

(installed('curl') ? describe : describe.skip)('curl sends the same', () => {
  let server: RecordingServer;
  beforeAll(async () => {
    server = await recordingServer();
  });
  afterAll(() => server.close());

  test(
    `for each of ${compared.length} requests`,
    async () => {
      for (const written of compared) {
        const names = (written.headers ?? []).map((header) => header.slice(0, header.indexOf(':')).toLowerCase());
        expect([written, await curl(written, names, server.port)]).toEqual([written, '0 ']);
        const theirs = partsOf(server.connections.at(-1)!, new Set(names));
        const ours = partsOf(http1Request(planned(written, server.port), false), new Set(names));
        expect(ours).toEqual(theirs);
      }
      expect(server.connections.length).toBe(compared.length);
    },
    PATIENCE_MS
  );
});
