import { type AddressInfo, createServer, type Socket } from 'node:net';

/** A server that keeps every byte of every connection, and answers each request with nothing. */
export interface RecordingServer {
  readonly port: number;
  /** What came over each connection, in the order in which they were made. */
  readonly connections: readonly Buffer[];
  close(): Promise<void>;
}

const ANSWER = 'HTTP/1.1 200 OK\r\nx-evenkeel-pod: a\r\ncontent-length: 0\r\n\r\n';

export async function recordingServer(): Promise<RecordingServer> {
  const connections: Buffer[] = [];
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    const place = connections.push(Buffer.alloc(0)) - 1;
    let answered = 0;
    open.add(socket.on('error', () => {}).on('close', () => open.delete(socket)));
    socket.on('data', (bytes: Buffer) => {
      const all = Buffer.concat([connections[place]!, bytes]);
      connections[place] = all;
      for (let end = endOfRequest(all, answered); end >= 0; end = endOfRequest(all, answered)) {
        answered = end;
        socket.write(ANSWER);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    connections,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  };
}

/** Where the request that begins at `from` ends; -1 while it is not whole. */
function endOfRequest(bytes: Buffer, from: number): number {
  const head = bytes.indexOf('\r\n\r\n', from);
  if (head < 0) return -1;
  const length = /\r\ncontent-length: *(\d+)/i.exec(bytes.toString('latin1', from, head))?.[1] ?? '0';
  const end = head + 4 + Number(length);
  return end <= bytes.length ? end : -1;
}
