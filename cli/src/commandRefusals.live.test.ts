import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BIN, begin, evenkeel, expectUsageError, listening } from './testing/commandProcess.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'evenkeel-command-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

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
    ['a URL that is none', ['run', '--target', 'ftp://x/'], /--target "ftp:\/\/x\/" must be an http/],
    ['a URL with a password', ['run', '--target', 'http://u:secret@127.0.0.1/'], /must hold no user name or password/],
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

  test.each([
    ['a threshold of a file', 'thresholds: ["\\e[2J\\u202e\\u009b31m"]', []],
    ['a tag of a file', 'kind: !<\u202e\u009b31m> custom', []],
    ['an unknown field', '"\\e[2J\\u202e": 1', []],
    ['the name of a scenario', null, ['run', '\u001b[2J\u202e']],
    ['a flag', null, ['run', '--\u001b[2J\u202e']],
    ['the value of a flag', null, ['run', '--fault', 'latency:\u001b[2J\u202e@1+2']],
    ['a stage', null, ['run', '--stage', '\u001b[2J\u202e\n']],
    ['an option of the cluster', null, ['run', '--policy', '\u001b[2J\u202e']],
    ['a place for a report', null, ['run', '--json', '/nonesuch/\u001b[2J\u202e']],
    ['a command', null, ['\u001b[2J\u202e']],
  ])('shows nothing that steers a terminal: %s', async (_, line, args) => {
    const path = join(folder, 'evil.yaml');
    if (line !== null)
      writeFileSync(path, `name: x\nload: {model: users, users: 10, spawnRate: 1, durationSeconds: 20}\n${line}\n`);
    const ended = await evenkeel(...(line === null ? args : ['run', path]));
    expectUsageError(ended, /\\u202e/);
    expect(ended.err.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202e]/u);
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
