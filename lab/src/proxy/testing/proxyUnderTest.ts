import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import type { PolicyName } from '@evenkeel/core/policies/registry';
import type { BalancerSettings, UpstreamPod } from '../balancerMessages.ts';
import { ConnectionProxy } from '../connectionProxy.ts';
import { PodTable } from '../podTable.ts';
import { RequestProxy } from '../requestProxy.ts';

const HOST = '127.0.0.1';

const SETTINGS: BalancerSettings = {
  port: 0,
  mode: 'request',
  balancers: 1,
  retry: null,
  ejection: null,
  hashKey: 'uri',
  connectTimeoutMs: 1000,
  responseTimeoutMs: 5000,
  seed: 1,
};

/** A pod whose every byte the test decides: what it received, and what it answers. */
export class RawPod {
  /** Everything received, over all connections. */
  received = '';
  readonly sockets = new Set<Socket>();
  readonly #server: Server;

  /** `serve` is called with each connection and everything that it has received so far, for every piece. */
  constructor(serve: (socket: Socket, received: string) => void) {
    this.#server = createServer((socket) => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
      socket.on('error', () => {});
      let received = '';
      socket.on('data', (chunk: Buffer) => {
        const text = chunk.toString('latin1');
        received += text;
        this.received += text;
        serve(socket, received);
      });
    });
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get address(): string {
    return `${HOST}:${this.port}`;
  }

  async listen(): Promise<this> {
    this.#server.listen(0, HOST);
    await once(this.#server, 'listening');
    return this;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** Answers every complete request that has no body with `response`. */
export function answering(response: string): (socket: Socket, received: string) => void {
  return (socket, received) => {
    if (received.endsWith('\r\n\r\n')) socket.write(response, 'latin1');
  };
}

export const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

/** A proxy in this process, in front of pods at the given ports. */
export class ProxyUnderTest {
  readonly table: PodTable;
  readonly #server: Server;
  readonly #requests: RequestProxy | null;

  private constructor(settings: BalancerSettings) {
    this.table = new PodTable(settings, 0);
    this.#requests = settings.mode === 'request' ? new RequestProxy(settings, this.table) : null;
    this.#server = this.#requests?.server ?? new ConnectionProxy(settings, this.table).server;
  }

  static async start(
    ports: readonly number[],
    settings: Partial<BalancerSettings> = {},
    policy: PolicyName = 'weighted-round-robin'
  ): Promise<ProxyUnderTest> {
    const proxy = new ProxyUnderTest({ ...SETTINGS, ...settings });
    proxy.route(ports, policy);
    proxy.#server.listen(0, HOST);
    await once(proxy.#server, 'listening');
    return proxy;
  }

  route(ports: readonly number[], policy: PolicyName, change: Partial<UpstreamPod> = {}): void {
    const pods = ports.map((port, index) => ({
      pod: `pod-${index + 1}`,
      host: HOST,
      port,
      weight: 1,
      ready: true,
      ...change,
    }));
    this.table.route({ policy, pods });
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://${HOST}:${this.port}`;
  }

  get outstanding(): number[] {
    return this.table.counts().map(({ outstanding }) => outstanding);
  }

  /** Opens a connection, sends `bytes` and gives what comes back until the other side closes or `until` is seen. */
  async raw(bytes: string, until?: string): Promise<string> {
    const socket = connect(this.port, HOST);
    socket.on('error', () => {});
    let text = '';
    const enough = new Promise<void>((resolve) => {
      socket.on('data', (chunk: Buffer) => {
        text += chunk.toString('latin1');
        if (until !== undefined && text.includes(until)) resolve();
      });
      socket.on('close', () => resolve());
    });
    socket.write(bytes, 'latin1');
    await enough;
    socket.destroy();
    return text;
  }

  async close(): Promise<void> {
    this.route([], 'random');
    this.#requests?.dropUnusedPools();
    this.#requests?.server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
