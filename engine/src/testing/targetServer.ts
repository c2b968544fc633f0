import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** A tiny HTTP server that remembers its connections: for tests that look from the server's side. */
export interface TargetServer {
  readonly url: string;
  readonly server: Server;
  /** Requests per connection, in the order in which the connections were made. Connections without a request count too. */
  readonly requestsPerConnection: number[];
  /** The connections still open. */
  readonly open: ReadonlySet<Socket>;
  requests: number;
  close(): Promise<void>;
}

/** Index of the connection that a socket is, by order of arrival. */
const CONNECTION_INDEX = new WeakMap<Socket, number>();

export function connectionIndex(socket: Socket): number {
  return CONNECTION_INDEX.get(socket)!;
}

export async function targetServer(listener: RequestListener): Promise<TargetServer> {
  const requestsPerConnection: number[] = [];
  const open = new Set<Socket>();
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    target.requests++;
    requestsPerConnection[connectionIndex(request.socket)]!++;
    listener(request, response);
  });
  server.on('connection', (socket) => {
    CONNECTION_INDEX.set(socket, requestsPerConnection.push(0) - 1);
    open.add(socket);
    socket.on('close', () => open.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const target: TargetServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    server,
    requestsPerConnection,
    open,
    requests: 0,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return target;
}
