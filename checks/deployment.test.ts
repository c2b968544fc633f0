import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { startRunSchema } from '@evenkeel/contract/api';
import { demoRun } from '../deploy/demoRun.ts';
import { makeSecrets } from '../deploy/secrets.ts';
import { CONFIG_VARIABLE, VARIABLES } from '../sidecar/src/settings/environment.ts';
import { loadSettings } from '../sidecar/src/settings/loadSettings.ts';
import { dashboards, json, root, text, yaml } from './grafanaFiles.ts';

interface Service {
  image: string;
  build?: { target: string; args?: Record<string, string> };
  pull_policy?: string;
  command?: string[];
  entrypoint?: string[];
  user: string;
  read_only: boolean;
  cap_drop: string[];
  security_opt: string[];
  restart: string;
  network_mode?: string;
  ports?: string[];
  environment?: Record<string, string>;
  volumes?: string[];
  tmpfs?: string[];
  healthcheck?: { test?: string[]; disable?: boolean };
  depends_on?: Record<string, { condition: string }>;
  deploy: { resources: { limits: { cpus: string; memory: string; pids: number } } };
}

const compose = yaml('docker-compose.yaml') as { services: Record<string, Service>; volumes: Record<string, null> };
const services = Object.entries(compose.services);
const service = (name: string) => compose.services[name]!;
const dockerfile = text('deploy/Dockerfile');
const { version } = json('package.json') as { version: string };
const oneShot = ['secrets', 'demo'];

const settingsFile = join(root, 'deploy/evenkeel.yaml');

describe('docker-compose.yaml', () => {
  test('has Grafana, Prometheus, the service, nginx, four pods and two that end by themselves', () => {
    expect(services.map(([name]) => name).sort()).toEqual(
      [...oneShot, 'evenkeel', 'grafana', 'nginx', 'pod-1', 'pod-2', 'pod-3', 'pod-4', 'prometheus'].sort()
    );
  });

  test.each(services)('%s can do as little as possible', (_, { user, read_only, cap_drop, security_opt, ...rest }) => {
    expect(user).toMatch(/^[1-9]\d*:\d+$/);
    expect({ read_only, cap_drop, security_opt }).toEqual({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
    });
    expect(rest).not.toHaveProperty('privileged');
    expect(rest).not.toHaveProperty('cap_add');
    const { cpus, memory, pids } = rest.deploy.resources.limits;
    // Docker refuses to start a container that asks for more CPUs than there are.
    expect(Number(cpus)).toBeGreaterThan(0);
    expect(Number(cpus)).toBeLessThanOrEqual(1);
    expect(memory).toMatch(/^\d+M$/);
    expect(pids).toBeGreaterThan(0);
  });

  test.each(services)('%s runs a pinned image', (_, { image }) => {
    expect(image).toMatch(/^[\w./-]+:v?\d+\.\d+\.\d+(-[\w.-]+)?$/);
    if (image.includes('evenkeel')) expect(image).toMatch(new RegExp(`:${version.replaceAll('.', '\\.')}$`));
  });

  test('each of our images is built for one container alone, and none is asked of a registry', () => {
    const ours = services.filter(([, { image }]) => image.startsWith('localhost/'));
    expect(new Set(ours.map(([, given]) => given.pull_policy))).toEqual(new Set(['never']));
    // Two builds of one name at once fail on an engine that keeps images in containerd: "already exists".
    const built = ours.filter(([, { build }]) => build !== undefined).map(([, { image }]) => image);
    expect(built.sort()).toEqual([...new Set(ours.map(([, { image }]) => image))].sort());
  });

  test('only Grafana is published, and to this machine only', () => {
    expect(services.filter(([, { ports }]) => ports !== undefined).map(([name]) => name)).toEqual(['grafana']);
    expect(service('grafana').ports).toHaveLength(1);
    expect(service('grafana').ports![0]).toMatch(/^127\.0\.0\.1:/);
  });

  test.each(services.filter(([name]) => !oneShot.includes(name)))('%s is restarted and checked', (_, given) => {
    expect(given.restart).toBe('unless-stopped');
    const ofImage = given.image.startsWith('localhost/evenkeel-service:') && /^HEALTHCHECK /m.test(dockerfile);
    expect(given.healthcheck?.test?.[0] === 'CMD' || (given.healthcheck === undefined && ofImage)).toBe(true);
  });

  test('what starts waits for what it needs: a healthy one, or one that ended well', () => {
    for (const [name, { depends_on: needs = {} }] of services) {
      for (const [other, { condition }] of Object.entries(needs)) {
        const wanted = oneShot.includes(other) ? 'service_completed_successfully' : 'service_healthy';
        expect([name, other, other in compose.services, condition]).toEqual([name, other, true, wanted]);
      }
    }
    const readers = services.filter(
      ([name, { volumes = [] }]) => name !== 'secrets' && volumes.some((v) => v.startsWith('secrets-'))
    );
    expect(readers.map(([name]) => name).sort()).toEqual(['demo', 'evenkeel', 'grafana', 'prometheus']);
    for (const [name] of readers.filter(([name]) => name !== 'demo')) {
      expect(Object.keys(service(name).depends_on!)).toContain('secrets');
    }
  });

  test('the service verifies who asks, by the address that Grafana signs with', () => {
    const { EVENKEEL_GRAFANA_URL: url, EVENKEEL_GRAFANA_ISSUER: issuer } = service('evenkeel').environment!;
    expect(url).toBe('http://grafana:3000');
    expect(issuer).toBe(service('grafana').environment!.GF_SERVER_ROOT_URL);
    expect(issuer).toMatch(/^\$\{GRAFANA_ROOT_URL:-http:/);
  });

  test('every mount exists in the repository or is a declared volume, and configuration is read-only', () => {
    const mounts = services.flatMap(([, { volumes = [] }]) => volumes.map((volume) => volume.split(':')));
    const named = mounts.filter(([source]) => !source!.startsWith('.')).map(([source]) => source!);
    expect(new Set(named)).toEqual(new Set(Object.keys(compose.volumes)));
    for (const [source, , mode] of mounts.filter(([source]) => source!.startsWith('.'))) {
      expect([source, existsSync(join(root, source!)), mode]).toEqual([source, true, 'ro']);
    }
  });

  test('each container reads its own secrets and nobody else’s', () => {
    const held = services.flatMap(([name, { volumes = [] }]) =>
      volumes.filter((volume) => volume.startsWith('secrets-')).map((volume) => `${name} ${volume}`)
    );
    expect(held.filter((entry) => !entry.startsWith('secrets ')).sort()).toEqual([
      'demo secrets-demo:/run/evenkeel:ro',
      'evenkeel secrets-service:/run/evenkeel:ro',
      'grafana secrets-grafana:/run/evenkeel:ro',
      'prometheus secrets-prometheus:/run/evenkeel:ro',
    ]);
    expect(service('secrets').network_mode).toBe('none');
    const written = services.flatMap(([, { environment = {} }]) => Object.entries(environment));
    const inPlainText = written.filter(
      ([name, value]) => /TOKEN|PASSWORD|SECRET/.test(name) && !/^\/run\/evenkeel\/|^\$\{/.test(value)
    );
    expect(inPlainText).toEqual([]);
  });

  test('commands of our image are files that it has', () => {
    for (const [, { image, command, healthcheck }] of services.filter(([, { image }]) =>
      image.startsWith('localhost/evenkeel-service:')
    )) {
      expect(image).toBe(service('evenkeel').image);
      for (const argument of [...(command ?? []), ...(healthcheck?.test ?? [])].filter((part) =>
        part.endsWith('.ts')
      )) {
        expect([argument, existsSync(join(root, argument))]).toEqual([argument, true]);
      }
    }
  });
});

describe('what the containers tell each other', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'evenkeel-deploy-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const secretsOf = (name: string) =>
    service(name)
      .volumes!.find((volume) => volume.startsWith('secrets-'))!
      .split(':')[0]!
      .replace('secrets-', '');

  /** A file of a container as it lies below the folder that `makeSecrets` filled. */
  const mounted = (name: string, path: string) => path.replace('/run/evenkeel', join(folder, secretsOf(name)));

  const settingsOf = (environment: Record<string, string>) =>
    loadSettings(
      Object.fromEntries(
        Object.entries(environment).map(([key, value]) => [
          key,
          key === CONFIG_VARIABLE ? settingsFile : mounted('evenkeel', value),
        ])
      )
    );

  test('secrets are made once, long enough, and without what Grafana or the service would read as syntax', () => {
    const written = makeSecrets(folder, {});
    expect(written).toHaveLength(7);
    const before = written.map((name) => readFileSync(join(folder, name), 'utf8'));
    for (const content of before.filter((_, index) => !written[index]!.endsWith('tokens'))) {
      expect(content).toMatch(/^[A-Za-z0-9_-]{16,}$/);
    }
    expect(makeSecrets(folder, {})).toEqual([]);
    expect(written.map((name) => readFileSync(join(folder, name), 'utf8'))).toEqual(before);
    expect(readdirSync(folder).sort()).toEqual(
      service('secrets')
        .volumes!.map((volume) => volume.split(':/secrets/')[1]!)
        .sort()
    );
  });

  test('a lost token is made anew for both sides; what nobody shares stays', () => {
    makeSecrets(folder, { GRAFANA_ADMIN_PASSWORD: 'chosen by a person' });
    const password = join(folder, 'grafana/admin-password');
    const key = readFileSync(join(folder, 'grafana/secret-key'), 'utf8');
    rmSync(join(folder, 'prometheus/token'));
    expect(makeSecrets(folder, { GRAFANA_ADMIN_PASSWORD: 'another' })).toHaveLength(5);
    expect(readFileSync(password, 'utf8')).toBe('chosen by a person');
    expect(readFileSync(join(folder, 'grafana/secret-key'), 'utf8')).toBe(key);
    const tokens = readFileSync(join(folder, 'service/tokens'), 'utf8');
    expect(tokens).toContain(readFileSync(join(folder, 'prometheus/token'), 'utf8'));
  });

  test('the service accepts its settings, and every token that somebody presents is one that it knows', () => {
    makeSecrets(folder, {});
    const settings = settingsOf(service('evenkeel').environment!);
    const read = (name: string, path: string) => readFileSync(mounted(name, path), 'utf8');
    const [, grafanaPath] = /\$\$\(cat (\S+)\)/.exec(service('grafana').entrypoint!.join(' '))!;
    expect(settings.auth.grafanaTokens).toEqual([read('grafana', grafanaPath!)]);
    const { scrape_configs: jobs } = yaml('provisioning/prometheus/prometheus.yml') as {
      scrape_configs: {
        job_name: string;
        authorization?: { credentials_file: string };
        static_configs: { targets: string[] }[];
      }[];
    };
    const job = jobs.find(({ job_name: name }) => name === 'evenkeel')!;
    expect(settings.auth.tokens).toEqual([
      { name: 'prometheus', role: 'Viewer', token: read('prometheus', job.authorization!.credentials_file) },
      { name: 'demo', role: 'Editor', token: read('demo', service('demo').environment!.TOKEN_FILE!) },
    ]);
    expect(settings.auth.openMetrics).toBe(false);
  });

  test('the service is where Grafana, Prometheus and the demo look for it, under a name that it allows', () => {
    makeSecrets(folder, {});
    const { listen, database } = settingsOf(service('evenkeel').environment!);
    expect(listen).toMatchObject({ host: '0.0.0.0', allowedHosts: ['evenkeel'] });
    const address = `evenkeel:${listen.port}`;
    expect(service('grafana').environment!.EVENKEEL_SERVICE_URL).toBe(`http://${address}`);
    expect(service('demo').environment!.SERVICE_URL).toBe(`http://${address}`);
    expect(text('provisioning/prometheus/prometheus.yml')).toContain(`targets: ["${address}"]`);
    expect(dockerfile).toContain(`http://127.0.0.1:${listen.port}/readyz`);
    expect(service('grafana').environment!.EVENKEEL_PROMETHEUS_URL).toBe('http://prometheus:9090');
    const data = service('evenkeel')
      .volumes!.find((volume) => volume.startsWith('evenkeel-data:'))!
      .split(':')[1]!;
    expect(database.file.startsWith(`${data}/`)).toBe(true);
    expect(dockerfile).toContain(`-m 0750 ${data}`);
  });

  test('the target is nginx in front of the four pods, by the names that they have', () => {
    makeSecrets(folder, {});
    const { targets, embedded } = settingsOf(service('evenkeel').environment!);
    expect(embedded.enabled).toBe(true);
    expect(targets).toHaveLength(1);
    const [target] = targets;
    const nginx = text('deploy/nginx.conf');
    const { hostname, port } = new URL(target!.url);
    expect(hostname in compose.services).toBe(true);
    expect(nginx).toContain(`listen ${port} `);
    const upstream = [...nginx.matchAll(/^\s*server ([\w-]+):(\d+) resolve;$/gm)].map(([, name, at]) => ({ name, at }));
    expect(upstream.map(({ name }) => name)).toEqual(target!.pods.map(({ pod }) => pod));
    for (const { name, at } of upstream) {
      expect(service(name!)).toMatchObject({ environment: { POD_NAME: name }, command: ['node', 'deploy/pod.ts'] });
      expect(service(name!).healthcheck!.test!.join(' ')).toContain(`:${at}/readyz`);
    }
    expect(nginx.toLowerCase()).toContain(`add_header ${target!.attribution.upstreamHeader} `);
  });

  test('the demo run is one that the service takes, for a target that it has', () => {
    makeSecrets(folder, {});
    const { targets } = settingsOf(service('evenkeel').environment!);
    const target = service('demo').environment!.TARGET!;
    expect(targets.map(({ id }) => id)).toContain(target);
    expect(startRunSchema.parse(demoRun(target)).scenario?.load.model).toBe('rate');
  });

  test('Grafana opens on the dashboard of the target that the demo loads', () => {
    const home = new URL(service('grafana').environment!.GF_USERS_HOME_PAGE!, 'http://localhost');
    const uids = dashboards().map(({ uid }) => `/d/${uid}`);
    expect(uids).toContain(home.pathname);
    expect([...home.searchParams]).toEqual([['var-target', service('demo').environment!.TARGET!]]);
  });

  test('every variable of the service is one that it knows; it refuses others', () => {
    for (const name of Object.keys(service('evenkeel').environment!)) {
      const base = name.replace(/_FILE$/, '');
      expect([name, name === CONFIG_VARIABLE || VARIABLES[base] !== undefined]).toEqual([name, true]);
    }
    expect(() => settingsOf({ EVENKEEL_DEMO: 'true' })).toThrow('EVENKEEL_DEMO');
  });

  test('every variable that a provisioned file reads is set for Grafana', () => {
    const files = [
      'plugins/apps.yaml',
      'datasources/prometheus.yaml',
      'dashboards/evenkeel.yaml',
      'alerting/evenkeel.yaml',
    ];
    const code = files.map((name) => text(`provisioning/${name}`).replace(/^\s*#.*$/gm, '')).join('\n');
    const used = new Set([...code.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name!));
    const exported = [
      ...service('grafana')
        .entrypoint!.join(' ')
        .matchAll(/export (\w+)=/g),
    ].map(([, name]) => name!);
    const given = [...Object.keys(service('grafana').environment!), ...exported];
    expect(used.size).toBe(4);
    expect([...used].filter((name) => !given.includes(name))).toEqual([]);
    expect(given.filter((name) => name.startsWith('EVENKEEL_') && !used.has(name))).toEqual([]);
    const guide = text('docs/deployment.md');
    expect([...used].filter((name) => !guide.includes(`\`${name}\``))).toEqual([]);
  });

  test('every variable of the service is explained in the guide', () => {
    const guide = text('docs/deployment.md');
    expect([CONFIG_VARIABLE, ...Object.keys(VARIABLES)].filter((name) => !guide.includes(`\`${name}\``))).toEqual([]);
    const explained = [...guide.matchAll(/^\| `(EVENKEEL_\w+)`/gm)].map(([, name]) => name!);
    const ofGrafana = ['EVENKEEL_SERVICE_URL', 'EVENKEEL_PROMETHEUS_URL', 'EVENKEEL_RUNBOOKS_URL'];
    expect(
      explained.filter((name) => name !== CONFIG_VARIABLE && !VARIABLES[name] && !ofGrafana.includes(name))
    ).toEqual([]);
  });
});

describe('deploy/Dockerfile', () => {
  const lines = dockerfile.split('\n');

  test('bases are pinned, and Grafana is the same as in the compose file', () => {
    const bases = [...dockerfile.matchAll(/^ARG (\w+_IMAGE)=(\S+)$/gm)].map(
      ([, name, image]) => [name!, image!] as const
    );
    expect(bases.map(([name]) => name)).toEqual(['NODE_IMAGE', 'GRAFANA_IMAGE']);
    for (const [, image] of bases) expect(image).toMatch(/^[\w/]+:\d+\.\d+\.\d+(-[\w-]+)?$/);
    const stages = [...dockerfile.matchAll(/^FROM (\S+) AS (\w+)$/gm)];
    expect(stages).toHaveLength(lines.filter((line) => line.startsWith('FROM ')).length);
    const known = ['manifests', ...bases.map(([name]) => `\${${name}}`)];
    expect(stages.filter(([, base]) => !known.includes(base!))).toEqual([]);
    const grafana = bases.find(([name]) => name === 'GRAFANA_IMAGE')![1];
    expect(service('grafana').build!.args!.GRAFANA_IMAGE).toBe(`\${GRAFANA_IMAGE:-${grafana}}`);
    const { devDependencies } = json('package.json') as { devDependencies: Record<string, string> };
    expect(bases[0]![1]).toContain(`:${devDependencies.node}-`);
  });

  test('the service in its image is reachable, keeps its history where it may write, and starts only with a token', () => {
    const set = Object.fromEntries(
      [...dockerfile.matchAll(/\b(EVENKEEL_\w+)=(\S+)/g)].map(([, name, value]) => [name!, value!])
    );
    expect(() => loadSettings(set)).toThrow('token');
    const { listen, database } = loadSettings({ ...set, EVENKEEL_GRAFANA_TOKEN: 'x'.repeat(64) });
    expect(listen).toMatchObject({ host: '0.0.0.0', port: 8787 });
    expect(dockerfile).toContain(`-o 10001 -g 10001 -m 0750 ${dirname(database.file)}`);
    expect((yaml('deploy/evenkeel.yaml') as { database: { file: string } }).database.file).toBe(database.file);
  });

  test('packages come from the lock file and run nothing while they are installed', () => {
    const installs = lines.filter((line) => /\bnpm (ci|install|i)\b/.test(line));
    expect(installs).toHaveLength(2);
    expect(installs.filter((line) => !/npm ci .*--ignore-scripts/.test(line))).toEqual([]);
  });

  test('both images run as somebody without rights', () => {
    const ends = dockerfile.split(/^FROM /m).slice(1);
    for (const stage of ends.filter((text) => / AS (service|grafana)$/m.test(text))) {
      expect([...stage.matchAll(/^USER (\S+)$/gm)].at(-1)?.[1]).toMatch(/^[1-9]\d*/);
    }
    expect(
      services.flatMap(([, { build }]) => build?.target ?? []).every((target) => dockerfile.includes(` AS ${target}\n`))
    ).toBe(true);
  });

  test('what is copied exists and is let through to the build', () => {
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, sources]) =>
      sources!.split(' ')
    );
    const allowed = text('deploy/Dockerfile.dockerignore');
    for (const source of copied.filter((path) => path !== '.')) {
      expect([source, existsSync(join(root, source))]).toEqual([source, true]);
      expect([source, allowed.includes(`!${source.split('/')[0]}\n`)]).toEqual([source, true]);
    }
  });
});
