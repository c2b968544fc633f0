import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { Agent, createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { PolicyName } from '@evenkeel/core/policies/registry';
import type { BalancerSettings, Routing } from '../proxy/balancerMessages.ts';
import { Reaper } from '../reaper.ts';
import { eventually } from '../testing/eventually.ts';
import { describeWith } from '../testing/programs.ts';
import { HAPROXY, HAPROXY_POLICIES, haproxyCommand } from './haproxy.ts';
import { NGINX, NGINX_POLICIES } from './nginx.ts';
import { findProgram } from './program.ts';
import { ProgramBalancer, type ProgramRecipe } from './programBalancer.ts';

const HOST = '127.0.0.1';
const SETTINGS: BalancerSettings = {
  port: 0,
  mode: 'request',
  balancers: 1,
  retry: { tries: 3, statuses: [] },
  ejection: { maxFails: 1, failTimeoutMs: 10_000, statuses: [] },
  hashKey: 'uri',
  connectTimeoutMs: 1000,
  responseTimeoutMs: 10_000,
  seed: 1,
};

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function startPods(count: number): Promise<Server[]> {
  return Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const server = createServer((_request, response) => {
        response.writeHead(200, { 'X-Evenkeel-Pod': `pod-${index + 1}`, 'X-Evenkeel-Upstream': 'spoofed' });
        response.end('ok');
      });
      server.listen(0, HOST);
      await once(server, 'listening');
      cleanups.push(() => {
        server.closeAllConnections();
        server.close();
      });
      return server;
    })
  );
}

function routingTo(pods: readonly Server[], policy: PolicyName, weights: readonly number[] = []): Routing {
  return {
    policy,
    pods: pods.map((server, index) => ({
      pod: `pod-${index + 1}`,
      host: HOST,
      port: (server.address() as AddressInfo).port,
      weight: weights[index] ?? 1,
      ready: true,
    })),
  };
}

async function startBalancer(
  recipe: ProgramRecipe,
  routing: Routing,
  settings: Partial<BalancerSettings> = {}
): Promise<ProgramBalancer & { events: string[] }> {
  const reaper = new Reaper();
  cleanups.push(() => reaper.stop());
  const events: string[] = [];
  const balancer = await ProgramBalancer.start(recipe, { ...SETTINGS, ...settings }, routing, reaper, {
    died: () => events.push('died'),
    restarted: () => events.push('restarted'),
  });
  cleanups.push(() => balancer.stop());
  return Object.assign(balancer, { events });
}

interface Answer {
  readonly status: number;
  readonly pod: string;
  readonly upstream: string;
}

function ask(port: number, path: string, agent: Agent | false = false): Promise<Answer> {
  return new Promise((resolve, reject) => {
    httpRequest({ host: HOST, port, path, agent }, (response) => {
      response.resume();
      response.on('end', () => {
        const { headers } = response;
        resolve({
          status: response.statusCode!,
          pod: String(headers['x-evenkeel-pod'] ?? ''),
          upstream: String(headers['x-evenkeel-upstream'] ?? ''),
        });
      });
      response.on('error', reject);
    })
      .on('error', reject)
      .end();
  });
}

/** Asks `n` times over a few kept connections; requests per pod. */
async function load(port: number, n: number): Promise<Record<string, number>> {
  const agent = new Agent({ keepAlive: true, maxSockets: 10 });
  const counts: Record<string, number> = {};
  const answers = await Promise.all(Array.from({ length: n }, (_, i) => ask(port, `/item/${i}`, agent)));
  agent.destroy();
  for (const { status, pod } of answers) {
    expect(status).toBe(200);
    counts[pod] = (counts[pod] ?? 0) + 1;
  }
  return counts;
}

async function expectOwnCounts(balancer: ProgramBalancer, seen: Record<string, number>): Promise<void> {
  const own = async () =>
    Object.fromEntries((await balancer.counts()).map(({ pod, decisions }) => [pod, decisions] as const));
  const sum = (counts: Record<string, number>) => Object.values(counts).reduce((total, count) => total + count, 0);
  // The last lines are written after the last responses.
  await eventually(async () => sum(await own()) >= sum(seen), 'the log is complete');
  const counts = await own();
  for (const pod of Object.keys(counts)) expect(counts[pod]).toBe(seen[pod] ?? 0);
}

const PROGRAMS: [ProgramRecipe, readonly PolicyName[]][] = [
  [NGINX, NGINX_POLICIES],
  [HAPROXY, HAPROXY_POLICIES],
];

for (const [recipe, policies] of PROGRAMS) {
  describeWith(recipe.name, () => {
    test.each(policies)('%s: counts per pod are those of its own log, to the request', async (policy) => {
      const pods = await startPods(4);
      const balancer = await startBalancer(recipe, routingTo(pods, policy));
      const seen = await load(balancer.port, 400);
      await expectOwnCounts(balancer, seen);
      if (policy.endsWith('round-robin')) expect(Object.values(seen)).toEqual([100, 100, 100, 100]);
    });

    test('names the address that answered, and nobody else can', async () => {
      const pods = await startPods(2);
      const routing = routingTo(pods, 'round-robin');
      const balancer = await startBalancer(recipe, routing);
      const { pod, upstream } = await ask(balancer.port, '/');
      const { host, port } = routing.pods.find((it) => it.pod === pod)!;
      expect(upstream).toBe(`${host}:${port}`);
    });

    test('weights are heeded, and round-robin heeds none', async () => {
      const pods = await startPods(3);
      const balancer = await startBalancer(recipe, routingTo(pods, 'weighted-round-robin', [1, 0.5, 0]));
      expect(await load(balancer.port, 300)).toEqual({ 'pod-1': 200, 'pod-2': 100 });
      await balancer.route(routingTo(pods, 'round-robin', [1, 0.5, 0]));
      expect(await load(balancer.port, 300)).toEqual({ 'pod-1': 150, 'pod-2': 150 });
    });

    test('a change of policy under load loses no request', async () => {
      const pods = await startPods(3);
      const balancer = await startBalancer(recipe, routingTo(pods, 'round-robin'));
      const seen: Record<string, number> = {};
      let done = false;
      const loops = Array.from({ length: 4 }, async () => {
        while (!done) {
          const { status, pod } = await ask(balancer.port, '/');
          expect(status).toBe(200);
          seen[pod] = (seen[pod] ?? 0) + 1;
        }
      });
      for (const policy of ['random', 'least-connections', 'power-of-two-choices'] as const) {
        await balancer.route(routingTo(pods, policy));
      }
      done = true;
      await Promise.all(loops);
      await expectOwnCounts(balancer, seen);
    });

    test('a pod that is not ready gets nothing', async () => {
      const pods = await startPods(2);
      const routing = routingTo(pods, 'round-robin');
      const balancer = await startBalancer(recipe, {
        ...routing,
        pods: routing.pods.map((pod, index) => ({ ...pod, ready: index === 1 })),
      });
      expect(await load(balancer.port, 20)).toEqual({ 'pod-2': 20 });
    });

    test('without a pod the answer names none', async () => {
      const [pod] = await startPods(1);
      const routing = routingTo([pod!], 'round-robin');
      const balancer = await startBalancer(recipe, { ...routing, pods: [{ ...routing.pods[0]!, ready: false }] });
      const answer = await ask(balancer.port, '/');
      expect([502, 503]).toContain(answer.status);
      expect(answer).toMatchObject({ pod: '', upstream: '' });
    });

    test('a dead pod costs a client nothing, unless retries are off', async () => {
      const pods = await startPods(2);
      const routing = routingTo(pods, 'round-robin');
      pods[0]!.close();
      const balancer = await startBalancer(recipe, routing, { ejection: null });
      expect(await load(balancer.port, 10)).toEqual({ 'pod-2': 10 });
      const strict = await startBalancer(recipe, routing, { ejection: null, retry: null });
      const statuses = new Set<number>();
      for (let i = 0; i < 6; i++) statuses.add((await ask(strict.port, '/')).status);
      expect(statuses.has(502) || statuses.has(503)).toBe(true);
    });

    test('comes back on its port when it is killed', async () => {
      const pods = await startPods(1);
      const balancer = await startBalancer(recipe, routingTo(pods, 'round-robin'));
      process.kill(balancer.pids()[0]!, 'SIGKILL');
      await eventually(() => balancer.events.includes('restarted'), 'it is restarted');
      expect(balancer.events).toEqual(['died', 'restarted']);
      expect((await ask(balancer.port, '/')).status).toBe(200);
    });

    test('a policy that it lacks is refused with those that it has', async () => {
      const pods = await startPods(1);
      await expect(startBalancer(recipe, routingTo(pods, 'maglev'))).rejects.toThrow(
        `--policy maglev: ${recipe.title} has no such policy; it has round-robin, weighted-round-robin, random, power-of-two-choices, least-connections, ring-hash`
      );
      const balancer = await startBalancer(recipe, routingTo(pods, 'round-robin'));
      await expect(balancer.route(routingTo(pods, 'peak-ewma'))).rejects.toThrow('--policy peak-ewma');
      expect((await ask(balancer.port, '/')).status).toBe(200);
    });

    test('its own complaint is told when it does not start, and nothing is left', async () => {
      const pods = await startPods(1);
      let folder = '';
      const broken: ProgramRecipe = {
        ...recipe,
        configuration: (...args) => {
          folder = args[2].scratch;
          return `${recipe.configuration(...args)}\nnonsense here;\n`;
        },
      };
      await expect(startBalancer(broken, routingTo(pods, 'round-robin'))).rejects.toThrow(
        /did not start: .*(nonsense|[Ff]atal errors)/
      );
      expect(existsSync(folder)).toBe(false);
    });

    test('a port in use is named with its flag', async () => {
      const pods = await startPods(2);
      const { port } = pods[1]!.address() as AddressInfo;
      await expect(startBalancer(recipe, routingTo(pods, 'round-robin'), { port })).rejects.toThrow(
        `--balancer-port ${port}: port ${port} of 127.0.0.1 is already in use`
      );
    });
  });
}

describeWith('nginx', () => {
  test('several workers have a view each', async () => {
    const pods = await startPods(4);
    const balancer = await startBalancer(NGINX, routingTo(pods, 'round-robin'), { balancers: 3 });
    await expectOwnCounts(balancer, await load(balancer.port, 100));
  });

  test('retry and ejection statuses that it cannot tell apart are refused', async () => {
    const pods = await startPods(1);
    const routing = routingTo(pods, 'round-robin');
    const ejection = { maxFails: 1, failTimeoutMs: 1000, statuses: [500] };
    await expect(startBalancer(NGINX, routing, { ejection })).rejects.toThrow('--ejection on=…: nginx counts only');
    await expect(startBalancer(NGINX, routing, { retry: { tries: 2, statuses: [418] } })).rejects.toThrow(
      '--retry on=418: nginx retries only on 403, 404, 429, 500, 502, 503, 504'
    );
  });
});

describeWith('haproxy', () => {
  test("counts per pod are those of HAProxy's own statistics, to the request", async () => {
    const pods = await startPods(4);
    const balancer = await startBalancer(HAPROXY, routingTo(pods, 'random'));
    const seen = await load(balancer.port, 400);
    const table = (await haproxyCommand(balancer.folder.socket, 'show stat'))!.replace('# ', '').trim().split('\n');
    const columns = table[0]!.split(',');
    const rows = table.slice(1).map((row) => row.split(','));
    const total = (pod: string) => {
      const row = rows.find((it) => it[columns.indexOf('pxname')] === 'pods' && it[columns.indexOf('svname')] === pod)!;
      return Number(row[columns.indexOf('lbtot')]);
    };
    for (const pod of Object.keys(seen)) expect(total(pod)).toBe(seen[pod]);
  });

  test('balances per connection as well', async () => {
    const pods = await startPods(2);
    const balancer = await startBalancer(HAPROXY, routingTo(pods, 'round-robin'), { mode: 'connection' });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const seen = new Set<string>();
    for (let i = 0; i < 6; i++) seen.add((await ask(balancer.port, '/', agent)).pod);
    agent.destroy();
    expect(seen.size).toBe(1);
    for (let i = 0; i < 6; i++) seen.add((await ask(balancer.port, '/')).pod);
    expect(seen.size).toBe(2);
  });
});

test('a program that is not installed is named with what to do', () => {
  expect(() => findProgram('no-such-balancer')).toThrow(
    '--balancer no-such-balancer: no-such-balancer is not installed here; install it, or use --balancer embedded'
  );
});
