import cluster, { type Worker } from 'node:cluster';
import { createServer } from 'node:net';
import type { BalancerCommand, BalancerReport, BalancerSettings, UpstreamCounts } from './balancerMessages.ts';

const HOST = '127.0.0.1';
const RESTART_AFTER_MS = 200;

/**
 * Several balancers behind one port. This process accepts the connections and hands them to the balancers in turn
 * (node:cluster), as a layer-4 balancer in front of several ingress replicas does. The kernel's own ways to share a port
 * spread few connections too unevenly, and splicing bytes would cost more than the balancing.
 */
export class BalancerGroup {
  readonly #settings: BalancerSettings;
  readonly #report: (message: BalancerReport) => void;
  readonly #workers = new Set<Worker>();
  #routing: Extract<BalancerCommand, { type: 'route' }> | null = null;
  readonly #listening = new WeakSet<Worker>();
  #listens = false;

  constructor(settings: BalancerSettings, report: (message: BalancerReport) => void) {
    this.#settings = settings;
    this.#report = report;
  }

  start(): void {
    process.on('message', (command: BalancerCommand) => {
      const first = command.type === 'route' && this.#routing === null;
      if (command.type === 'route') this.#routing = command;
      if (first) this.#findPort();
      if (command.type === 'route')
        this.#ask(command, 'routed', () => this.#report({ type: 'routed', id: command.id }));
      else {
        this.#ask(command, 'counts', (answers) => {
          const all = answers.flatMap((answer) => (answer.type === 'counts' ? [answer.pods] : []));
          this.#report({ type: 'counts', id: command.id, pods: added(all) });
        });
      }
    });
  }

  /** All balancers must ask for one and the same port, so a free one is chosen before they start. */
  #findPort(): void {
    const probe = createServer();
    probe.on('error', (error: NodeJS.ErrnoException) => {
      this.#report({ type: 'failed', code: error.code ?? '', message: error.message });
    });
    probe.listen({ port: this.#settings.port, host: HOST }, () => {
      const address = probe.address();
      const port = address !== null && typeof address === 'object' ? address.port : this.#settings.port;
      probe.close(() => {
        cluster.setupPrimary({ args: [JSON.stringify({ ...this.#settings, port })] });
        for (let n = 0; n < this.#settings.balancers; n++) this.#fork();
      });
    });
  }

  #fork(): void {
    const worker = cluster.fork();
    this.#workers.add(worker);
    worker.on('message', (message: BalancerReport) => {
      if (message.type === 'failed') this.#report(message);
      if (message.type === 'listening') {
        this.#listening.add(worker);
        this.#tellWorkers();
        if (!this.#listens && [...this.#workers].every((it) => this.#listening.has(it))) {
          this.#listens = true;
          this.#report(message);
        }
      }
    });
    worker.on('exit', () => {
      this.#workers.delete(worker);
      setTimeout(() => this.#fork(), RESTART_AFTER_MS);
    });
    if (this.#routing !== null) worker.send({ ...this.#routing, id: 0 });
  }

  #tellWorkers(): void {
    this.#report({ type: 'workers', pids: [...this.#workers].flatMap((worker) => worker.process.pid ?? []) });
  }

  /** Sends a command to all balancers and collects their answers; one that dies before does not count. */
  #ask(command: BalancerCommand, answer: BalancerReport['type'], done: (answers: BalancerReport[]) => void): void {
    const asked = [...this.#workers];
    const answers: BalancerReport[] = [];
    let open = asked.length;
    if (open === 0) done(answers);
    for (const worker of asked) {
      const end = () => {
        worker.off('message', onMessage);
        worker.off('exit', end);
        if (--open === 0) done(answers);
      };
      const onMessage = (message: BalancerReport) => {
        if (message.type !== answer || !('id' in message) || message.id !== command.id) return;
        answers.push(message);
        end();
      };
      worker.on('message', onMessage);
      worker.on('exit', end);
      worker.send(command);
    }
  }
}

function added(all: readonly (readonly UpstreamCounts[])[]): UpstreamCounts[] {
  const [first = [], ...rest] = all;
  return first.map((counts, pod) =>
    rest.reduce(
      (sum, other) => ({
        pod: sum.pod,
        decisions: sum.decisions + other[pod]!.decisions,
        attempts: sum.attempts + other[pod]!.attempts,
        failures: sum.failures + other[pod]!.failures,
        outstanding: sum.outstanding + other[pod]!.outstanding,
        ejected: sum.ejected || other[pod]!.ejected,
      }),
      counts
    )
  );
}
