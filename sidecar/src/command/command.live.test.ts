import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { reportSchema } from '@evenkeel/contract/report';

const BIN = new URL('../../bin/evenkeel.mjs', import.meta.url).pathname;
const QUICK = ['--allow-any', '--warmup', '0', '--drain', '2'];

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function begin(
  args: readonly string[],
  [program, ...first]: readonly [string, ...string[]] = [process.execPath, BIN]
): {
  child: ChildProcess;
  ended: Promise<Ended>;
  said(text: string): Promise<void>;
} {
  const child = spawn(program, [...first, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1' },
  });
  let out = '';
  let err = '';
  const waiting: { text: string; resolve: () => void }[] = [];
  child.stdout!.on('data', (chunk) => {
    out += chunk;
    for (const { text, resolve } of waiting) if (out.includes(text)) resolve();
  });
  child.stderr!.on('data', (chunk) => {
    err += chunk;
  });
  const ended = new Promise<Ended>((resolve) => child.on('close', (code) => resolve({ code, out, err })));
  return { child, ended, said: (text) => new Promise((resolve) => waiting.push({ text, resolve })) };
}

const evenkeel = (...args: string[]): Promise<Ended> => begin(args).ended;

/** A run whose generator had room: on a busy machine it may have none, says so, and judges no balancer; then it is run again. */
async function measured(...args: string[]): Promise<Ended> {
  let ended = await evenkeel(...args);
  for (let again = 0; again < 4 && ended.out.includes('load generator itself was saturated'); again++) {
    ended = await evenkeel(...args);
  }
  return ended;
}

/** No one should meet a stack trace for a mistake of their own. */
function expectUsageError({ code, out, err }: Ended, message: RegExp): void {
  expect(err).toMatch(message);
  expect(err).toMatch(/^(evenkeel: .*\n)+$/);
  expect(err).not.toMatch(/\n\s+at /);
  expect(out).toBe('');
  expect(code).toBe(2);
}

async function listening(server: Server | ReturnType<typeof createTcpServer>): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'evenkeel-command-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('evenkeel run on the embedded cluster', () => {
  test('round-robin over four pods is balanced: exit 0, a line a second, and every report', async () => {
    const file = (name: string) => join(folder, name);
    const { code, out } = await measured(
      'run',
      '--rate',
      '300',
      '--duration',
      '3',
      ...QUICK,
      '--json',
      file('r.json'),
      '--junit',
      file('r.xml'),
      '--html',
      file('r.html'),
      '--markdown',
      file('r.md')
    );
    expect(out).toMatch(/✔ BALANCED {2}balance 100\.0/);
    expect(out.match(/^ +\d+ s (measuring|draining)/gm)!.length).toBeGreaterThanOrEqual(3);
    expect(code).toBe(0);
    const report = reportSchema.parse(JSON.parse(readFileSync(file('r.json'), 'utf8')));
    expect(report).toMatchObject({ conclusion: 'passed', balance: { verdict: 'balanced', pods: 4, unattributed: 0 } });
    expect(report.totals.offered).toBe(900);
    expect(report.totals.completed + report.totals.dropped + report.totals.cancelled).toBe(900);
    expect(report.pods.reduce((sum, pod) => sum + pod.requests, 0)).toBe(report.totals.completed);
    expect(readFileSync(file('r.xml'), 'utf8')).toContain('failures="0"');
    expect(readFileSync(file('r.html'), 'utf8')).toContain('BALANCED');
    expect(readFileSync(file('r.md'), 'utf8')).toContain('BALANCED');
  });

  test('random with few requests needs more data: exit 3, not a failure', async () => {
    const { code, out } = await measured('run', '--rate', '60', '--duration', '3', '--policy', 'random', ...QUICK);
    expect(out).toContain('NEEDS MORE DATA');
    expect(code).toBe(3);
  });

  test('few connections decided per connection are imbalanced, and the sentence says pinned connections', async () => {
    const { code, out } = await measured(
      'run',
      '--users',
      '6',
      '--duration',
      '4',
      '--think-time',
      '5',
      '--mode',
      'connection',
      '--policy',
      'round-robin',
      ...QUICK
    );
    expect(out).toContain('✘ IMBALANCED');
    expect(out).toContain('Connections are pinned to pods');
    expect(code).toBe(1);
  });

  test('one pod three times slower under round-robin is even in requests and not in work', async () => {
    const { code, out } = await measured(
      'run',
      '--rate',
      '100',
      '--duration',
      '4',
      // Long enough to show through what a busy machine adds to each request.
      '--service-time',
      '100ms',
      '--capacity',
      '1,1,1,0.33',
      ...QUICK
    );
    expect(out).toContain('✔ BALANCED');
    expect(out).toMatch(/the work is not: pod-4 takes/);
    expect(code).toBe(0);
  });

  test('a missed threshold fails a balanced run', async () => {
    const { code, out } = await measured(
      'run',
      '--rate',
      '300',
      '--duration',
      '3',
      '--service-time',
      '20ms',
      '--p95',
      '5',
      ...QUICK
    );
    expect(out).toContain('✔ BALANCED');
    expect(out).toMatch(/Threshold p95 < 5 ms was missed/);
    expect(code).toBe(1);
  });

  test('Ctrl-C drains and reports, and leaves nothing running', async () => {
    const { child, ended, said } = begin(['run', '--rate', '300', '--duration', '60']);
    await said('measuring');
    await said('   5 s');
    child.kill('SIGINT');
    const { out, code } = await ended;
    expect(out).toMatch(/state +stopped/);
    expect(out).toMatch(/✔ BALANCED|load generator itself was saturated/);
    expect(code).toBe(out.includes('✔ BALANCED') ? 0 : 3);
    const port = /127\.0\.0\.1:(\d+)/.exec(out)![1];
    await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
  });
});

test('output that nobody reads any more ends the command, without a stack trace', async () => {
  const { child, ended, said } = begin(['run', '--rate', '100', '--duration', '60']);
  await said('warming');
  child.stdout!.destroy();
  const { code, err } = await ended;
  expect(err).toBe('');
  expect([0, 3]).toContain(code);
});

describe('evenkeel run on a URL', () => {
  let pods = ['a', 'b'];
  let served = 0;
  const server = createServer((_, response) => {
    const pod = pods[served++ % Math.max(1, pods.length)];
    response.writeHead(200, pod ? { 'x-pod-name': pod } : {}).end('ok');
  });
  let url: string;
  beforeAll(async () => {
    url = `http://127.0.0.1:${await listening(server)}/`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  test('attributes by the header that was named', async () => {
    const { code, out } = await measured(
      'run',
      '--target',
      url,
      '--attribute',
      'header:X-Pod-Name',
      '--rate',
      '200',
      '--duration',
      '3',
      ...QUICK
    );
    expect(out).toContain('✔ BALANCED');
    expect(out).toContain('a pod that never answered is not known');
    expect(code).toBe(0);
  });

  test('a pod that was named and never answers is starved', async () => {
    const { code, out } = await measured(
      'run',
      '--target',
      url,
      '--attribute',
      'header:X-Pod-Name',
      '--pod',
      'a',
      '--pod',
      'b',
      '--pod',
      'c',
      '--rate',
      '200',
      '--duration',
      '3',
      ...QUICK
    );
    expect(out).toContain('✘ IMBALANCED');
    expect(out).toMatch(/\bc\b.*(got no|no request)/);
    expect(code).toBe(1);
  });

  test('answers without attribution are inconclusive and say what to do', async () => {
    pods = [];
    const { code, out } = await evenkeel('run', '--target', url, '--rate', '100', '--duration', '2', ...QUICK);
    pods = ['a', 'b'];
    expect(out).toContain('NOT APPLICABLE');
    expect(out).toContain('No pod could be found for 100 % of the responses');
    expect(out).toContain('Looked for: x-evenkeel-pod and x-evenkeel-upstream. --attribute header:NAME');
    expect(code).toBe(3);
  });

  test('a pod that hangs: the rest is not called balanced', async () => {
    const hanging = createServer((_, response) => {
      if (served++ % 4 > 0) response.writeHead(200, { 'x-pod-name': `p${served % 4}` }).end('ok');
    });
    const port = await listening(hanging);
    const attribute = ['--target', `http://127.0.0.1:${port}/`, '--attribute', 'header:X-Pod-Name'];
    const load = ['--rate', '100', '--duration', '2', '--timeout', '1000'];
    const { code, out } = await measured('run', ...attribute, ...load, ...QUICK);
    hanging.closeAllConnections();
    hanging.close();
    expect(out).toContain('NOT APPLICABLE');
    expect(out).toMatch(/of the requests \(\d+\) got no response/);
    expect(code).toBe(3);
  });
});

describe('bad input ends in a line, exit 2, and nothing started', () => {
  const refused: [string, string[], RegExp][] = [
    ['users out of range', ['run', '--users', '5'], /--users: 5 is below 10 \(allowed 10 to 1000/],
    ['NaN', ['run', '--rate', 'NaN'], /--rate "NaN" is not a number/],
    ['unknown scenario', ['run', 'nonesuch'], /no scenario "nonesuch"; built in are high-traffic/],
    ['a file that is not there', ['run', './nonesuch.yaml'], /nonesuch\.yaml/],
    ['unknown flag', ['run', '--nonesuch'], /unknown option '--nonesuch'/],
    ['unknown command', ['nonesuch'], /unknown command 'nonesuch'/],
    ['unknown policy', ['run', '--policy', 'fair'], /--policy fair: must be one of round-robin/],
    ['too many pods', ['run', '--pods', '65'], /--pods 65: must be a whole number from 1 to 64/],
    ['a URL that is none', ['run', '--target', 'ftp://x/'], /--target "ftp:\/\/x\/" is not an http/],
    [
      'a URL with a password',
      ['run', '--target', 'http://u:secret@127.0.0.1/'],
      /must not hold a user name or password/,
    ],
    [
      'attribution without a kind',
      ['run', '--target', 'http://127.0.0.1/', '--attribute', 'X-Pod'],
      /write header:NAME/,
    ],
    [
      'cluster flags for a URL',
      ['run', '--target', 'http://127.0.0.1/', '--pods', '3'],
      /--pods shapes the embedded cluster/,
    ],
    ['attribution for the cluster', ['run', '--attribute', 'header:x'], /--attribute describes a --target/],
    ['a report into nowhere', ['run', '--json', '/nonesuch/r.json'], /--json \/nonesuch\/r\.json: the folder/],
    ['a report without a name', ['run', '--html', ''], /--html: name a file/],
    ['a score over 100', ['run', '--fail-under', '101'], /--fail-under 101: allowed are 0 to 100/],
    ['cloud metadata', ['run', '--target', 'http://169.254.169.254/'], /169\.254\.169\.254/],
  ];
  test.each(refused)('%s', async (_, args, message) => expectUsageError(await evenkeel(...args), message));

  test('a scenario file with a broken field names the field and its limit', async () => {
    const path = join(folder, 'broken.yaml');
    writeFileSync(path, 'name: x\nload: {model: users, users: 5, spawnRate: 1, durationSeconds: 20}\n');
    expectUsageError(await evenkeel('run', path), /load\.users.*10/);
  });

  test('nothing listens at the target', async () => {
    const server = createTcpServer();
    const port = await listening(server);
    await new Promise((resolve) => server.close(resolve));
    expectUsageError(
      await evenkeel('run', '--target', `http://127.0.0.1:${port}/`),
      new RegExp(`nothing listens on 127\\.0\\.0\\.1 port ${port}`)
    );
  });

  test('plain HTTP where TLS was asked for', async () => {
    const server = createServer((_, response) => response.end());
    const port = await listening(server);
    const ended = await evenkeel('run', '--target', `https://127.0.0.1:${port}/`);
    server.close();
    expectUsageError(ended, /TLS/);
  });

  test('too few open files, for the connections and for the cluster itself', async () => {
    const limited = (limit: number, ...args: string[]) =>
      begin(args, ['/bin/sh', '-c', `ulimit -n ${limit}; exec "$0" "$@"`, process.execPath, BIN]).ended;
    expectUsageError(await limited(300, 'run', '--connections', '100'), /--connections.* need 350 open files/);
    expectUsageError(await limited(30, 'pods'), /did not start: .*too few open files; raise the limit with "ulimit/);
  });

  test('a port in use', async () => {
    const server = createTcpServer();
    const port = await listening(server);
    const ended = await evenkeel('run', '--balancer-port', String(port));
    server.close();
    expectUsageError(ended, new RegExp(`${port}.*in use|in use.*${port}`));
  });
});

describe('evenkeel preview', () => {
  test('draws the built-in scenarios, and gives one back as a file that run accepts', async () => {
    const all = await evenkeel('preview');
    for (const name of ['high-traffic', 'spike', 'sustained', 'gradual-ramp']) expect(all.out).toContain(name);
    expect(all.out).toMatch(/█/);
    const { out } = await evenkeel('preview', 'spike', '--duration', '40', '--yaml');
    const path = join(folder, 'spike.yaml');
    writeFileSync(path, out);
    const again = await evenkeel('preview', path);
    expect(again.out).toContain('up to 600 requests/s, 40 s');
    expect(again.code).toBe(0);
  });
});

describe('help', () => {
  test('the version', async () => {
    expect(await evenkeel('--version')).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  });

  test('every command has a page', async () => {
    for (const args of [
      ['--help'],
      ['scenarios', '--help'],
      ['run', '--help'],
      ['demo', '--help'],
      ['serve', '--help'],
      ['pods', '--help'],
    ]) {
      const { code, out } = await evenkeel(...args);
      expect(out).toMatch(/^Usage: evenkeel/);
      expect(code).toBe(0);
    }
  });
});
