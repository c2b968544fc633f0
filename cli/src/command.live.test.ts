import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { reportSchema } from '@evenkeel/contract/report';
import { begin, evenkeel, listening, measured, QUICK } from './testing/commandProcess.ts';

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
      '200',
      '--duration',
      '3',
      '--fail-under',
      '80',
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
    expect([report.balance.targetPercent, report.run.target.targetPercent]).toEqual([80, 80]);
    expect(report.totals.offered).toBe(600);
    expect(report.totals.completed + report.totals.dropped + report.totals.cancelled).toBe(600);
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
      '200',
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

  test.each(['SIGINT', 'SIGTERM'] as const)(
    '%s drains and reports, is no success, and leaves nothing running',
    async (signal) => {
      const junit = join(folder, `${signal}.xml`);
      const { child, ended, said } = begin([
        'run',
        '--rate',
        '100',
        '--duration',
        '60',
        '--error-rate',
        '50',
        '--junit',
        junit,
      ]);
      await said('measuring');
      await said('   5 s');
      child.kill(signal);
      const { out, code } = await ended;
      expect(out).toMatch(/state +stopped/);
      expect(out).toMatch(/✔ BALANCED|load generator itself was saturated/);
      expect(out).toMatch(/The run was stopped after \d+ of 60 s/);
      expect(code).toBe(3);
      expect(readFileSync(junit, 'utf8')).toMatch(
        /failures="0" errors="1"[\s\S]*<error message="The run was stopped after/
      );
      const port = /127\.0\.0\.1:(\d+)/.exec(out)![1];
      await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
    }
  );
});

test('output that nobody reads any more ends the command, without a stack trace', async () => {
  const { child, ended, said } = begin(['run', '--rate', '100', '--duration', '60']);
  await said('warming');
  child.stdout!.destroy();
  const { code, err } = await ended;
  expect(err).toBe('');
  expect(code).toBe(3);
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
    expect(out).toMatch(/of the requests \(\d+\) got no answer that can be read/);
    expect(code).toBe(3);
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
