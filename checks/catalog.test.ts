import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt, pluginBuild } from '../preview/server/ensureBuilt.ts';
import { json, root, text } from './grafanaFiles.ts';

/*
 * What Grafana's plugin validator checks of an archive and of its sources, as far as it can be checked without the network. That the
 * manifest fits the schema, and the sizes, are tested beside the preview.
 */
interface Manifest {
  id: string;
  type: string;
  name: string;
  info: {
    version: string;
    description: string;
    keywords: string[];
    links: { name: string; url: string }[];
    logos: { small: string; large: string };
    screenshots: { name: string; path: string }[];
  };
  includes: { type: string; name: string; role: string }[];
}

const dist = pluginBuild.outputPath;
const built = (name: string) => readFileSync(join(dist, name), 'utf8');
const manifest = () => JSON.parse(built('plugin.json')) as Manifest;
const filesOf = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

beforeAll(() => ensureBuilt(pluginBuild, () => {}), 120_000);

describe('the archive', () => {
  test('has what the catalog shows, one manifest, and no signature of another build', () => {
    const names = filesOf(dist).map((path) => path.slice(dist.length + 1));
    expect(names).toEqual(
      expect.arrayContaining(['CHANGELOG.md', 'LICENSE', 'README.md', 'module.js', 'module.js.map', 'plugin.json'])
    );
    expect(names.filter((name) => /(^|\/)plugin\.json$/.test(name))).toEqual(['plugin.json']);
    expect(names.filter((name) => /MANIFEST|\.test\.|\.env|node_modules/.test(name))).toEqual([]);
  });

  test('has a name of three parts that says what it is, and what people search by', () => {
    const { id, type, name, info } = manifest();
    expect(id.split('-')).toHaveLength(3);
    expect(id.endsWith(`-${type}`)).toBe(true);
    expect(name).not.toBe(id);
    expect(info.description.length).toBeGreaterThan(40);
    expect(info.keywords.length).toBeGreaterThan(2);
    for (const { name, url } of info.links) expect([name, new URL(url).protocol]).toEqual([name, 'https:']);
  });

  test('is of one version everywhere, and the changelog begins with it', () => {
    const { version } = json('package.json') as { version: string };
    expect(manifest().info).toMatchObject({ version, updated: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) });
    expect(built('plugin.json')).not.toContain('%');
    const [, newest] = /^## (\S+)/m.exec(built('CHANGELOG.md'))!;
    expect(newest).toBe(version);
  });

  test('is under a licence that Grafana takes, in full', () => {
    expect(built('LICENSE')).toMatch(/^\s*Apache License\s+Version 2\.0/);
    expect(built('LICENSE')).not.toMatch(/\{yyyy\}|\{name of copyright owner\}/);
    expect((json('package.json') as { license: string }).license).toBe('Apache-2.0');
  });

  test('has a README for users: every page, every role, nothing for developers', () => {
    const readme = built('README.md');
    const { includes } = manifest();
    for (const { name } of includes.filter(({ type }) => type === 'page')) expect(readme).toContain(`**${name}**`);
    for (const role of ['Viewer', 'Editor', 'Admin']) expect(readme).toMatch(new RegExp(`^\\| ${role} `, 'm'));
    expect(readme).not.toMatch(/<!--|yarn|nodejs|Grafana (Panel|App|Data ?Source) Plugin Template/i);
  });

  test('shows pictures that are what their names say', () => {
    const { screenshots, logos } = manifest().info;
    expect(screenshots.length).toBeGreaterThan(2);
    for (const { name, path } of screenshots) {
      expect([path, name.length > 10, /^[./]|:/.test(path)]).toEqual([path, true, false]);
      const head = readFileSync(join(dist, path)).subarray(0, 8).toString('latin1');
      expect([path, head]).toEqual([path, '\x89PNG\r\n\x1a\n']);
    }
    for (const logo of Object.values(logos)) expect(logo).toMatch(/^img\/[\w-]+\.svg$/);
  });

  test('draws its pictures with nothing but shapes', () => {
    const allowed = new Set(
      'd fill height id offset rx stop-color stroke stroke-linecap stroke-width viewbox width x x1 x2 xmlns y y1 y2'.split(
        ' '
      )
    );
    const drawings = filesOf(dist).filter((path) => path.endsWith('.svg'));
    expect(drawings.length).toBeGreaterThan(0);
    for (const path of drawings) {
      const drawing = readFileSync(path, 'utf8');
      const attributes = [...drawing.matchAll(/\s([\w:-]+)=/g)].map(([, name]) => name!.toLowerCase());
      expect([path, attributes.filter((name) => !allowed.has(name))]).toEqual([path, []]);
      expect(drawing).not.toMatch(/<(script|style|foreignObject|iframe|image|use|a)\b/i);
    }
  });

  test('has source maps that are the sources', () => {
    const map = JSON.parse(built('module.js.map')) as { sources: string[]; sourcesContent: string[] };
    const ours = map.sources.flatMap((name, index) => {
      const [, path] = /^webpack:\/\/[^/]+\/(\.\.?\/.*)$/.exec(name) ?? [];
      return path === undefined || path.includes('node_modules') ? [] : [{ path, content: map.sourcesContent[index] }];
    });
    expect(ours.map(({ path }) => path)).toContain('./module.tsx');
    for (const { path, content } of ours)
      expect([path, content === readFileSync(join(root, 'src', path), 'utf8')]).toEqual([path, true]);
  });

  test('calls nobody: it names no host but those of links for people', () => {
    const hosts = filesOf(dist)
      .filter((path) => path.endsWith('.js'))
      .flatMap((path) => [...readFileSync(path, 'utf8').matchAll(/https?:\/\/([\w.-]+\.[a-z]{2,})/g)])
      .map(([, host]) => host!);
    expect([...new Set(hosts)].filter((host) => !/^(www\.w3\.org|json-schema\.org)$|\.example$/.test(host))).toEqual(
      []
    );
  });
});

describe('the sources', () => {
  test("are built the way of Grafana's scaffold", () =>
    expect(text('.config/webpack/webpack.config.ts')).toContain('@grafana/create-plugin'));

  test.each<[string, RegExp]>([
    ['log to the console', /\bconsole\.(log|info|table|dir|group|time|trace|count)\(/],
    ["open the browser's own dialogs", /(?<![\w.])(window\.)?(alert|confirm|prompt)\(/],
    ['open a window that can reach back', /window\.open\((?![^;]*noopener)/],
    ["touch Grafana's own globals", /window\.(grafanaBootData|grafanaRuntime|__grafanaSceneContext)/],
    ["reach into React's insides", /__SECRET_INTERNALS|__CLIENT_INTERNALS/],
    ['use classes of old forms', /gf-form/],
    ['go past the router', /window\.location\.(search|href)/],
    ['silence the compiler', /@ts-(ignore|expect-error|nocheck)/],
    ['import style sheets for their effect', /^import ['"].*\.(css|scss|less)['"]/m],
  ])('do not %s', (_, pattern) => {
    const sources = filesOf(join(root, 'src')).filter((path) => /\.tsx?$/.test(path) && !/\.test\.tsx?$/.test(path));
    expect(sources.length).toBeGreaterThan(50);
    expect(sources.filter((path) => pattern.test(readFileSync(path, 'utf8')))).toEqual([]);
  });
});
