import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FakeService, startFakeService, TOKENS } from '@evenkeel/sidecar/api/testing/fakeService';
import { jest } from '@jest/globals';
import { command } from './command.ts';
import { EXIT } from './usageError.ts';

const TEXT = 'name: Shop\nload: { model: users, users: 50, spawnRate: 10, durationSeconds: 60 }\n';

let service: FakeService;
let folder: string;
let out = '';
let err = '';
const earlier = process.env.EVENKEEL_TOKEN;

beforeEach(async () => {
  service = await startFakeService();
  folder = mkdtempSync(join(tmpdir(), 'evenkeel-scenarios-'));
  process.env.EVENKEEL_TOKEN = TOKENS.Editor;
  out = '';
  err = '';
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += text;
    return true;
  });
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
    err += text;
    return true;
  });
});
afterEach(async () => {
  jest.restoreAllMocks();
  if (earlier === undefined) delete process.env.EVENKEEL_TOKEN;
  else process.env.EVENKEEL_TOKEN = earlier;
  rmSync(folder, { recursive: true, force: true });
  await service.close();
});

const scenarios = (...args: string[]) => command(['scenarios', ...args, '--service', service.url]);
const ids = () => [...service.services.scenarios.list()].map(({ id }) => id);
function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

it('imports, lists, duplicates, exports and deletes', async () => {
  expect(await scenarios('import', file('shop.yaml', TEXT), '--id', 'shop')).toBe(EXIT.passed);
  expect(await scenarios('duplicate', 'shop', '--name', 'Shop 2')).toBe(EXIT.passed);
  const [, shop, copy] = ids();
  expect(out).toBe(`"Shop" is saved as shop.\n"Shop 2" is copied as ${copy}.\n`);
  expect(shop).toBe('shop');

  out = '';
  expect(await scenarios('list')).toBe(EXIT.passed);
  expect(out).toContain('Steady: 100/s for 20 s (built in)');
  expect(out).toContain('Shop 2: 50 users, 10 started per second, for 60 s (by token:editor)');

  for (const name of ['back.yaml', 'back.json']) {
    expect(await scenarios('export', 'shop', join(folder, name))).toBe(EXIT.passed);
    expect(await scenarios('import', join(folder, name), '--id', 'again')).toBe(EXIT.passed);
    expect(service.services.scenarios.get('again').scenario).toEqual(service.services.scenarios.get('shop').scenario);
  }
  expect(JSON.parse(readFileSync(join(folder, 'back.json'), 'utf8'))).toMatchObject({ name: 'Shop' });
  out = '';
  await scenarios('export', 'shop');
  expect(out).toMatch(/^version: 1\nname: Shop\n/);

  expect(await scenarios('delete', 'shop')).toBe(EXIT.passed);
  expect(ids().toSorted()).toEqual(['again', copy, 'steady']);
  expect(err).toBe('');
});

it('says what is wrong with a file, each with its line', async () => {
  const path = file('bad.yaml', TEXT.replace('50', '5').replace('60', '6'));
  expect(await scenarios('import', path)).toBe(EXIT.usage);
  expect(err).toBe(
    `evenkeel: ${path}: line 2, load.users: 5 is below 10 (allowed 10 to 1000)\n` +
      `evenkeel: ${path}: line 2, load.durationSeconds: 6 is below 10 (allowed 10 to 600)\n`
  );
  expect(ids()).toEqual(['steady']);
});

it.each<[string, () => string[], RegExp]>([
  ['a file that is not there', () => ['import', join(folder, 'no.yaml')], /no\.yaml: cannot be read: there is no such/],
  ['a folder that is not there', () => ['export', 'steady', join(folder, 'a', 'b.yaml')], /b\.yaml: cannot be written/],
  ['an unknown scenario', () => ['export', 'none'], /There is no scenario "none"/],
  ['a built-in one that is to go', () => ['delete', 'steady'], /is built in/],
  ['an id that is none', () => ['delete', '../runs'], /"\.\.\/runs" is no id/],
])('refuses %s', async (_name, args, message) => {
  expect(await scenarios(...args())).toBe(EXIT.usage);
  expect(err).toMatch(message);
});

it('says when the service wants another token, or is none', async () => {
  process.env.EVENKEEL_TOKEN = '';
  expect(await scenarios('list')).toBe(EXIT.usage);
  expect(err).toMatch(/wants a token: put it into EVENKEEL_TOKEN/);
  process.env.EVENKEEL_TOKEN = TOKENS.Viewer;
  expect(await scenarios('duplicate', 'steady')).toBe(EXIT.usage);
  expect(err).toMatch(/needs the role Editor/);

  const other = createServer((_request, response) => response.end('<html>'));
  const port = await listening(other);
  const list = (url: string) => command(['scenarios', 'list', '--service', url]);
  expect(await list(`http://127.0.0.1:${port}`)).toBe(EXIT.usage);
  expect(err).toMatch(/gave an answer that this version does not understand/);
  other.closeAllConnections();
  await new Promise((resolve) => other.close(resolve));
  expect(await list(`http://127.0.0.1:${port}`)).toBe(EXIT.usage);
  expect(err).toMatch(/Nobody answers at http:\/\/127\.0\.0\.1:\d+ \(.*ECONNREFUSED.*\): is "evenkeel serve" running/);
  expect(await list('ftp://x')).toBe(EXIT.usage);
  expect(err).toMatch(/--service "ftp:\/\/x": must be a URL/);
  expect(err).not.toContain(TOKENS.Viewer);
});

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}
