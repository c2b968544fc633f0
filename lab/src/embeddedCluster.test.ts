import { Agent, createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { podStatusSchema } from '@evenkeel/contract/target';
import { POLICY_NAMES } from '@evenkeel/core/policies/registry';
import { type ClusterEvent, EmbeddedCluster } from './embeddedCluster.ts';
import { embeddedOptions } from './embeddedOptions.ts';
import { eventually } from './testing/eventually.ts';
import { listens, runs } from './testing/processTable.ts';

interface Watched {
  readonly cluster: EmbeddedCluster;
  readonly events: ClusterEvent[];
}

const clusters: EmbeddedCluster[] = [];
const squatters: Server[] = [];
afterEach(async () => {
  for (const cluster of clusters.splice(0)) await cluster.stop();
  for (const squatter of squatters.splice(0)) squatter.close();
});

/** A server that takes a port until the test ends. */
function squat(): Server {
  const server = createServer();
  squatters.push(server);
  return server;
}

async function launch(flags: Record<string, string>): Promise<Watched> {
  const cluster = await EmbeddedCluster.start(embeddedOptions({ 'service-time': '0', ...flags }));
  const events: ClusterEvent[] = [];
  cluster.onEvent((event) => events.push(event));
  return { cluster, events };
}

/** A cluster that ends with the test. */
async function start(flags: Record<string, string>): Promise<EmbeddedCluster> {
  const { cluster } = await launch(flags);
  clusters.push(cluster);
  return cluster;
}

interface Answer {
  readonly status: number;
  readonly pod: string;
  readonly upstream: string;
}

function ask(url: string, agent: Agent | false = false, path = '/'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    httpRequest(url + path, { agent }, (response) => {
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

async function countsOf(cluster: EmbeddedCluster, n: number, agent: Agent | false = false) {
  const counts: Record<string, number> = {};
  for (let i = 0; i < n; i++) {
    const { status, pod } = await ask(cluster.url, agent);
    expect(status).toBe(200);
    counts[pod] = (counts[pod] ?? 0) + 1;
  }
  return counts;
}

const ready = (cluster: EmbeddedCluster) => cluster.list().every((pod) => pod.ready);

describe('three pods behind one balancer', () => {
  let cluster: EmbeddedCluster;
  let events: ClusterEvent[];

  beforeAll(async () => {
    ({ cluster, events } = await launch({ pods: '3', 'service-time': 'exp:1ms' }));
  });

  afterAll(() => cluster.stop());

  beforeEach(async () => {
    events.length = 0;
    await cluster.setWeights({ 'pod-1': 1, 'pod-2': 1, 'pod-3': 1 });
    await cluster.setPolicy('round-robin');
  });

  test('pods behind the balancer take turns, and name themselves', async () => {
    expect(await countsOf(cluster, 30)).toEqual({ 'pod-1': 10, 'pod-2': 10, 'pod-3': 10 });
    const { pod, upstream } = await ask(cluster.url);
    expect(upstream).toBe(cluster.list().find((it) => it.pod === pod)!.address);
    expect(cluster.complete).toBe(true);
    expect(cluster.description).toBe('embedded balancer, round-robin');
    await eventually(() => cluster.list().every(({ memoryBytes }) => memoryBytes !== null), 'the pods report');
    for (const status of cluster.list()) expect(podStatusSchema.parse(status)).toEqual(status);
  });

  test('weights and policy change at run time', async () => {
    await cluster.setPolicy('weighted-round-robin');
    await cluster.setWeights({ 'pod-1': 2, 'pod-3': 0 });
    expect(await countsOf(cluster, 30)).toEqual({ 'pod-1': 20, 'pod-2': 10 });
    expect(cluster.list().map(({ weight }) => weight)).toEqual([2, 1, 0]);
    await cluster.setPolicy('ring-hash');
    expect(Object.keys(await countsOf(cluster, 10))).toHaveLength(1);
    await expect(cluster.setWeights({ 'pod-9': 1 })).rejects.toThrow(
      'there is no pod "pod-9"; the pods are pod-1, pod-2, pod-3'
    );
    await expect(cluster.setWeights({ 'pod-1': -1 })).rejects.toThrow('the weight of pod-1 must be at least 0, not -1');
  });

  test('changing the policy under load loses no request', async () => {
    const before = (await cluster.counts()).reduce((sum, { decisions }) => sum + decisions, 0);
    const agent = new Agent({ keepAlive: true, maxSockets: 16 });
    let sent = 0;
    let done = false;
    const loops = Array.from({ length: 16 }, async () => {
      while (!done) {
        sent++;
        expect((await ask(cluster.url, agent)).status).toBe(200);
      }
    });
    for (const policy of [...POLICY_NAMES, ...POLICY_NAMES]) {
      const so = sent;
      await cluster.setPolicy(policy);
      await eventually(() => sent > so + 20, 'requests go on');
    }
    done = true;
    await Promise.all(loops);
    agent.destroy();
    const counts = await cluster.counts();
    expect(counts.reduce((sum, { decisions }) => sum + decisions, 0)).toBe(before + sent);
    expect(counts.map(({ outstanding, failures }) => outstanding + failures)).toEqual([0, 0, 0]);
  });

  test('a killed pod is replaced under its name while the others take over', async () => {
    const before = cluster.list()[0]!;
    cluster.killPod('pod-1');
    // Nobody notices: what fails at the dead pod is tried at another one.
    expect(Object.keys(await countsOf(cluster, 20))).toEqual(expect.arrayContaining(['pod-2', 'pod-3']));
    await eventually(() => events.length > 0, 'the pod is back');
    expect(events).toEqual([{ type: 'pod-restarted', pod: 'pod-1', restarts: 1, cause: 'SIGKILL' }]);
    expect(cluster.list()[0]).toMatchObject({ pod: 'pod-1', restarts: 1, ready: true });
    expect(cluster.list()[0]!.address).toBe(before.address);
    await eventually(async () => (await ask(cluster.url)).pod === 'pod-1', 'the pod gets requests again');
  });

  test('a replaced pod whose port was taken meanwhile listens on another one', async () => {
    const port = Number(cluster.list()[0]!.address!.split(':')[1]);
    const squatter = squat();
    const tryToListen = () =>
      new Promise<void>((resolve) => {
        squatter.once('error', () => resolve());
        squatter.listen(port, '127.0.0.1', () => resolve());
      });
    await eventually(async () => {
      // On a busy machine the pod may be back before us: then once more, with a longer back-off.
      if (cluster.list()[0]!.ready) cluster.killPod('pod-1');
      await tryToListen();
      return squatter.listening;
    }, 'the port is taken');
    await eventually(() => cluster.list()[0]!.address !== `127.0.0.1:${port}`, 'the pod is back elsewhere');
    await eventually(async () => (await ask(cluster.url)).pod === 'pod-1', 'the pod gets requests again');
  });

  test('a killed balancer comes back on its port', async () => {
    const { url } = cluster;
    process.kill(cluster.processes().find(({ role }) => role === 'balancer')!.pid, 'SIGKILL');
    const ofBalancer = () => events.filter(({ type }) => type.startsWith('balancer'));
    await eventually(() => ofBalancer().length === 2, 'the balancer is back');
    expect(ofBalancer()).toEqual([{ type: 'balancer-died', cause: 'SIGKILL' }, { type: 'balancer-restarted' }]);
    expect(cluster.url).toBe(url);
    expect((await ask(url)).status).toBe(200);
  });
});

test('a pod that hangs gets no more requests', async () => {
  const cluster = await start({ pods: '2' });
  process.kill(cluster.processes().find(({ role }) => role === 'pod-1')!.pid, 'SIGSTOP');
  await eventually(() => !cluster.list()[0]!.ready, 'its silence is noticed');
  // Once the balancer is told, the next four requests get through; until then every other one hangs.
  const soon = () => Promise.race([ask(cluster.url).then(({ pod }) => pod), sleep(500, 'hangs')]);
  await eventually(async () => {
    const pods = await Promise.all([soon(), soon(), soon(), soon()]);
    return pods.every((pod) => pod === 'pod-2');
  }, 'the balancer is told');
});

test('several balancers share the connections in turn, and each has its own view', async () => {
  const cluster = await start({ pods: '2', balancers: '3', policy: 'weighted-round-robin' });
  // Balancers that shared one view would never be more than one apart.
  let lead = 0;
  let furthest = 0;
  for (let i = 0; i < 30; i++) {
    lead += (await ask(cluster.url)).pod === 'pod-1' ? 1 : -1;
    furthest = Math.max(furthest, lead);
  }
  expect(furthest).toBeGreaterThan(1);
  expect(furthest).toBeLessThanOrEqual(3);
  expect((await cluster.counts()).reduce((sum, { decisions }) => sum + decisions, 0)).toBe(30);

  const [, worker] = cluster.processes().filter(({ role }) => role === 'balancer');
  process.kill(worker!.pid, 'SIGKILL');
  await eventually(() => !cluster.processes().some(({ pid }) => pid === worker!.pid), 'the balancer is replaced');
  await countsOf(cluster, 12);
});

test('per connection, a kept connection keeps its pod', async () => {
  const cluster = await start({ pods: '3', mode: 'connection' });
  expect(cluster.description).toBe('embedded balancer, round-robin per connection');
  const seen = [];
  for (let connection = 0; connection < 3; connection++) {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const counts = await countsOf(cluster, 5, agent);
    agent.destroy();
    expect(Object.values(counts)).toEqual([5]);
    seen.push(...Object.keys(counts));
  }
  expect(seen.sort()).toEqual(['pod-1', 'pod-2', 'pod-3']);
  expect((await ask(cluster.url)).upstream).toBe('');
});

test('a slower pod is picked less by a policy that notices', async () => {
  const cluster = await start({
    pods: '2',
    policy: 'least-connections',
    // Long enough to show through what a busy machine adds to each request.
    'service-time': '40ms',
    capacity: '1,0.2',
    concurrency: '1',
  });
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  await Promise.all(Array.from({ length: 100 }, () => ask(cluster.url, agent)));
  agent.destroy();
  const [fast, slow] = await cluster.counts();
  expect(fast!.decisions).toBeGreaterThan(2 * slow!.decisions);
});

test('a full pod refuses, and says who it is', async () => {
  const cluster = await start({ pods: '1', 'service-time': '20s', concurrency: '1', queue: '1' });
  const refused: Answer[] = [];
  for (let i = 0; i < 5; i++) {
    ask(cluster.url).then(
      (answer) => refused.push(answer),
      () => {}
    );
  }
  await eventually(() => refused.length === 3, 'one is worked on, one waits, three are refused');
  expect(refused.map(({ status, pod }) => [status, pod])).toEqual(new Array(3).fill([503, 'pod-1']));
});

test('a port in use is named, and nothing is left', async () => {
  const squatter = squat().listen(0, '127.0.0.1');
  await new Promise((resolve) => squatter.once('listening', resolve));
  const { port } = squatter.address() as AddressInfo;
  const kinds: Record<string, string>[] = [{}, { balancers: '2' }, { mode: 'connection' }];
  for (const flags of kinds) {
    await expect(start({ pods: '1', 'balancer-port': String(port), ...flags })).rejects.toThrow(
      `--balancer-port ${port}: port ${port} of 127.0.0.1 is already in use; choose another one, or 0 for any free one`
    );
  }
});

test('stops completely, more than once, and in the middle of everything', async () => {
  const cluster = await start({ pods: '3', balancers: '2' });
  const processes = cluster.processes();
  const port = Number(new URL(cluster.url).port);
  cluster.killPod('pod-2');
  const pending = ask(cluster.url).catch(() => null);
  await Promise.all([cluster.stop(), cluster.stop()]);
  await pending;
  await eventually(() => !processes.some(({ pid }) => runs(pid)), 'every process is gone');
  await eventually(async () => !(await listens(port)), 'the port is free');
  expect(ready(cluster)).toBe(false);
});
