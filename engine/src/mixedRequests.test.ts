import { measuredLoad, rate, roomFor } from './testing/measuredLoad.ts';
import { type TargetServer, targetServer } from './testing/targetServer.ts';

describe.each(['fast', 'undici'] as const)('a mix of requests over %s', (transport) => {
  let target: TargetServer;
  const seen = new Map<string, number>();

  beforeEach(async () => {
    seen.clear();
    target = await targetServer((incoming, response) => {
      const key = `${incoming.method} ${incoming.url} ${incoming.headers['x-kind'] ?? ''}`;
      let body = '';
      incoming.on('data', (chunk) => {
        body += chunk;
      });
      incoming.on('end', () => {
        seen.set(key + body, (seen.get(key + body) ?? 0) + 1);
        if (incoming.url === '/slow') return;
        response.setHeader('x-evenkeel-pod', 'a');
        response.end(incoming.method === 'HEAD' ? undefined : 'hello');
      });
    });
  });
  afterEach(() => target.close());

  test('each is sent by its weight, with its own method, headers and body, none lost', async () => {
    const mix = [
      { weight: 3, request: { path: '/read' } },
      { weight: 1, request: { method: 'POST', path: '/write', headers: { 'x-kind': 'w' }, body: 'data' } },
      { weight: 1, request: { method: 'HEAD', path: '/head' } },
    ] as const;
    const load = await measuredLoad(target.url, {
      scenario: { load: rate(1000, 1), mix: [...mix] },
      engine: { transport },
    });
    expect([...seen.keys()].sort()).toEqual(['GET /read ', 'HEAD /head ', 'POST /write wdata']);
    // On a busy machine some may find every connection taken, before it is drawn which request they would have been.
    const sent = load.total('sent');
    expect([load.total('offered'), sent + load.total('dropped')]).toEqual([1000, 1000]);
    expect([...seen.values()].reduce((sum, n) => sum + n, 0)).toBe(sent);
    expect(load.outcomes.ok).toBe(sent);
    for (const [key, share] of [
      ['GET /read ', 0.6],
      ['POST /write wdata', 0.2],
      ['HEAD /head ', 0.2],
    ] as const) {
      // Four standard deviations of a binomial.
      expect(Math.abs(seen.get(key)! - sent * share)).toBeLessThan(4 * Math.sqrt(sent * share * (1 - share)));
    }
  });

  test('each has its own timeout', async () => {
    const mix = [
      { weight: 1, request: { path: '/slow', timeoutMs: 1000 } },
      { weight: 1, request: { path: '/read', timeoutMs: 30_000 } },
    ] as const;
    const load = await measuredLoad(target.url, {
      scenario: { load: rate(120, 0.5), mix: [...mix], connections: roomFor(60), drainSeconds: 20 },
      engine: { transport },
    });
    expect(load.outcomes.timeout).toBe(seen.get('GET /slow '));
    expect(load.outcomes.ok).toBe(seen.get('GET /read '));
    expect(load.outcomes.ok + load.outcomes.timeout).toBe(60);
  });
});
