import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { hashKey } from '@evenkeel/core/policies/hash';
import { Pool } from 'undici';
import type { BalancerSettings, HashKey, RetrySettings } from './balancerMessages.ts';
import { Exchange, type ExchangeHost } from './exchange.ts';
import { forwardedRequest, RefusedRequest } from './forwardedRequest.ts';
import type { PodTable } from './podTable.ts';

/** Idle connections to pods are dropped well before the pods would. */
const UPSTREAM_IDLE_MS = 60_000;
const CLIENT_IDLE_MS = 75_000;

/** The balancer of requests (layer 7): chooses a pod for every request and streams both bodies through. */
export class RequestProxy implements ExchangeHost {
  readonly server: Server;
  readonly table: PodTable;
  readonly retry: RetrySettings | null;
  readonly failureStatuses: readonly number[];
  readonly #settings: BalancerSettings;
  readonly #pools = new Map<string, Pool>();

  constructor(settings: BalancerSettings, table: PodTable) {
    this.#settings = settings;
    this.table = table;
    this.retry = settings.retry;
    this.failureStatuses = settings.ejection?.statuses ?? [];
    this.server = createServer({ keepAliveTimeout: CLIENT_IDLE_MS, requestTimeout: 0 });
    this.server.on('request', (request, response) => this.#handle(request, response));
    this.server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
      response.writeContinue();
      this.#handle(request, response);
    });
    this.server.on('connect', (_request, socket) => {
      socket.end('HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
    });
  }

  poolOf(pod: number): Pool {
    const { host, port } = this.table.pods[pod]!;
    const origin = `http://${host}:${port}`;
    let pool = this.#pools.get(origin);
    if (pool === undefined) {
      pool = new Pool(origin, {
        connections: null,
        pipelining: 1,
        keepAliveTimeout: UPSTREAM_IDLE_MS,
        keepAliveMaxTimeout: UPSTREAM_IDLE_MS,
        headersTimeout: this.#settings.responseTimeoutMs,
        bodyTimeout: this.#settings.responseTimeoutMs,
        connect: { timeout: this.#settings.connectTimeoutMs },
      });
      this.#pools.set(origin, pool);
    }
    return pool;
  }

  /** Lets go of connections to addresses that no pod has any more; requests on them still end. */
  dropUnusedPools(): void {
    const used = new Set(this.table.pods.map(({ host, port }) => `http://${host}:${port}`));
    for (const [origin, pool] of this.#pools) {
      if (used.has(origin)) continue;
      this.#pools.delete(origin);
      void pool.close();
    }
  }

  #handle(request: IncomingMessage, response: ServerResponse): void {
    try {
      if (request.method === 'TRACE') throw new RefusedRequest(405, 'TRACE is not forwarded');
      const forwarded = forwardedRequest(request);
      const key = hashKey(keyOf(request, forwarded.path, this.#settings.hashKey));
      new Exchange(this, request, response, forwarded, key).start();
    } catch (error) {
      if (!(error instanceof RefusedRequest)) throw error;
      response.writeHead(error.status, { 'Content-Type': 'text/plain', Connection: 'close' });
      response.end(`${error.message}\n`);
    }
  }
}

function keyOf(request: IncomingMessage, path: string, hashKey: HashKey): string {
  if (hashKey === 'uri') return path;
  if (hashKey === 'client') return `${request.socket.remoteAddress}:${request.socket.remotePort}`;
  return String(request.headers[hashKey.slice('header:'.length)] ?? '');
}
