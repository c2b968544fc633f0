import { EmbeddedCluster } from '../embeddedCluster.ts';
import { embeddedOptions } from '../embeddedOptions.ts';

/** What this process tells its test once its cluster runs. */
export interface ClusterParentReport {
  readonly url: string;
  readonly processes: readonly { readonly role: string; readonly pid: number }[];
  readonly ports: readonly number[];
}

/** Runs a cluster until it is killed: the parent in the tests of what happens then. Takes the flags as JSON. */
const cluster = await EmbeddedCluster.start(embeddedOptions(JSON.parse(process.argv[2]!)));
const ports = [cluster.url, ...cluster.list().map(({ address }) => `http://${address}`)].map((url) =>
  Number(new URL(url).port)
);
const report: ClusterParentReport = { url: cluster.url, processes: cluster.processes(), ports };
console.log(JSON.stringify(report));
