import { connect } from 'node:net';
import type { FaultEffect } from '@evenkeel/contract/fault';
import { faultDriverConformance } from '@evenkeel/core/faults/testing/faultDriverConformance';
import { EmbeddedCluster } from './embeddedCluster.ts';
import { EMBEDDED_DEFAULTS } from './embeddedOptions.ts';
import { EmbeddedFaultDriver } from './faultDriver.ts';

const startCluster = () =>
  EmbeddedCluster.start({ ...EMBEDDED_DEFAULTS, pods: 2, serviceTime: { kind: 'constant', meanMs: 1 } });

const addressOf = (cluster: EmbeddedCluster, pod: string) => cluster.list().find((each) => each.pod === pod)!.address!;

async function timed(url: string): Promise<{ status: number; ms: number }> {
  const startedAt = performance.now();
  const response = await fetch(url);
  await response.text();
  return { status: response.status, ms: performance.now() - startedAt };
}

const connects = (address: string) =>
  new Promise<string>((resolve) => {
    const { hostname, port } = new URL(`http://${address}`);
    const socket = connect(Number(port), hostname);
    const settle = (outcome: string) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(outcome);
    };
    // What has come meanwhile counts, however late this process is.
    const timer = setTimeout(() => setImmediate(() => settle('no answer')), 300);
    socket.once('connect', () => settle('connected'));
    socket.once('error', (error: NodeJS.ErrnoException) => settle(String(error.code)));
  });

/** Three looks at once: what is slow by chance is seldom slow in all of them. */
const thrice = <T>(look: () => Promise<T>): Promise<T[]> => Promise.all([look(), look(), look()]);

/** A busy machine may stand still once; only an effect is there again. */
const twice = async (look: () => Promise<boolean>) => (await look()) && (await look());

async function affected(cluster: EmbeddedCluster, pod: string, effect: FaultEffect): Promise<boolean> {
  const address = addressOf(cluster, pod);
  switch (effect.type) {
    case 'latency': {
      return twice(async () => {
        const answers = await thrice(() => timed(`http://${address}/`));
        return answers.every(({ ms }) => ms > effect.delayMs - 5);
      });
    }
    case 'errors': {
      const answers = await Promise.all(Array.from({ length: 30 }, () => timed(`http://${address}/`)));
      return answers.some(({ status }) => status === effect.status);
    }
    case 'partition':
      return twice(async () => (await thrice(() => connects(address))).every((outcome) => outcome === 'no answer'));
    case 'pod-failure':
      return (await connects(address)) === 'ECONNREFUSED';
  }
}

it('a crash is over when the pod is back, not before', async () => {
  const cluster = await startCluster();
  const driver = new EmbeddedFaultDriver(cluster);
  const injection = { faultId: 'crash', pod: 'pod-1', effect: { type: 'pod-failure', restart: true } } as const;
  const inverse = await driver.inverse(injection);
  await driver.apply(injection, inverse, 60_000);
  // Three seconds are a long start; on a busy machine it is tried again, as the life of a fault does.
  while ((await driver.revert(inverse).catch(() => null)) === null);
  expect(cluster.list()[0]).toMatchObject({ ready: true, restarts: 1 });
  await cluster.stop();
}, 60_000);

faultDriverConformance('embedded', {
  effects: [
    { type: 'latency', delayMs: 400, jitterMs: 0 },
    { type: 'errors', percent: 50, status: 500 },
    { type: 'partition', existing: 'cut' },
    { type: 'pod-failure', restart: false },
  ],
  slackMs: 10_000,
  start: async () => {
    const cluster = await startCluster();
    // The first requests of a process are slow by themselves.
    for (const { address } of cluster.list()) await thrice(() => timed(`http://${address}/`));
    return {
      driver: new EmbeddedFaultDriver(cluster),
      laterDriver: () => new EmbeddedFaultDriver(cluster),
      pods: cluster.list().map(({ pod }) => pod),
      affected: (pod, effect) => affected(cluster, pod, effect),
      restart: async (pod) => {
        const back = new Promise<void>((resolve) => {
          cluster.onEvent((event) => event.type === 'pod-restarted' && event.pod === pod && resolve());
        });
        cluster.killPod(pod);
        await back;
      },
      pass: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      stop: () => cluster.stop(),
    };
  },
});
