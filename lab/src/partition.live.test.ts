import { POD_HEADER } from '@evenkeel/contract/attribution';
import type { FaultEffect } from '@evenkeel/contract/fault';
import { EmbeddedCluster } from './embeddedCluster.ts';
import { type BalancerKind, EMBEDDED_DEFAULTS } from './embeddedOptions.ts';
import { EmbeddedFaultDriver } from './faultDriver.ts';
import { eventually } from './testing/eventually.ts';
import { describeWith } from './testing/programs.ts';

const PODS = ['pod-1', 'pod-2', 'pod-3'];

/** The pod that answered one request on a connection of its own; the status when none did. */
async function answer(url: string): Promise<string> {
  const response = await fetch(url, { headers: { connection: 'close' }, signal: AbortSignal.timeout(20_000) });
  await response.text();
  return response.headers.get(POD_HEADER) ?? `status ${response.status}`;
}

async function answers(url: string, requests: number): Promise<Set<string>> {
  const all = await Promise.all(Array.from({ length: requests }, () => answer(url)));
  return new Set(all);
}

function partitions(balancer: BalancerKind): void {
  let cluster: EmbeddedCluster;

  beforeAll(async () => {
    const serviceTime = { kind: 'constant', meanMs: 1 } as const;
    const ejection = { maxFails: 1, failTimeoutMs: 1000, statuses: [] };
    cluster = await EmbeddedCluster.start({ ...EMBEDDED_DEFAULTS, balancer, pods: PODS.length, serviceTime, ejection });
  }, 60_000);
  afterAll(() => cluster?.stop());

  /** Cuts a pod off once every pod has connections to the balancer, and gives the way back. */
  const cutOff = async (existing: 'cut' | 'stall') => {
    const driver = new EmbeddedFaultDriver(cluster);
    const effect: FaultEffect = { type: 'partition', existing };
    const injection = { faultId: `partition-${existing}`, pod: 'pod-1', effect };
    await eventually(async () => (await answers(cluster.url, 12)).size === PODS.length, 'every pod answers');
    const inverse = await driver.inverse(injection);
    await driver.apply(injection, inverse, 60_000);
    expect((await driver.probe(injection)).effective).toBe(true);
    // The pod itself knows nothing of it: a grey failure.
    expect(cluster.list().find(({ pod }) => pod === 'pod-1')!.ready).toBe(true);
    return () => driver.revert(inverse);
  };
  const isBack = () => eventually(async () => (await answers(cluster.url, 12)).has('pod-1'), 'it answers again');

  it('the neighbours take over from a pod that is cut off, and it is back afterwards', async () => {
    const revert = await cutOff('cut');
    await eventually(async () => (await answer(cluster.url)) !== 'pod-1', 'somebody else answers');
    const meanwhile = await answers(cluster.url, 12);
    expect([...meanwhile].filter((pod) => pod === 'pod-1')).toEqual([]);
    expect(meanwhile.has('pod-2') || meanwhile.has('pod-3')).toBe(true);
    await revert();
    await isBack();
  }, 90_000);

  it('requests on stalled connections wait, and are answered when it is over', async () => {
    const revert = await cutOff('stall');
    let settled = 0;
    const waiting = Array.from({ length: 12 }, async () => {
      const pod = await answer(cluster.url);
      settled++;
      return pod;
    });
    await eventually(() => settled > 0, 'the neighbours answer');
    await new Promise((resolve) => setTimeout(resolve, 2000));
    expect(settled).toBeLessThan(waiting.length);
    await revert();
    expect(await Promise.all(waiting)).toContain('pod-1');
    await isBack();
  }, 90_000);
}

describe('a partition behind our own balancer', () => partitions('embedded'));
describeWith('nginx', () => describe('a partition behind nginx', () => partitions('nginx')));
describeWith('haproxy', () => describe('a partition behind HAProxy', () => partitions('haproxy')));
