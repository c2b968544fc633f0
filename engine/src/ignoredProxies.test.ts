import { ignoredProxies } from './ignoredProxies.ts';

test.each([
  [{}, null],
  [{ HTTP_PROXY: '', NO_PROXY: 'x' }, null],
  [{ HTTP_PROXY: 'http://u:secret@p:1' }, /^HTTP_PROXY is set and ignored: load goes straight to the target/],
  [{ https_proxy: 'p' }, /^https_proxy is set and ignored/],
  [{ ALL_PROXY: 'p', no_proxy: 'x' }, /^ALL_PROXY, no_proxy are set and ignored/],
])('%j', (environment, line) => {
  const said = ignoredProxies(environment as Record<string, string>);
  if (line === null) expect(said).toBeNull();
  else expect(said).toMatch(line as RegExp);
  expect(String(said)).not.toMatch(/secret/);
});
