import { connect, createServer, type Server, type Socket } from 'node:net';
import { hashKey } from '@evenkeel/core/policies/hash';
import type { BalancerSettings } from './balancerMessages.ts';
import type { PodTable } from './podTable.ts';

/**
 * The balancer of connections (layer 4), as kube-proxy is one: chooses a pod when a client connects and splices the
 * bytes from then on. It sees no requests, so it adds no header, and a client that keeps its connection keeps its pod.
 */
export class ConnectionProxy {
  readonly server: Server;
  readonly #settings: BalancerSettings;
  readonly #table: PodTable;

  constructor(settings: BalancerSettings, table: PodTable) {
    this.#settings = settings;
    this.#table = table;
    this.server = createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true }, (client) => {
      const keyHash = hashKey(`${client.remoteAddress}:${client.remotePort}`);
      const pod = table.pick(keyHash);
      client.on('error', () => client.destroy());
      if (pod < 0) client.resetAndDestroy();
      else this.#connect(client, keyHash, pod, []);
    });
  }

  #connect(client: Socket, keyHash: number, pod: number, tried: number[]): void {
    const { host, port } = this.#table.pods[pod]!;
    const startedAt = this.#table.started(pod);
    const upstream = connect({ host, port, allowHalfOpen: true, noDelay: true });
    let connected = false;
    const timer = setTimeout(() => upstream.destroy(), this.#settings.connectTimeoutMs);
    client.once('close', () => upstream.destroy());
    upstream.once('connect', () => {
      clearTimeout(timer);
      connected = true;
      client.pipe(upstream);
      upstream.pipe(client);
    });
    upstream.on('error', () => {});
    upstream.once('close', (broken) => {
      clearTimeout(timer);
      // A client that left before the pod was reached says nothing about the pod.
      this.#table.finished(pod, startedAt, connected ? true : client.destroyed ? null : false);
      if (client.destroyed) return;
      if (connected) {
        if (broken) client.resetAndDestroy();
        else client.destroySoon();
        return;
      }
      tried.push(pod);
      const retry = this.#settings.retry;
      const next = retry !== null && tried.length < retry.tries ? this.#table.pickOther(keyHash, tried) : -1;
      if (next < 0) client.resetAndDestroy();
      else this.#connect(client, keyHash, next, tried);
    });
  }
}
