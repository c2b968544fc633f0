import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');

/** Rooms of the service that hold use cases: they own interfaces and know no adapter. */
const USE_CASES = ['runs', 'faults', 'tuning', 'scenarios'];
/** Rooms that implement those interfaces: they may look at use cases' ports and never at each other. */
const ADAPTERS = ['store', 'telemetry'];

/** What each package may import of the others, beside itself. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  contract: [],
  core: ['contract'],
  engine: ['contract', 'core'],
  lab: ['contract', 'core'],
  sidecar: ['contract', 'core', 'engine', 'lab'],
  cli: ['contract', 'core', 'engine', 'lab', 'sidecar'],
};

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

/** Tests, and what supports them. */
const isTest = (file: string) => /\.test\.tsx?$|\/testing\//.test(file);

/** Every import of a file, static or dynamic, workers and child processes included, as repo paths or package names. */
function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8');
  const found = text.matchAll(/(?:\bfrom\s+|\bimport\s*\(\s*|^\s*import\s+|new URL\(\s*)['"]([^'"]+)['"]/gm);
  return [...found].map(([, specifier]) => ({ file, to: resolveSpecifier(file, specifier!) }));
}

function resolveSpecifier(file: string, specifier: string): string {
  if (specifier.startsWith('.')) return relative(root, resolve(root, dirname(file), specifier));
  const own = /^@evenkeel\/(\w+)\/(.+)$/.exec(specifier);
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

  test.each(Object.keys(MAY_IMPORT))('there is something to check in %s/', (name) => {
    const files = sourcesBelow(`${name}/src`).filter((file) => !isTest(file));
    expect(files.length).toBeGreaterThan(3);
    expect(files.flatMap(importsOf).length).toBeGreaterThan(3);
  });

  test.each(Object.entries(MAY_IMPORT))('%s/ imports %j of the packages, and says so', (name, allowed) => {
    const files = sourcesBelow(`${name}/src`).filter((file) => !isTest(file));
    const reached = (to: string) => Object.keys(MAY_IMPORT).find((other) => to.startsWith(`${other}/`));
    expect(
      violations(files, (_, to) => {
        const other = reached(to);
        return other === undefined || other === name || allowed.includes(other)
          ? null
          : `${name}/ stands apart from it`;
      })
    ).toEqual([]);
    const { dependencies } = JSON.parse(readFileSync(join(root, name, 'package.json'), 'utf8'));
    const used = files.flatMap(importsOf).flatMap(({ to }) => reached(to) ?? []);
    for (const other of new Set(used)) if (other !== name) expect(dependencies).toHaveProperty([`@evenkeel/${other}`]);
  });

  test('use cases and the surface of the service know neither engine nor lab: main.ts brings them together', () => {
    const files = sidecar.filter((file) => [...USE_CASES, 'api', 'store', 'telemetry'].includes(roomOf(file) ?? ''));
    expect(violations(files, (_, to) => (/^(engine|lab)\//.test(to) ? 'it comes in through a port' : null))).toEqual(
      []
    );
  });

  test('core/ imports contract/ and itself, nothing else', () => {
    expect(
      violations(core, (_, to) =>
        /^(core|contract)\/src\//.test(to) ? null : 'core/ is pure and stands on contract/ alone'
      )
    ).toEqual([]);
  });

  test('core/ reads no clock and draws no unseeded random number', () => {
    const impure = /Math\.random\(|Date\.now\b|new Date\(\)|performance\.now\(|setTimeout\(|process\.\w/;
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
        return room && (ADAPTERS.includes(room) || room === 'api') ? `${room}/ implements or serves it` : null;
      })
    ).toEqual([]);
  });

  test('adapters do not import each other', () => {
    const files = sidecar.filter((file) => ADAPTERS.includes(roomOf(file) ?? ''));
    expect(
      violations(files, (file, to) => {
        const room = roomOf(to);
        if (!room || room === roomOf(file)) return null;
        if (ADAPTERS.includes(room)) return 'adapters meet in main.ts only';
        return room === 'api' ? 'an adapter serves use cases, not the surface' : null;
      })
    ).toEqual([]);
  });

  test('api/ imports use cases, not adapters', () => {
    const files = sidecar.filter((file) => roomOf(file) === 'api');
    expect(
      violations(files, (_, to) => (ADAPTERS.includes(roomOf(to) ?? '') ? 'reach it through a use case' : null))
    ).toEqual([]);
  });

  test('nothing of the service imports its composition root', () => {
    const files = sidecar.filter((file) => file !== 'sidecar/src/main.ts');
    expect(violations(files, (_, to) => (to === 'sidecar/src/main.ts' ? 'it wires, it is not wired' : null))).toEqual(
      []
    );
  });

  test('the plugin imports contract/ and core/, nothing of the service', () => {
    const plugin = sourcesBelow('src').filter((file) => !isTest(file));
    expect(
      violations(plugin, (_, to) =>
        /^(engine|lab|sidecar|cli|preview|bench|e2e)\b/.test(to) ? 'the browser talks to it over HTTP' : null
      )
    ).toEqual([]);
  });
});
