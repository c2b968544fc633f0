import { createServer, type IncomingMessage, type Server } from 'node:http';
import { EmbeddedCluster } from '../../lab/src/embeddedCluster.ts';
import { EMBEDDED_DEFAULTS } from '../../lab/src/embeddedOptions.ts';
import type { PodFault } from '../../lab/src/pod/podMessages.ts';

export type YardCall =
  | { readonly do: 'list' }
  | { readonly do: 'inject'; readonly pod: string; readonly fault: PodFault; readonly stayDown: boolean }
  | { readonly do: 'clear'; readonly pod: string; readonly id: string };

/** A fault that a pod took, with what became of it. Times are of this process's monotonic clock, in milliseconds. */
export interface YardFault {
  readonly id: string;
  readonly pod: string;
  readonly expiresAt: number;
  endedAt: number | null;
  how: string | null;
}

/**
 * Real pods that outlive the service, as a cluster's do: the embedded cluster in the process of a test, with a control port
 * that a service under test calls. Whether a fault is over is what the pod itself reports.
 */
export class ClusterYard {
  readonly faults: YardFault[] = [];
  readonly cluster: EmbeddedCluster;
  readonly #server: Server;
  url = '';

  private constructor(cluster: EmbeddedCluster) {
    this.cluster = cluster;
    cluster.onEvent((event) => {
      if (event.type === 'fault-ended') this.#ended(event.pod, event.id, event.reason);
    });
    this.#server = createServer(async (request, response) => {
      const answer = await this.#answer(JSON.parse(await textOf(request)) as YardCall);
      response.end(JSON.stringify(answer));
    });
    // Longer than any stall of a busy machine: a request must not meet a connection that is just closing.
    this.#server.keepAliveTimeout = 300_000;
  }

  static async open(pods: number): Promise<ClusterYard> {
    const cluster = await EmbeddedCluster.start({ ...EMBEDDED_DEFAULTS, pods });
    const yard = new ClusterYard(cluster);
    await new Promise<void>((resolve) => yard.#server.listen(0, '127.0.0.1', resolve));
    const address = yard.#server.address();
    yard.url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`;
    return yard;
  }

  /** Faults that no pod has reported to be over. */
  get inEffect(): readonly YardFault[] {
    return this.faults.filter(({ endedAt }) => endedAt === null);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    await this.cluster.stop();
  }

  async #answer(call: YardCall): Promise<unknown> {
    if (call.do === 'list') return { url: this.cluster.url, pods: this.cluster.list() };
    if (call.do === 'clear') {
      const answer = await this.cluster.clearFault(call.pod, call.id);
      if (answer.state === 'ended') this.#ended(call.pod, call.id, answer.reason);
      return answer;
    }
    const { pod, fault, stayDown } = call;
    const answer = await this.cluster.injectFault(pod, fault, stayDown);
    if (answer.state === 'active') {
      this.faults.push({ id: fault.id, pod, expiresAt: performance.now() + fault.ttlMs, endedAt: null, how: null });
    }
    return answer;
  }

  #ended(pod: string, id: string, how: string): void {
    for (const fault of this.faults) {
      if (fault.id === id && fault.pod === pod && fault.endedAt === null) {
        fault.endedAt = performance.now();
        fault.how = how;
      }
    }
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
}
