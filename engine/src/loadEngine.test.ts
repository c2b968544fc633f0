import type { RequestListener, ServerResponse } from 'node:http';
import { measuredLoad, rate, roomFor, users } from './testing/measuredLoad.ts';
import { connectionIndex, type TargetServer, targetServer } from './testing/targetServer.ts';

const servers: TargetServer[] = [];

async function serving(listener: RequestListener): Promise<TargetServer> {
  const target = await targetServer(listener);
  servers.push(target);
  return target;
}

afterEach(async () => {
  await Promise.all(servers.splice(0).map((target) => target.close()));
});

const answer = (response: ServerResponse, pod: string | null = 'a', status = 200, upstream?: string) => {
  if (pod !== null) response.setHeader('x-evenkeel-pod', pod);
  if (upstream !== undefined) response.setHeader('x-evenkeel-upstream', upstream);
  response.writeHead(status).end('hello');
};

/** Pods in turn, so what each must have got is known. */
function inTurn(pods: readonly string[]): RequestListener {
  let next = 0;
  return (_request, response) => answer(response, pods[next++ % pods.length]!);
}

describe('counting', () => {
  test.each([1, 2, 3])('an open schedule is sent exactly, by %d workers', async (workers) => {
    const target = await serving(inTurn(['a', 'b', 'c']));
    const scenario = { load: rate(200, 1.2), connections: roomFor(240) };
    const load = await measuredLoad(target.url, { scenario, engine: { workers } });
    expect(target.requests).toBe(240);
    expect([load.total('offered'), load.total('sent'), load.total('completed')]).toEqual([240, 240, 240]);
    expect(load.seconds.slice(0, 2).map((second) => second.offered)).toEqual([200, 40]);
    expect(load.outcomes.ok).toBe(240);
    expect(load.decisions).toEqual({ a: 80, b: 80, c: 80 });
    expect(load.seconds.map((second) => second.second)).toEqual(load.seconds.map((_, index) => index));
    expect(load.phases).toEqual([
      ['measuring', 0],
      ['draining', 1],
    ]);
    for (const histogram of ['response', 'service', 'lateness'] as const) {
      expect(load.seconds.reduce((sum, second) => sum + second[histogram].count, 0)).toBe(240);
    }
    expect(load.end.failure).toBeNull();
  });

  test('phases: the warm-up is a part of the profile', async () => {
    const target = await serving(inTurn(['a']));
    const load = await measuredLoad(target.url, { scenario: { load: rate(20, 2), warmupSeconds: 0.5 } });
    expect(load.phases).toEqual([
      ['warming', 0],
      ['measuring', 1],
      ['draining', 2],
    ]);
    expect(load.seconds.slice(0, 2).map((second) => second.phase)).toEqual(['warming', 'measuring']);
    expect(target.requests).toBe(40);
  });

  test('outcomes, unattributed responses and errors of the balancer itself', async () => {
    const answers: ((response: ServerResponse) => void)[] = [
      (response) => answer(response, 'a', 200),
      (response) => answer(response, 'b', 204),
      (response) => answer(response.setHeader('location', 'http://127.0.0.1:1/'), 'a', 302),
      (response) => answer(response, 'a', 404),
      (response) => answer(response, 'b', 500),
      (response) => answer(response, 'b', 503),
      (response) => answer(response, null, 503),
      (response) => answer(response, null, 200),
      (response) => answer(response, 'intruder', 200),
      (response) => response.socket!.destroy(),
    ];
    let next = 0;
    const target = await serving((_request, response) => answers[next++ % answers.length]!(response));
    const load = await measuredLoad(target.url, {
      pods: [
        { pod: 'a', address: null },
        { pod: 'b', address: null },
      ],
      acceptUnknownPods: false,
      scenario: { load: rate(200, 0.5), connections: roomFor(100) },
    });
    expect(target.requests).toBe(100);
    expect(load.outcomes).toEqual({
      ok: 50,
      'http-4xx': 10,
      'http-5xx': 30,
      timeout: 0,
      connect: 0,
      reset: 10,
      tls: 0,
      other: 0,
      unexpected: 0,
    });
    expect(load.decisions).toEqual({ a: 30, b: 30 });
    expect([load.total('unattributed'), load.total('balancerErrors'), load.total('retried')]).toEqual([20, 10, 0]);
  });

  test('a retry is a decision for the pod that was tried first and a response of the one that answered', async () => {
    const target = await serving((_request, response) => answer(response, 'b', 200, '10.0.0.1:80, 10.0.0.2:80'));
    const load = await measuredLoad(target.url, {
      attribution: { header: 'x-evenkeel-pod', upstreamHeader: 'x-evenkeel-upstream' },
      pods: [
        { pod: 'a', address: '10.0.0.1:80' },
        { pod: 'b', address: '10.0.0.2:80' },
      ],
      acceptUnknownPods: false,
      scenario: { load: rate(100, 0.5) },
    });
    expect(load.decisions).toEqual({ a: 50, b: 0 });
    expect(load.total('retried')).toBe(50);
    const answered = load.seconds.reduce((sum, second) => sum + (second.pods.get('b')?.response.count ?? 0), 0);
    expect(answered).toBe(50);
  });

  test('pods that are accepted during the run count from then on', async () => {
    let onRequest = () => {};
    const target = await serving((_request, response) => {
      answer(response, 'late');
      onRequest();
    });
    const load = await measuredLoad(target.url, {
      acceptUnknownPods: false,
      scenario: { load: rate(200, 30), connections: { policy: 'round-robin', count: 10 } },
      during: (handle) => {
        onRequest = () => {
          // Who sends a second request over a connection has read the first answer.
          const mostPerConnection = Math.max(...target.requestsPerConnection);
          if (mostPerConnection === 2) handle.acceptPods([{ pod: 'late', address: null }]);
          if (mostPerConnection === 6) handle.stop();
        };
      },
    });
    expect(load.total('unattributed')).toBeGreaterThan(0);
    expect(load.decisions.late).toBeGreaterThan(0);
    expect(load.decisions.late).toBe(load.total('completed') - load.total('unattributed'));
  });

  test('what is sent: method, path behind the base path, headers, body', async () => {
    const seen = new Set<string>();
    const target = await serving((request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        const { host, 'user-agent': agent, 'x-evenkeel-run': run, 'x-mine': mine } = request.headers;
        seen.add([request.method, request.url, host, agent, run, mine, body].join(' '));
        answer(response);
      });
    });
    const load = await measuredLoad(`${target.url}/base/`, {
      scenario: {
        load: rate(40, 0.5),
        request: {
          method: 'POST',
          path: '/x?y=1',
          headers: { 'X-Mine': 'ja' },
          body: 'grüße',
        },
      },
    });
    expect(load.outcomes.ok).toBe(20);
    expect([...seen]).toEqual([`POST /base/x?y=1 ${new URL(target.url).host} evenkeel/0.1.0 run-1 ja grüße`]);
  });
});

describe('deadlines and bounds', () => {
  test('a timeout counts at its full length and costs its connection', async () => {
    const target = await serving(() => {});
    const load = await measuredLoad(target.url, {
      scenario: { load: rate(40, 0.5), request: { timeoutMs: 1000 }, connections: roomFor(20), drainSeconds: 20 },
    });
    expect(load.outcomes.timeout).toBe(20);
    expect(load.total('completed')).toBe(20);
    expect([load.total('unattributed'), load.total('cancelled')]).toEqual([0, 0]);
    const fastest = Math.min(...load.seconds.flatMap((second) => second.response.quantile(0) ?? []));
    expect(fastest).toBeGreaterThanOrEqual(1_000_000 * 0.99);
    expect(load.total('connectionsOpened')).toBe(20);
    expect(target.requestsPerConnection.filter((requests) => requests > 0)).toEqual(Array(20).fill(1));
  });

  test('over the in-flight bound requests are dropped, not queued, and the generator is not at fault', async () => {
    const target = await serving((_request, response) => setTimeout(() => answer(response), 400));
    const load = await measuredLoad(target.url, {
      scenario: { load: rate(200, 0.5), connections: { policy: 'round-robin', count: 5 } },
    });
    expect(load.total('offered')).toBe(100);
    expect(load.total('sent') + load.total('dropped')).toBe(100);
    expect(load.total('sent')).toBe(target.requests);
    expect(load.total('sent')).toBeLessThanOrEqual(10);
    expect(load.outcomes.ok).toBe(load.total('sent'));
    expect(load.seconds[0]!.generator.reasons.join()).toContain('dropped');
    expect(Math.max(...target.requestsPerConnection)).toBeLessThanOrEqual(2);
  });

  test('what is in flight at the end may finish in the drain', async () => {
    const target = await serving((_request, response) => setTimeout(() => answer(response), 400));
    const load = await measuredLoad(target.url, { scenario: { load: rate(50, 1), drainSeconds: 20 } });
    expect([load.outcomes.ok, load.total('cancelled')]).toEqual([50, 0]);
    const drained = load.seconds.filter((second) => second.phase === 'draining');
    expect(drained.reduce((sum, second) => sum + second.completed, 0)).toBeGreaterThan(0);
  });

  test('what is still in flight behind the drain is cancelled, which is no error', async () => {
    const target = await serving(() => {});
    const load = await measuredLoad(target.url, { scenario: { load: rate(40, 0.5), drainSeconds: 0 } });
    expect([load.total('sent'), load.total('completed'), load.total('cancelled')]).toEqual([20, 0, 20]);
    // They lasted at least until then, and count with that.
    const last = load.seconds.at(-1)!;
    expect([last.response.count, last.service.count]).toEqual([20, 20]);
    expect(last.response.max).toBeGreaterThanOrEqual(480_000);
    expect([last.cutOff.count, last.cutOff.max]).toEqual([20, last.response.max]);
    expect(last.addresses.map(({ answered, unanswered }) => [answered, unanswered])).toEqual([[0, 20]]);
    expect(load.seconds.at(-1)!.cancelled).toBe(20);
  });

  test('stop() ends sending and drains', async () => {
    const target = await serving((_request, response) => setTimeout(() => answer(response), 100));
    const load = await measuredLoad(target.url, {
      scenario: { load: rate(100, 30) },
      during: (handle) => setTimeout(() => handle.stop(), 300),
    });
    expect(load.outcomes.ok).toBe(target.requests);
    expect(load.total('cancelled')).toBe(0);
    expect(target.requests).toBeLessThan(2000);
    expect(load.phases.at(-1)![0]).toBe('draining');
  });

  test('abort() cancels', async () => {
    const target = await serving(() => {});
    const load = await measuredLoad(target.url, {
      scenario: { load: rate(100, 30) },
      during: (handle) => setTimeout(() => handle.abort(), 300),
    });
    expect(load.total('cancelled')).toBe(load.total('sent'));
    expect(load.total('completed')).toBe(0);
  });

  test('abort() right at the beginning', async () => {
    const target = await serving(inTurn(['a']));
    const load = await measuredLoad(target.url, { during: (handle) => handle.abort() });
    expect(load.total('completed') + load.total('cancelled')).toBe(load.total('sent'));
    expect(load.total('sent')).toBeLessThan(100);
    expect(load.end.failure).toBeNull();
  });

  test('a target that goes away: refused connections do not become a busy loop', async () => {
    const target = await serving((_request, response) => {
      if (target.requests === 50) {
        target.server.close();
        target.server.closeAllConnections();
      } else answer(response);
    });
    const load = await measuredLoad(target.url, {
      scenario: { load: users(5, 1.5), connections: { policy: 'per-user' } },
    });
    expect(load.outcomes.ok).toBeGreaterThanOrEqual(45);
    expect(load.outcomes.ok).toBeLessThan(50);
    // What was in flight goes out once more, and finds nobody.
    expect(load.total('resent')).toBeGreaterThan(0);
    expect(load.outcomes.connect).toBeGreaterThan(0);
    // 5 users, one attempt per 100 ms each.
    expect(load.outcomes.connect).toBeLessThanOrEqual(5 * 16);
    expect(load.total('unattributed')).toBe(0);
  });
});

describe('connections, seen from the server', () => {
  test('round-robin: all connections in turn, evenly', async () => {
    const target = await serving(inTurn(['a']));
    const load = await measuredLoad(target.url, {
      scenario: { load: rate(200, 0.5), connections: { policy: 'round-robin', count: 10 } },
    });
    expect(target.requestsPerConnection.filter((requests) => requests > 0)).toHaveLength(10);
    expect(load.total('connectionsOpened')).toBe(10);
    const used = target.requestsPerConnection.filter((requests) => requests > 0);
    expect(Math.max(...used) - Math.min(...used)).toBeLessThanOrEqual(2);
  });

  test('per-request: a connection for each request', async () => {
    const target = await serving(inTurn(['a']));
    const load = await measuredLoad(target.url, {
      scenario: { load: rate(200, 0.5), connections: { policy: 'per-request', count: 100 } },
    });
    expect(load.outcomes.ok).toBe(100);
    expect(target.requestsPerConnection.filter((requests) => requests > 0)).toEqual(Array(100).fill(1));
    expect(load.end.spread).toEqual({ connections: 100, pinned: 0, reused: 0, designEffect: 1 });
  });

  test('per-user: each user keeps one connection', async () => {
    const target = await serving(inTurn(['a']));
    const load = await measuredLoad(target.url, {
      scenario: { load: users(7, 0.6, 20), connections: { policy: 'per-user' } },
      engine: { workers: 2 },
    });
    expect(target.requestsPerConnection.filter((requests) => requests > 0)).toHaveLength(7);
    expect(load.seconds[0]!.users).toBe(7);
    expect(load.outcomes.ok).toBe(target.requests);
  });

  test('maxRequests: a connection is replaced, and no request is lost by it', async () => {
    const target = await serving(inTurn(['a']));
    const load = await measuredLoad(target.url, {
      scenario: { load: rate(400, 0.5), connections: { policy: 'round-robin', count: 4, maxRequests: 5 } },
    });
    expect(load.outcomes.ok).toBe(load.total('sent'));
    expect(load.outcomes.ok).toBe(target.requests);
    const used = target.requestsPerConnection.filter((requests) => requests > 0);
    expect(Math.max(...used)).toBe(5);
    // Only the last connection of each of the 4 may have had no time for all its requests.
    expect(used.filter((requests) => requests < 5).length).toBeLessThanOrEqual(4);
  });

  test('maxAgeSeconds: a connection is replaced when its time is up', async () => {
    const target = await serving(inTurn(['a']));
    const load = await measuredLoad(target.url, {
      scenario: { load: rate(200, 1), connections: { policy: 'round-robin', count: 2, maxAgeSeconds: 0.25 } },
    });
    expect(load.outcomes.ok).toBe(load.total('sent'));
    expect(load.outcomes.ok).toBe(target.requests);
    const opened = load.total('connectionsOpened');
    expect(opened).toBeGreaterThanOrEqual(4);
    expect(opened).toBeLessThanOrEqual(10);
  });

  test('a connection that the server closes is replaced', async () => {
    const target = await serving((_request, response) => {
      if (target.requests % 3 === 0) response.setHeader('connection', 'close');
      answer(response);
    });
    const load = await measuredLoad(target.url, {
      scenario: { load: rate(180, 0.5), connections: { policy: 'round-robin', count: 1 } },
    });
    expect(load.outcomes.ok + load.total('dropped')).toBe(90);
    expect(target.requestsPerConnection.filter((requests) => requests > 3)).toEqual([]);
  });

  test('users who share connections wait in line, and the wait is in the response time only', async () => {
    const target = await serving((_request, response) => setTimeout(() => answer(response), 20));
    const load = await measuredLoad(target.url, {
      scenario: { load: users(10, 0.6), connections: { policy: 'round-robin', count: 1 } },
    });
    expect(target.requestsPerConnection.filter((requests) => requests > 0)).toHaveLength(1);
    const mean = (histogram: 'response' | 'service') =>
      load.seconds.reduce((sum, second) => sum + second[histogram].sum, 0) / load.total('completed');
    expect(mean('response')).toBeGreaterThan(4 * mean('service'));
  });

  test('spread: connections that stick to a pod are told from those that do not', async () => {
    const settings = { load: rate(400, 0.5), connections: { policy: 'round-robin', count: 8 } } as const;
    const sticky = await serving((request, response) => answer(response, `pod-${connectionIndex(request.socket) % 4}`));
    const pinned = await measuredLoad(sticky.url, { scenario: settings, engine: { workers: 2 } });
    expect(pinned.end.spread).toMatchObject({ connections: 8, pinned: 8, reused: 8 });
    // All requests of a connection agree, so there are about as many decisions as connections.
    expect(pinned.end.spread.designEffect).toBeGreaterThan((0.8 * pinned.total('sent')) / 8);
    const free = await serving(inTurn(['a', 'b', 'c']));
    const even = await measuredLoad(free.url, { scenario: settings, engine: { workers: 2 } });
    expect(even.end.spread).toMatchObject({ connections: 8, pinned: 0, reused: 8 });
    expect(even.end.spread.designEffect).toBeLessThan(3);
  });
});
