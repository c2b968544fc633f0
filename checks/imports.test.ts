import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');

/** Rooms of the service that hold use cases: they own interfaces and know no adapter. */
const USE_CASES = ['runs', 'faults', 'tuning', 'scenarios'];
/** Rooms that implement those interfaces: they may look at use cases' ports and never at each other. */
const ADAPTERS = ['load', 'cluster', 'store', 'telemetry'];

interface Import {
  readonly file: string;
  readonly to: string;
}

function sourcesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((file) => !file.includes('node_modules'));
}

const isTest = (file: string) => /\.test\.tsx?$/.test(file);

/** Every import of a file, static or dynamic, workers and child processes included, as repo paths or package names. */
function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8');
  const found = text.matchAll(/(?:\bfrom\s+|\bimport\s*\(\s*|^\s*import\s+|new URL\(\s*)['"]([^'"]+)['"]/gm);
  return [...found].map(([, specifier]) => ({ file, to: resolveSpecifier(file, specifier!) }));
}

function resolveSpecifier(file: string, specifier: string): string {
  if (specifier.startsWith('.')) return relative(root, resolve(root, dirname(file), specifier));
  const own = /^@evenkeel\/(contract|core|sidecar)\/(.+)$/.exec(specifier);
  return own ? `${own[1]}/src/${own[2]}.ts` : specifier;
}

const roomOf = (path: string) => /^sidecar\/src\/([^/]+)\//.exec(path)?.[1];

function violations(files: readonly string[], forbidden: (file: string, to: string) => string | null): string[] {
  return files
    .flatMap(importsOf)
    .map(({ file, to }) => ({ file, to, why: forbidden(file, to) }))
    .filter(({ why }) => why !== null)
    .map(({ file, to, why }) => `${file} imports ${to}: ${why}`);
}

describe('the house keeps its rules', () => {
  const core = sourcesBelow('core/src').filter((file) => !isTest(file));
  const sidecar = sourcesBelow('sidecar/src').filter((file) => !isTest(file));

  test('there is something to check', () => {
    expect(core.length).toBeGreaterThan(3);
    expect(sidecar.length).toBeGreaterThan(3);
    expect(core.flatMap(importsOf).length).toBeGreaterThan(3);
  });

  test('core/ imports contract/ and itself, nothing else', () => {
    expect(
      violations(core, (_, to) =>
        /^(core|contract)\/src\//.test(to) ? null : 'core/ is pure and stands on contract/ alone'
      )
    ).toEqual([]);
  });

  test('core/ reads no clock and draws no unseeded random number', () => {
    const impure = /Math\.random\(|Date\.now\(|new Date\(\)|performance\.now\(|setTimeout\(|process\./;
    expect(core.filter((file) => impure.test(readFileSync(join(root, file), 'utf8')))).toEqual([]);
  });

  test('contract/ imports zod and itself, nothing else', () => {
    const contract = sourcesBelow('contract/src').filter((file) => !isTest(file));
    expect(
      violations(contract, (_, to) => (to === 'zod' || to.startsWith('contract/src/') ? null : 'outside'))
    ).toEqual([]);
  });

  test('use cases know no adapter and no HTTP', () => {
    const files = sidecar.filter((file) => USE_CASES.includes(roomOf(file) ?? ''));
    expect(
      violations(files, (_, to) => {
        const room = roomOf(to);
        return room && (ADAPTERS.includes(room) || room === 'api' || room === 'command')
          ? `${room}/ implements or serves it`
          : null;
      })
    ).toEqual([]);
  });

  test('adapters do not import each other', () => {
    const files = sidecar.filter((file) => ADAPTERS.includes(roomOf(file) ?? ''));
    expect(
      violations(files, (file, to) => {
        const room = roomOf(to);
        if (!room || room === roomOf(file)) return null;
        if (ADAPTERS.includes(room)) return 'adapters meet in main.ts or cli.ts only';
        return room === 'api' || room === 'command' ? 'an adapter serves use cases, not the surface' : null;
      })
    ).toEqual([]);
  });

  test('api/ imports use cases, not adapters', () => {
    const files = sidecar.filter((file) => roomOf(file) === 'api');
    expect(
      violations(files, (_, to) => (ADAPTERS.includes(roomOf(to) ?? '') ? 'reach it through a use case' : null))
    ).toEqual([]);
  });

  test('nothing imports the composition roots', () => {
    const files = sidecar.filter((file) => !/^sidecar\/src\/(main|cli)\.ts$/.test(file) && roomOf(file) !== 'command');
    expect(
      violations(files, (_, to) =>
        /^sidecar\/src\/((main|cli)\.ts|command\/)/.test(to) ? 'they wire, they are not wired' : null
      )
    ).toEqual([]);
  });

  test('the plugin imports contract/ and core/, nothing of the service', () => {
    const plugin = sourcesBelow('src').filter((file) => !isTest(file));
    expect(
      violations(plugin, (_, to) =>
        /^(sidecar|preview|bench|e2e)\b/.test(to) ? 'the browser talks to it over HTTP' : null
      )
    ).toEqual([]);
  });
});
