import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:net';
import { startLoad } from './testing/measuredLoad.ts';
import { targetServer } from './testing/targetServer.ts';

/** A port of this machine that nothing listens on. */
async function deadPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

test('nothing listens', async () => {
  const port = await deadPort();
  await expect(startLoad(`http://127.0.0.1:${port}`)).rejects.toThrow(
    `The target http://127.0.0.1:${port} cannot be reached: nothing listens on 127.0.0.1 port ${port}.`
  );
});

test('an address outside the allowed networks is not even connected to', async () => {
  const target = await targetServer((_request, response) => response.end());
  try {
    await expect(startLoad(target.url, { allowedNetworks: ['10.0.0.0/8'] })).rejects.toThrow(
      /is refused: 127\.0\.0\.1 is outside the networks that may be loaded \(10\.0\.0\.0\/8\)\.$/
    );
    expect(target.requestsPerConnection).toEqual([]);
  } finally {
    await target.close();
  }
});

test('a name goes to its checked address, and falls back over families', async () => {
  const target = await targetServer((_request, response) => response.end());
  const { port } = new URL(target.url);
  try {
    const handle = await startLoad(`http://pods.test:${port}`, {
      allowedNetworks: ['127.0.0.0/8', '::1'],
      engine: { resolve: async () => ['::1', '127.0.0.1'] },
    });
    await handle.ended;
    expect(target.requests).toBe(100);
  } finally {
    await target.close();
  }
});

describe('TLS', () => {
  let server: Server;
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  test('a target that does not speak it', async () => {
    server = createServer((socket) =>
      socket
        .on('error', () => {})
        .resume()
        .end('HTTP/1.1 400 Bad Request\r\n\r\n')
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await expect(startLoad(`https://127.0.0.1:${port}`)).rejects.toThrow(
      new RegExp(
        `^TLS with the target https://127\\.0\\.0\\.1:${port} failed: .*Check the scheme and the certificate`,
        's'
      )
    );
  });
});
