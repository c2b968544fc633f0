import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, createServer, type Server } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { LOOPBACK_CERTIFICATE, LOOPBACK_KEY } from './testing/loopbackCertificate.ts';
import { measuredLoad, rate, startLoad } from './testing/measuredLoad.ts';
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
  const servers: Server[] = [];

  async function listening(server: Server): Promise<number> {
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  }

  const secure = { key: LOOPBACK_KEY, cert: LOOPBACK_CERTIFICATE };

  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
  });

  test('a target that does not speak it', async () => {
    const port = await listening(
      createServer((socket) =>
        socket
          .on('error', () => {})
          .resume()
          .end('HTTP/1.1 400 Bad Request\r\n\r\n')
      )
    );
    await expect(startLoad(`https://127.0.0.1:${port}`)).rejects.toThrow(
      new RegExp(`^TLS with the target https://127\\.0\\.0\\.1:${port} failed: .*Check the scheme and the port`, 's')
    );
  });

  test('a certificate that nobody signed', async () => {
    const port = await listening(createSecureServer(secure));
    await expect(startLoad(`https://127.0.0.1:${port}`)).rejects.toThrow(
      `TLS with the target https://127.0.0.1:${port} failed: the certificate is signed by itself, and by no authority that is trusted (DEPTH_ZERO_SELF_SIGNED_CERT). Name the authority (or the certificate itself) in a PEM file: NODE_EXTRA_CA_CERTS=/path/to/ca.pem.`
    );
  });

  test.each(['fast', 'undici'] as const)(
    'a handshake that fails in mid-run is told in words of ours, by %s',
    async (transport) => {
      const tls = createSecureServer(secure, (_request, response) => response.end());
      tls.on('error', () => {});
      let connections = 0;
      // The first connection is the one that looks whether the target is there.
      const port = await listening(
        createServer((socket) => {
          if (++connections === 1) tls.emit('connection', socket);
          else
            socket
              .on('error', () => {})
              .resume()
              .end('HTTP/1.1 400 Bad Request\r\n\r\n');
        })
      );
      const load = await measuredLoad(`https://localhost:${port}`, {
        engine: { transport, trustedCertificates: [LOOPBACK_CERTIFICATE], resolve: async () => ['127.0.0.1'] },
        scenario: { load: rate(20, 0.5) },
      });
      expect(load.outcomes.tls).toBe(load.total('sent'));
      const details = load.seconds.flatMap(({ seen }) => seen.map(({ example }) => example.text));
      expect(details).toContain('the answer was not TLS (ERR_SSL_WRONG_VERSION_NUMBER)');
    }
  );

  test('a name that ends in its dot is the same name to TLS, and is sent with it', async () => {
    const seen = new Set<string>();
    const port = await listening(
      createSecureServer(secure, (request, response) => {
        seen.add(`${(request.socket as TLSSocket & { servername?: string }).servername} ${request.headers.host}`);
        response.setHeader('x-evenkeel-pod', 'a').end();
      })
    );
    const load = await measuredLoad(`https://Localhost.:${port}`, {
      engine: { trustedCertificates: [LOOPBACK_CERTIFICATE], resolve: async () => ['127.0.0.1'] },
    });
    expect(load.outcomes.ok).toBe(load.total('sent'));
    expect([...seen]).toEqual([`localhost Localhost.:${port}`]);
  });

  test('a certificate for another name', async () => {
    const port = await listening(createSecureServer(secure));
    const load = startLoad(`https://pods.test:${port}`, {
      engine: { trustedCertificates: [LOOPBACK_CERTIFICATE], resolve: async () => ['127.0.0.1'] },
    });
    await expect(load).rejects.toThrow(
      /is for other names than that of the target \(ERR_TLS_CERT_ALTNAME_INVALID\)\. Use a name/
    );
  });

  test('a target that closes at once, and one that speaks no version of ours', async () => {
    const closing = await listening(createServer((socket) => socket.on('error', () => {}).destroy()));
    await expect(startLoad(`https://127.0.0.1:${closing}`)).rejects.toThrow(
      /closed the connection \(ECONNRESET\)\. Check the scheme/
    );
    const old = await listening(createSecureServer({ ...secure, minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1' }));
    await expect(startLoad(`https://127.0.0.1:${old}`)).rejects.toThrow(/version of TLS in common/);
  });

  test.each(['fast', 'undici'] as const)(
    'load over TLS, by the %s transport, and a handshake that fails later',
    async (transport) => {
      let connections = 0;
      const tls = createSecureServer(secure, (_request, response) => {
        response.setHeader('x-evenkeel-pod', 'a').end('hello');
      });
      tls.on('error', () => {});
      // In front of it: every third connection breaks off before the handshake.
      const port = await listening(
        createServer((socket) => {
          if (++connections % 3 === 0) socket.on('error', () => {}).destroy();
          else tls.emit('connection', socket);
        })
      );
      const load = await measuredLoad(`https://localhost:${port}`, {
        allowedNetworks: ['127.0.0.0/8', '::1'],
        engine: { transport, trustedCertificates: [LOOPBACK_CERTIFICATE], resolve: async () => ['127.0.0.1'] },
        scenario: { load: rate(60, 0.5), connections: { policy: 'per-request', count: 30 } },
      });
      // The first connection is the one that looked whether the target is there.
      expect(load.outcomes).toMatchObject({ ok: 20, tls: 10 });
      expect(load.decisions).toEqual({ a: 20 });
    }
  );
});
