import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { externals } from '../../.config/webpack/externals.ts';
import { ensureBuilt, pluginBuild } from './ensureBuilt.ts';

const dist = pluginBuild.outputPath;
const file = (name: string) => readFileSync(join(dist, name));
const scripts = () => readdirSync(dist).filter((name) => name.endsWith('.js'));
const compressed = (name: string) => gzipSync(file(name)).length;

describe('the built plugin', () => {
  beforeAll(() => ensureBuilt(pluginBuild, () => {}), 120_000);

  test('the entry is under 10 kB gzipped: Grafana loads it before anybody visits a page', () =>
    expect(compressed('module.js')).toBeLessThan(10_000));

  test('all pages together are under 300 kB gzipped', () =>
    expect(scripts().reduce((sum, name) => sum + compressed(name), 0)).toBeLessThan(300_000));

  test('it is one AMD module that asks only for what Grafana hands out', () => {
    const [, list = ''] = /define\(\[([^\]]*)\]/.exec(file('module.js').toString('utf8')) ?? [];
    const asked = list.split(',').map((quoted) => quoted.trim().replace(/^["']|["']$/g, ''));
    expect(asked).toContain('react');
    for (const name of asked) {
      const isShared = externals.some((one) =>
        typeof one === 'string'
          ? one === name
          : one instanceof RegExp
            ? one.test(name)
            : Object.values(one).includes(name)
      );
      expect(isShared ? name : `${name} is not shared by Grafana`).toBe(name);
    }
  });

  test('no second React is in it', () => {
    for (const name of scripts()) {
      expect(file(name).toString('utf8')).not.toMatch(/react\.transitional\.element|__CLIENT_INTERNALS/);
    }
  });
});
