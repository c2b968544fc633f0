import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { GrafanaIdentity } from './grafanaIdentity.ts';
import { FailedAttempts } from './rateLimits.ts';
import { WindowCounts } from './windowCounts.ts';

const HOUR_MS = 3_600_000;
const systemNow = Date.now;
afterEach(() => {
  Date.now = systemNow;
});
const setBack = (by: number) => {
  Date.now = () => systemNow() - by;
};

it('does not stretch the window of a rate limit', () => {
  let forward = 0;
  const counts = new WindowCounts(() => forward);
  counts.init({ windowMs: 1000 } as Parameters<WindowCounts['init']>[0]);
  expect(
    [counts.increment('a'), counts.increment('a'), counts.increment('b')].map(({ totalHits }) => totalHits)
  ).toEqual([1, 2, 1]);
  setBack(HOUR_MS);
  forward = 999;
  const { totalHits, resetTime } = counts.increment('a');
  expect([totalHits, resetTime!.getTime() - Date.now()]).toEqual([3, 1]);
  forward = 1000;
  expect(counts.increment('a').totalHits).toBe(1);
  counts.decrement('a');
  expect(counts.increment('a').totalHits).toBe(1);
  counts.resetKey('a');
  expect(counts.increment('a').totalHits).toBe(1);
});

it('does not stretch the minute of wrong tokens', () => {
  let forward = 0;
  const failed = new FailedAttempts(() => forward);
  for (let i = 1; i <= 61; i++) expect(failed.count('10.0.0.1')).toBe(i);
  setBack(HOUR_MS);
  forward = 60_000;
  expect(failed.count('10.0.0.1')).toBe(1);
});

it('does not keep a new key of Grafana from being fetched', async () => {
  const keys = await Promise.all([1, 2].map(() => generateKeyPair('ES256', { extractable: true })));
  const jwks = await Promise.all(
    keys.map(async ({ publicKey }, i) => ({ ...(await exportJWK(publicKey)), kid: `k${i}`, alg: 'ES256' }))
  );
  let published = jwks.slice(0, 1);
  const grafana = createServer((_, response) => response.end(JSON.stringify({ keys: published })));
  await new Promise<void>((resolve) => grafana.listen(0, '127.0.0.1', resolve));
  const identity = new GrafanaIdentity({ url: `http://127.0.0.1:${(grafana.address() as AddressInfo).port}` });
  const token = (i: number) =>
    new SignJWT({ role: 'Viewer' })
      .setProtectedHeader({ alg: 'ES256', kid: `k${i}` })
      .setSubject('user:1')
      .setExpirationTime(4e9)
      .sign(keys[i]!.privateKey);
  expect((await identity.verify(await token(0))).subject).toBe('user:1');
  published = jwks;
  setBack(HOUR_MS);
  expect((await identity.verify(await token(1))).subject).toBe('user:1');
  grafana.closeAllConnections();
  await new Promise((resolve) => grafana.close(resolve));
});
