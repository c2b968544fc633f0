import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { eventually } from '../testing/eventually.ts';
import { closeAll, proxyTo, rawPod } from './testing/perTest.ts';
import { OK } from './testing/proxyUnderTest.ts';

afterEach(closeAll);

async function read(response: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

describe('large bodies', () => {
  const SIZE = 48 * 1024 * 1024;
  /** What socket buffers on both hops and the streams between may hold; the rest must wait with its sender. */
  const BUFFERED_AT_MOST = 20 * 1024 * 1024;

  async function stable(value: () => number): Promise<number> {
    for (let last = -1; ; ) {
      const now = value();
      if (now === last) return now;
      last = now;
      await new Promise((resolve) => setTimeout(resolve, 150));
    }
  }

  test('down: a client that does not read holds up the pod, and gets everything in the end', async () => {
    let written = 0;
    const pod = await rawPod((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${SIZE}\r\n\r\n`);
      const piece = Buffer.alloc(64 * 1024, 'd');
      Readable.from(
        (function* () {
          for (; written < SIZE; written += piece.length) yield piece;
        })()
      ).pipe(socket);
    });
    const proxy = await proxyTo([pod]);
    const request = httpRequest(proxy.url).end();
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    expect(await stable(() => written)).toBeLessThan(BUFFERED_AT_MOST);
    let size = 0;
    for await (const chunk of response) size += (chunk as Buffer).length;
    expect(size).toBe(SIZE);
    expect(proxy.outstanding).toEqual([0]);
  });

  test('up: a pod that does not read holds up the client, and gets everything in the end', async () => {
    let received = 0;
    const pod = await rawPod((socket) => {
      if (received === 0) socket.pause();
      received = socket.bytesRead;
      if (received >= SIZE) socket.write(OK);
    });
    const proxy = await proxyTo([pod]);
    const request = httpRequest(proxy.url, { method: 'POST', headers: { 'Content-Length': SIZE } });
    let written = 0;
    const piece = Buffer.alloc(64 * 1024, 'u');
    Readable.from(
      (function* () {
        for (; written < SIZE; written += piece.length) yield piece;
      })()
    ).pipe(request);
    await eventually(() => pod.sockets.size === 1 && received > 0, 'the body begins to arrive');
    expect(await stable(() => written)).toBeLessThan(BUFFERED_AT_MOST);
    for (const socket of pod.sockets) socket.resume();
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    expect((await read(response)).toString()).toBe('ok');
    expect(received).toBeGreaterThanOrEqual(SIZE);
  });
});

test.each(['keep-alive', 'close'])(
  'an early answer (%s) reaches a client that is still sending',
  async (connection) => {
    const pod = await rawPod((socket) => {
      socket.write(`HTTP/1.1 413 Too Large\r\nConnection: ${connection}\r\nContent-Length: 3\r\n\r\nbig`);
      if (connection === 'close') socket.end();
    });
    const proxy = await proxyTo([pod]);
    const request = httpRequest(proxy.url, { method: 'POST', headers: { 'Content-Length': 50_000_000 } });
    request.on('error', () => {});
    request.write(Buffer.alloc(100_000));
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    expect(response.statusCode).toBe(413);
    expect((await read(response)).toString()).toBe('big');
    request.destroy();
    await eventually(() => proxy.outstanding[0] === 0 && pod.sockets.size === 0, 'the exchange ends');
  }
);
