import { readFileSync } from 'node:fs';
import { matchPage } from './matchPage.ts';
import { pagePaths } from './pagePaths.ts';
import { PLUGIN_ID } from './pluginId.ts';

const manifest = JSON.parse(readFileSync(new URL('../../plugin.json', import.meta.url), 'utf8'));

describe('pages', () => {
  test('the id is the one of plugin.json', () => expect(PLUGIN_ID).toBe(manifest.id));

  test('every address that the plugin writes is one that it reads', () => {
    const pathOf = (address: string) => address.split('?')[0]!;
    expect(matchPage(pathOf(pagePaths.loadTest({ run: 'a', form: 'new' })))).toEqual({ name: 'loadTest' });
    expect(matchPage(pagePaths.results())).toEqual({ name: 'results' });
    expect(matchPage(pagePaths.run('a-b_1'))).toEqual({ name: 'run', id: 'a-b_1' });
    expect(matchPage(pathOf(pagePaths.compare('a', 'b')))).toEqual({ name: 'compare' });
    expect(matchPage(pagePaths.configuration())).toEqual({ name: 'configuration' });
  });

  test('every page that plugin.json lists exists', () => {
    for (const include of manifest.includes) {
      expect(matchPage(include.path.replace('%PLUGIN_ID%', PLUGIN_ID))).not.toBeNull();
    }
  });

  test('the bare app is the load test, with or without a slash at the end', () => {
    expect(matchPage(pagePaths.base)).toEqual({ name: 'loadTest' });
    expect(matchPage(`${pagePaths.base}/`)).toEqual({ name: 'loadTest' });
  });

  test.each([
    '/a/other-app/results',
    `${pagePaths.base}/nothing`,
    `${pagePaths.base}/results/a/b`,
    `${pagePaths.base}x`,
  ])('%s is no page', (path) => expect(matchPage(path)).toBeNull());
});
