import { styleText } from 'node:util';
import type { EmbeddedCluster } from '@evenkeel/lab/embeddedCluster';
import { onInterrupt } from './interrupt.ts';
import { type ClusterFlags, withCluster } from './subject.ts';
import { EXIT } from './usageError.ts';

/** `evenkeel pods`: the embedded cluster alone, until Ctrl-C. */
export async function podsCommand(flags: ClusterFlags): Promise<number> {
  await withCluster(flags, async (_, cluster) => {
    const interrupt = onInterrupt();
    cluster.onEvent((event) => process.stdout.write(`${JSON.stringify(event)}\n`));
    process.stdout.write(`${clusterText(cluster)}\nCtrl-C ends it.\n`);
    await interrupt.first;
    interrupt.release();
  });
  return EXIT.passed;
}

/** Where the cluster's balancer and pods answer. */
export function clusterText(cluster: EmbeddedCluster): string {
  const pods = cluster.list().map(({ pod, address }) => `  ${pod.padEnd(8)} http://${address}/`);
  return [`${styleText('bold', cluster.url)}  ${cluster.description}, in front of`, ...pods].join('\n');
}
