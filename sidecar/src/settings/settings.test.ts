import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { VARIABLES } from './environment.ts';
import { loadSettings, SettingsError } from './loadSettings.ts';
import { printableSettings } from './printableSettings.ts';
import { allowedNetworks, networkOf } from './targetNetworks.ts';

const folder = mkdtempSync(join(tmpdir(), 'evenkeel-settings-'));
afterAll(() => rmSync(folder, { recursive: true }));
let made = 0;
function file(text: string): string {
  const name = join(folder, `${++made}.yaml`);
  writeFileSync(name, text);
  return name;
}
const SECRET = 'a-secret-of-enough-length';

function problems(environment: Record<string, string>, text?: string): Record<string, string> {
  try {
    loadSettings(environment, text === undefined ? undefined : file(text));
  } catch (error) {
    if (error instanceof SettingsError)
      return Object.fromEntries(error.problems.map(({ where, what }) => [where, what]));
    throw error;
  }
  return {};
}

it('serves this machine only when nothing is set', () => {
  const settings = loadSettings({});
  expect(settings.listen).toEqual({ host: '127.0.0.1', port: 8787, allowedHosts: [] });
  expect(settings.auth).toEqual({ grafanaTokens: [], tokens: [], openMetrics: false });
  expect(settings.limits.users).toEqual({ min: 10, max: 1000 });
  expect([settings.embedded.enabled, settings.targets, settings.grafana]).toEqual([true, [], null]);
});

it('takes the file, and over it the environment; an empty variable is as good as none', () => {
  const settings = loadSettings(
    { EVENKEEL_PORT: '9000', EVENKEEL_HOST: '', EVENKEEL_KEEP_DAYS: '7.5', PATH: '/bin' },
    file('listen: { port: 8000, allowedHosts: [sidecar] }\nruns: { keepRuns: 10 }\n')
  );
  expect(settings.listen).toEqual({ host: '127.0.0.1', port: 9000, allowedHosts: ['sidecar'] });
  expect(settings.runs).toMatchObject({ keepRuns: 10, keepDays: 7.5 });
  expect(loadSettings({ EVENKEEL_CONFIG: file('drainSeconds: 3') }).drainSeconds).toBe(3);
});

it('judges every target by one score, or by one of its own', () => {
  expect(loadSettings({}).runs.targetPercent).toBe(95);
  const settings = loadSettings(
    { EVENKEEL_TARGET_PERCENT: '90' },
    file(
      'embedded: { targetPercent: 0 }\ntargets: [{ id: a, url: "http://10.0.0.1/", targetPercent: 80 }, { id: b, url: "http://10.0.0.2/" }]'
    )
  );
  expect(settings.runs.targetPercent).toBe(90);
  expect(settings.embedded.targetPercent).toBe(0);
  expect(settings.targets.map(({ targetPercent }) => targetPercent)).toEqual([80, undefined]);
  expect(loadSettings({}, file(printableSettings(settings)))).toEqual(settings);
});

it('reads tokens from the environment and from files', () => {
  const secret = file(`${SECRET}-1, ${SECRET}-2\n`);
  const { auth } = loadSettings({
    EVENKEEL_GRAFANA_TOKEN_FILE: secret,
    EVENKEEL_TOKENS: `ci:Editor:${SECRET}-3,ops:Admin:${SECRET}:4`,
  });
  expect(auth.grafanaTokens).toEqual([`${SECRET}-1`, `${SECRET}-2`]);
  expect(auth.tokens).toEqual([
    { name: 'ci', role: 'Editor', token: `${SECRET}-3` },
    { name: 'ops', role: 'Admin', token: `${SECRET}:4` },
  ]);
});

it('says everything that is wrong at once, each where it stands', () => {
  const found = problems(
    { EVENKEEL_PORT: 'http', EVENKEEL_PROT: '1', EVENKEEL_LOG_LEVEL: 'loud', EVENKEEL_HOST_FILE: 'x' },
    'listen: { hots: x }\nruns: { maxActive: 0 }\nlimits: { users: { min: 50, max: 20 }, rate: { max: 1000000 } }\ntargets: [{ id: "a b", url: "ftp://x" }]'
  );
  expect(Object.keys(found).toSorted()).toEqual(
    [
      'EVENKEEL_HOST_FILE',
      'EVENKEEL_LOG_LEVEL',
      'EVENKEEL_PORT',
      'EVENKEEL_PROT',
      'limits.rate.max',
      'limits.users',
      'listen.hots',
      'runs.maxActive',
      'targets.0.id',
      'targets.0.url',
    ].toSorted()
  );
  expect(found.EVENKEEL_PORT).toBe('"http" is not a number');
});

it.each([
  [{ EVENKEEL_HOST: '0.0.0.0' }, 'listen.host', /needs a token/],
  [{ EVENKEEL_HOST: '::' }, 'listen.host', /needs a token/],
  [{ EVENKEEL_GRAFANA_TOKEN: `${SECRET},${SECRET}` }, 'auth', /two tokens are the same/],
  [{ EVENKEEL_TOKENS: `a:Admin:${SECRET}1,a:Viewer:${SECRET}2` }, 'auth.tokens', /"a" is given twice/],
  [{ EVENKEEL_GRAFANA_URL: 'http://grafana:3000' }, 'grafana.url', /has no use without EVENKEEL_GRAFANA_TOKEN/],
  [{ EVENKEEL_GRAFANA_TOKEN: 'short' }, 'EVENKEEL_GRAFANA_TOKEN.0', /at least|>=16/i],
  [{ EVENKEEL_TOKENS: 'nonsense' }, 'EVENKEEL_TOKENS', /name:role:token/],
  [{ EVENKEEL_TOKENS: `a:Root:${SECRET}` }, 'EVENKEEL_TOKENS.0.role', /Viewer/],
  [{ EVENKEEL_TARGETS: '{' }, 'EVENKEEL_TARGETS', /not valid JSON/],
  [
    { EVENKEEL_TARGETS: '[{"id":"a","url":"http://shop.internal/"}]' },
    'targets.0.networks',
    /name the networks that shop.internal/,
  ],
  [{ EVENKEEL_TARGETS: '[{"id":"a","url":"http://u:p@10.0.0.1/"}]' }, 'EVENKEEL_TARGETS.0.url', /no user name/],
  [{ EVENKEEL_TARGETS: '[{"id":"a","url":"http://2852039166/"}]' }, 'targets.0.url', /metadata services answer/],
  [{ EVENKEEL_TARGETS: '[{"id":"a","url":"http://[64:ff9b::a9fe:a9fe]/"}]' }, 'targets.0.url', /never loaded/],
  [
    { EVENKEEL_TARGETS: '[{"id":"a","url":"http://10.0.0.1/","networks":["192.168.0.0/16"]}]' },
    'targets.0.url',
    /outside the networks/,
  ],
  [{ EVENKEEL_TARGETS: '[{"id":"embedded","url":"http://10.0.0.1/"}]' }, 'targets', /the embedded cluster has it/],
  [{ EVENKEEL_EMBEDDED_OPTIONS: '{"pods":"900"}' }, 'embedded.options', /pods/],
  [{ EVENKEEL_EMBEDDED_OPTIONS: '{"podz":"2"}' }, 'embedded.options.podz', /known are pods/],
  [{ EVENKEEL_TARGET_PERCENT: '101' }, 'EVENKEEL_TARGET_PERCENT', /<=100/],
  [{ EVENKEEL_TARGET_PERCENT: '-1' }, 'EVENKEEL_TARGET_PERCENT', />=0/],
  [{ EVENKEEL_TARGET_PERCENT: '90%' }, 'EVENKEEL_TARGET_PERCENT', /is not a number/],
  [
    { EVENKEEL_TARGETS: '[{"id":"a","url":"http://10.0.0.1/","targetPercent":100.5}]' },
    'EVENKEEL_TARGETS.0.targetPercent',
    /<=100/,
  ],
  [
    { EVENKEEL_TARGETS: '[{"id":"a","url":"http://10.0.0.1/","targetPercent":"80"}]' },
    'EVENKEEL_TARGETS.0.targetPercent',
    /expected number/,
  ],
  [{ EVENKEEL_CONFIG: '/nowhere/x.yaml' }, '/nowhere/x.yaml', /cannot be read/],
  [{ EVENKEEL_GRAFANA_TOKEN_FILE: '/nowhere/token' }, 'EVENKEEL_GRAFANA_TOKEN_FILE', /no such file/],
] as [Record<string, string>, string, RegExp][])('refuses %j', (environment, where, what) => {
  const found = problems(environment);
  expect(Object.keys(found)).toEqual([where]);
  expect(found[where]).toMatch(what);
});

it.each(['- a list', 'just text', 'a: [', '"a": 1\n"a": 2'])('refuses the file %j', (text) => {
  expect(Object.keys(problems({}, text)).length).toBeGreaterThan(0);
});

it('never shows a secret, neither when it prints nor when it complains', () => {
  const settings = loadSettings({ EVENKEEL_GRAFANA_TOKEN: SECRET, EVENKEEL_TOKENS: `ci:Editor:${SECRET}-ci` });
  const printed = printableSettings(settings);
  expect(printed).not.toContain(SECRET);
  expect(parse(printed).auth).toEqual({
    grafanaTokens: ['(set)'],
    tokens: [{ name: 'ci', role: 'Editor', token: '(set)' }],
    openMetrics: false,
  });
  const complaint = JSON.stringify(
    problems({ EVENKEEL_TOKENS: `ci:Root:${SECRET},${SECRET}`, EVENKEEL_GRAFANA_TOKEN: 'tiny' })
  );
  expect(complaint).not.toContain(SECRET);
  expect(complaint).not.toContain('tiny');
});

it('prints settings that can be read again', () => {
  const settings = loadSettings({ EVENKEEL_PORT: '1234' });
  expect(loadSettings({}, file(printableSettings(settings)))).toEqual(settings);
});

it('knows each variable once, for a setting of its own', () => {
  const paths = Object.values(VARIABLES).map(({ path }) => path.join('.'));
  expect(new Set(paths).size).toBe(paths.length);
});

describe('where load of a target may go', () => {
  it.each([
    ['http://10.1.2.3:80/', [], ['10.1.2.3/32']],
    ['http://[fd00::1]/', [], ['fd00::1/128']],
    // Decimal, octal and hexadecimal forms are dotted by the URL itself.
    ['http://2130706433/', [], ['127.0.0.1/32']],
    ['http://0x7f.1/', [], ['127.0.0.1/32']],
    ['http://localhost:8080/', [], ['127.0.0.0/8', '::1/128']],
    ['http://shop.internal/', [], null],
    ['http://shop.internal/', ['10.0.0.0/8', '192.168.1.1'], ['10.0.0.0/8', '192.168.1.1/32']],
  ] as [string, string[], string[] | null][])('%s with networks %j is %j', (url, networks, expected) => {
    expect(allowedNetworks({ url, networks })).toEqual(expected);
  });

  it.each(['10.0.0.0/33', '10.0.0/8', 'shop', '10.0.0.0/8/8', '10.0.0.0/', 'fe80::1%eth0', ''])(
    '"%s" is no network',
    (text) => {
      expect(networkOf(text)).toBeNull();
    }
  );
});
