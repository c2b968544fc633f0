import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDemoRun } from '../deploy/demoRun.ts';
import { makeSecrets } from '../deploy/secrets.ts';
import { root, text } from './grafanaFiles.ts';
import { eventually, freePort, installed, PATIENCE_MS } from './loopbackProgram.ts';

/*
 * The compose stack without containers: the same pods, nginx configuration, service settings, secrets, Prometheus configuration
 * and demo run as processes on loopback. What Docker adds (isolation, health checks, names) is not tested here.
 */
const PODS = ['pod-1', 'pod-2', 'pod-3', 'pod-4'];
const describeStack = installed('nginx', 'prometheus') ? describe : describe.skip;

/** `server … resolve` came to open-source nginx with 1.27.3; an older one only finds addresses when it starts. */
function nginxKnowsResolve(): boolean {
  const [, major, minor, patch] = /nginx\/(\d+)\.(\d+)\.(\d+)/.exec(
    spawnSync('nginx', ['-v'], { encoding: 'utf8' }).stderr
  )!;
  return Number(major) * 1e6 + Number(minor) * 1e3 + Number(patch) >= 1_027_003;
}

describeStack('the stack of docker-compose.yaml, as processes', () => {
  const processes: ChildProcess[] = [];
  let folder: string;
  let ports: { pods: number[]; nginx: number; service: number; prometheus: number };
  let output = '';

  const start = (command: string, args: string[], environment: Record<string, string> = {}) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { PATH: process.env.PATH, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (chunk) => (output += chunk));
    processes.push(child);
    return child;
  };
  const succeeds = (url: string) =>
    eventually(async () => {
      const response = await fetch(url);
      await response.body?.cancel();
      if (!response.ok) throw new Error(`${url} answers ${response.status}`);
    }).catch((error) => {
      throw new Error(`${url}: ${error}\n${output.slice(-2000)}`);
    });
  const secret = (name: string) => readFileSync(join(folder, 'secrets', name), 'utf8');

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'evenkeel-stack-'));
    const free = await Promise.all(Array.from({ length: 7 }, freePort));
    ports = { pods: free.slice(0, 4), nginx: free[4]!, service: free[5]!, prometheus: free[6]! };
    makeSecrets(join(folder, 'secrets'), {});

    PODS.forEach((name, index) => {
      const environment = {
        POD_NAME: name,
        POD_HOST: '127.0.0.1',
        POD_PORT: String(ports.pods[index]),
        POD_SERVICE_TIME_MS: '2',
      };
      start(process.execPath, ['deploy/pod.ts'], environment);
    });

    mkdirSync(join(folder, 'nginx'));
    const nginx = PODS.reduce(
      (conf, name, index) => conf.replace(`server ${name}:8080`, `server 127.0.0.1:${ports.pods[index]}`),
      text('deploy/nginx.conf')
    )
      .replace('listen 8080 ', `listen 127.0.0.1:${ports.nginx} `)
      // A pod that is slow because the machine is busy is no pod that hangs.
      .replaceAll(/(proxy_\w+_timeout) \ds;/g, '$1 60s;')
      .replaceAll('/tmp/', `${folder}/nginx/`)
      .replaceAll('/dev/stdout', `${folder}/nginx/access.log`)
      .replaceAll('/dev/stderr', `${folder}/nginx/error.log`);
    writeFileSync(join(folder, 'nginx.conf'), nginxKnowsResolve() ? nginx : nginx.replaceAll(' resolve;', ';'));
    start('nginx', ['-e', join(folder, 'nginx/error.log'), '-c', join(folder, 'nginx.conf'), '-g', 'daemon off;']);
    await Promise.all(ports.pods.map((port) => succeeds(`http://127.0.0.1:${port}/readyz`)));
    await succeeds(`http://127.0.0.1:${ports.nginx}/nginx-health`);

    const settings = text('deploy/evenkeel.yaml')
      .replace('host: 0.0.0.0', `host: 127.0.0.1\n  port: ${ports.service}`)
      .replace('/var/lib/evenkeel', folder)
      .replace('http://nginx:8080', `http://127.0.0.1:${ports.nginx}`)
      .replace(/networks: \[.*\]/, 'networks: [127.0.0.0/8]');
    writeFileSync(join(folder, 'evenkeel.yaml'), settings);
    start(process.execPath, ['cli/src/main.ts', 'serve'], {
      EVENKEEL_CONFIG: join(folder, 'evenkeel.yaml'),
      // Its own tests bring it up.
      EVENKEEL_EMBEDDED: 'false',
      EVENKEEL_TARGET_PERCENT: '90',
      EVENKEEL_GRAFANA_TOKEN_FILE: join(folder, 'secrets/service/grafana-token'),
      EVENKEEL_TOKENS_FILE: join(folder, 'secrets/service/tokens'),
    });

    const prometheus = text('provisioning/prometheus/prometheus.yml')
      .replace('evenkeel:8787', `127.0.0.1:${ports.service}`)
      .replace('localhost:9090', `127.0.0.1:${ports.prometheus}`)
      .replace('/run/evenkeel/token', join(folder, 'secrets/prometheus/token'))
      .replace('rules/', join(root, 'provisioning/prometheus/rules/'))
      .replace('scrape_interval: 5s', 'scrape_interval: 500ms');
    writeFileSync(join(folder, 'prometheus.yml'), prometheus);
    start('prometheus', [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${ports.prometheus}`,
      '--log.level=warn',
    ]);
    await succeeds(`http://127.0.0.1:${ports.service}/readyz`);
    await succeeds(`http://127.0.0.1:${ports.prometheus}/-/ready`);
  }, PATIENCE_MS);

  afterAll(async () => {
    await Promise.all(
      processes.map(async (child) => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        const gone = new Promise((resolve) => child.once('exit', resolve));
        // nginx takes its workers with it only when it is asked.
        child.kill('SIGTERM');
        const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
        await gone;
        clearTimeout(timer);
      })
    );
    rmSync(folder, { recursive: true, force: true });
  });

  const service = (path: string, token: string, init: RequestInit = {}) =>
    fetch(`http://127.0.0.1:${ports.service}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${token}`, ...init.headers },
    });

  const instantly = async (query: string) => {
    const response = await fetch(`http://127.0.0.1:${ports.prometheus}/api/v1/query?${new URLSearchParams({ query })}`);
    const { data } = (await response.json()) as {
      data: { result: { metric: Record<string, string>; value: [number, string] }[] };
    };
    return data.result;
  };

  test('nginx spreads requests over the pods, says which address it chose, and logs JSON', async () => {
    const answers = [];
    for (let i = 0; i < 8; i++) {
      const response = await fetch(`http://127.0.0.1:${ports.nginx}/`);
      await response.body?.cancel();
      answers.push([response.headers.get('x-evenkeel-pod'), response.headers.get('x-evenkeel-upstream')]);
    }
    const expected = PODS.map((name, index) => [name, `127.0.0.1:${ports.pods[index]}`]);
    expect(answers.toSorted()).toEqual([...expected, ...expected].toSorted());
    const lines = await eventually(async () => {
      const found = readFileSync(join(folder, 'nginx/access.log'), 'utf8')
        .split('\n')
        .filter((line) => line !== '');
      if (found.length < 8) throw new Error(`${found.length} lines`);
      return found.map(
        (line) => JSON.parse(line) as { status: number; pod: string; upstream: string; seconds: number }
      );
    });
    expect(lines[0]).toMatchObject({ status: 200, method: 'GET', uri: '/' });
    expect(new Set(lines.map(({ pod, upstream }) => `${pod} ${upstream}`))).toEqual(
      new Set(expected.map((pair) => pair.join(' ')))
    );
  });

  test('the tokens have the roles that were meant', async () => {
    expect((await service('/metrics', 'wrong')).status).toBe(401);
    const status = async (token: string, headers: Record<string, string> = {}) =>
      ((await (await service('/api/v1/status', token, { headers })).json()) as { you: object }).you;
    expect(await status(secret('prometheus/token'))).toMatchObject({ subject: 'token:prometheus', role: 'Viewer' });
    expect(await status(secret('demo/token'))).toMatchObject({ subject: 'token:demo', role: 'Editor' });
    const grafana = await status(secret('grafana/token'), { 'x-evenkeel-role': 'Admin' });
    expect(grafana).toMatchObject({ role: 'Admin' });
  });

  test(
    'the demo run starts once, and Prometheus sees it, pod by pod',
    async () => {
      const url = `http://127.0.0.1:${ports.service}`;
      const start = () => startDemoRun(url, secret('demo/token'), 'shop', PATIENCE_MS);
      expect(await start()).toBe('the demo run on shop has begun');
      expect(await start()).toBe('shop is being loaded already');
      await eventually(async () => {
        const counted = await instantly(
          'sum by (pod) (evenkeel_requests_total{job="evenkeel", target="shop", outcome="ok"}) > 0'
        );
        const active = await instantly('evenkeel_run_active{target="shop", scenario="custom"} == 1');
        const up = await instantly('up{job="evenkeel"} == 1');
        const seen = counted.map(({ metric }) => metric.pod!).sort();
        if (seen.join() !== PODS.join() || active.length === 0 || up.length === 0) {
          throw new Error(`only ${seen}, ${active.length} active, ${up.length} up\n${output.slice(-1000)}`);
        }
      });
    },
    3 * PATIENCE_MS
  );

  test(
    'Prometheus knows which score is asked of the target, so rules and dashboards follow the setting',
    async () => {
      await eventually(async () => {
        const asked = await instantly('max by (target) (evenkeel_balance_target_percent{job="evenkeel"})');
        expect(asked.map(({ metric, value }) => [metric.target, value[1]])).toEqual([['shop', '90']]);
      });
    },
    PATIENCE_MS
  );

  test(
    'a Viewer cannot start it',
    async () => {
      const url = `http://127.0.0.1:${ports.service}`;
      await expect(startDemoRun(url, secret('prometheus/token'), 'shop', PATIENCE_MS)).rejects.toThrow(/role/);
    },
    2 * PATIENCE_MS
  );

  test('a pod without a usable port or address says so and ends', () => {
    const pod = (env: Record<string, string>) => {
      const { status, stderr } = spawnSync(process.execPath, ['deploy/pod.ts'], { cwd: root, env, encoding: 'utf8' });
      return [status, stderr];
    };
    expect(pod({ POD_PORT: 'x' })).toEqual([2, 'evenkeel: POD_PORT="x" must be a number above 0.\n']);
    // An address of documentation, which no machine has.
    expect(pod({ POD_HOST: '192.0.2.1' })).toEqual([1, expect.stringMatching(/^evenkeel: pod cannot listen: .+\n$/)]);
  });

  test(
    'the health check tells success from failure',
    async () => {
      const check = (url: string) => spawnSync(process.execPath, ['deploy/healthcheck.ts', url], { cwd: root }).status;
      // It gives up after 2.5 s, which a busy machine may need now and then.
      await eventually(async () => expect(check(`http://127.0.0.1:${ports.service}/readyz`)).toBe(0));
      expect(check(`http://127.0.0.1:${ports.service}/api/v1/status`)).toBe(1);
      expect(check('http://127.0.0.1:1/')).toBe(1);
    },
    PATIENCE_MS
  );
});
