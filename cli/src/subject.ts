import { POD_HEADER, UPSTREAM_HEADER } from '@evenkeel/contract/attribution';
import type { Target } from '@evenkeel/contract/target';
import { EmbeddedCluster } from '@evenkeel/lab/embeddedCluster';
import {
  EMBEDDED_FLAGS,
  EmbeddedOptionError,
  type EmbeddedOptions,
  embeddedOptions,
} from '@evenkeel/lab/embeddedOptions';
import type { Subject } from './measuredRun.ts';
import { UsageError } from './usageError.ts';

/** The flags of the embedded cluster as the command line gives them: `serviceTime` for `--service-time`. */
export type ClusterFlags = Readonly<Record<string, unknown>>;

const camelCase = (name: string) => name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

/** The flags of the embedded cluster that were given, as typed. */
export function clusterFlagsIn(flags: ClusterFlags): string[] {
  return Object.keys(clusterValues(flags)).map((name) => `--${name}`);
}

/** The flags that were given, by name without dashes. */
export function clusterValues(flags: ClusterFlags): Record<string, string> {
  const given = EMBEDDED_FLAGS.filter(({ name }) => flags[camelCase(name)] !== undefined);
  return Object.fromEntries(given.map(({ name }) => [name, flags[camelCase(name)] as string]));
}

/** What the flags ask for. Throws a UsageError that names the flag and its limit. */
export function clusterOptionsFrom(flags: ClusterFlags): EmbeddedOptions {
  try {
    return embeddedOptions(clusterValues(flags));
  } catch (error) {
    if (error instanceof EmbeddedOptionError) throw new UsageError(`${error.message}.`);
    throw error;
  }
}

/** Brings up the embedded cluster for as long as `work` takes; it is gone when this returns, whatever happened. */
export async function withCluster<T>(
  flags: ClusterFlags,
  work: (subject: Subject, cluster: EmbeddedCluster) => Promise<T>
): Promise<T> {
  const cluster = await startCluster(clusterOptionsFrom(flags));
  try {
    return await work(subjectOf(cluster), cluster);
  } finally {
    await cluster.stop();
  }
}

/** Starts the cluster; what keeps it from starting (a port in use, a program that is missing) is the person's to mend. */
async function startCluster(options: EmbeddedOptions): Promise<EmbeddedCluster> {
  try {
    return await EmbeddedCluster.start(options);
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function subjectOf(cluster: EmbeddedCluster): Subject {
  const target: Target = {
    id: 'embedded',
    name: 'Embedded cluster',
    kind: 'embedded',
    url: `${cluster.url}/`,
    attribution: { header: POD_HEADER, upstreamHeader: UPSTREAM_HEADER },
    balancer: cluster.description,
  };
  return { target, directory: cluster, allowedNetworks: ['127.0.0.0/8'] };
}
