import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';

const root = join(import.meta.dirname, '..', '..');
const text = (path: string) => readFileSync(join(root, path), 'utf8');
const manifest = JSON.parse(text('plugin.json'));

describe('plugin.json', () => {
  test('is the same file at the top level and in src/, byte by byte', () =>
    expect(text('src/plugin.json')).toBe(text('plugin.json')));

  test("fits Grafana's schema", () => {
    const ajv = new Ajv({ allErrors: true, strict: false, unicodeRegExp: false });
    addFormats.default(ajv);
    const { $schema: _, ...schema } = JSON.parse(text('.config/plugin-schema/plugin.schema.json'));
    const validate = ajv.compile(schema);
    validate(manifest);
    expect(validate.errors).toBeNull();
  });

  test('runs on Grafana 12.4 and newer', () => expect(manifest.dependencies.grafanaDependency).toBe('>=12.4.0'));

  test('uses nothing in routes that apps do not have', () => {
    for (const route of manifest.routes) {
      expect(route).not.toHaveProperty('tokenAuth');
      expect(route).not.toHaveProperty('urlParams');
    }
  });

  test('one route has one method: a list of methods never matches', () => {
    for (const { method } of manifest.routes) expect(method).toMatch(/^(GET|POST|PUT|PATCH|DELETE)$/);
  });

  test('every route signs in with the stored token and sends its own role', () => {
    for (const { headers, reqRole, reqSignedIn, url } of manifest.routes) {
      expect(headers).toEqual([
        { name: 'Authorization', content: 'Bearer {{ .SecureJsonData.sidecarToken }}' },
        { name: 'X-Evenkeel-Role', content: reqRole },
      ]);
      expect(reqSignedIn).toBe(true);
      expect(url).toMatch(/^\{\{ \.JsonData\.serviceUrl \}\}\//);
    }
  });
});
