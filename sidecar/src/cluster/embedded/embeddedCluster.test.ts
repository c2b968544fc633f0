import { EmbeddedCluster } from './embeddedCluster.ts';
import { EMBEDDED_DEFAULTS } from './embeddedOptions.ts';

test('pods behind the balancer take turns, and name themselves', async () => {
  const cluster = await EmbeddedCluster.start({ ...EMBEDDED_DEFAULTS, pods: 3 });
  try {
    const seen = new Map<string, number>();
    for (let i = 0; i < 30; i++) {
      const response = await fetch(cluster.url);
      await response.arrayBuffer();
      expect(response.status).toBe(200);
      const pod = response.headers.get('x-evenkeel-pod')!;
      expect(response.headers.get('x-evenkeel-upstream')).toBe(cluster.list().find((it) => it.pod === pod)!.address);
      seen.set(pod, (seen.get(pod) ?? 0) + 1);
    }
    expect([...seen.values()]).toEqual([10, 10, 10]);
    expect(cluster.list().every(({ ready }) => ready)).toBe(true);
  } finally {
    await cluster.stop();
  }
});
