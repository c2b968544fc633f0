import { eventually } from '../testing/eventually.ts';
import { closeAll, deadPort, proxyTo, rawPod } from './testing/perTest.ts';
import { answering, OK } from './testing/proxyUnderTest.ts';

afterEach(closeAll);

describe('retries', () => {
  const retry = { tries: 3, statuses: [] };
  const bare = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';

  test('a dead pod costs a client nothing, and both addresses are told', async () => {
    const dead = await deadPort();
    const pod = await rawPod();
    const proxy = await proxyTo([{ port: dead }, pod], { retry });
    const text = await proxy.raw(bare);
    expect(text).toContain('200 OK');
    expect(text).toContain(`X-Evenkeel-Upstream: 127.0.0.1:${dead}, ${pod.address}\r\n`);
    expect(proxy.table.counts()).toMatchObject([
      { decisions: 1, attempts: 1, failures: 1, outstanding: 0 },
      { decisions: 0, attempts: 1, failures: 0, outstanding: 0 },
    ]);
  });

  test('switched off, the client gets the failure', async () => {
    const dead = await deadPort();
    const pod = await rawPod();
    const proxy = await proxyTo([{ port: dead }, pod]);
    expect(await proxy.raw(bare)).toMatch(/^HTTP\/1\.1 502 /);
    expect(pod.received).toBe('');
  });

  test('never more tries than allowed, never one pod twice', async () => {
    const ports = [await deadPort(), await deadPort(), await deadPort(), await deadPort()];
    const proxy = await proxyTo(
      ports.map((port) => ({ port })),
      { retry }
    );
    const text = await proxy.raw(bare);
    expect(text).toMatch(/^HTTP\/1\.1 502 /);
    const tried = /X-Evenkeel-Upstream: (.*)\r/.exec(text)![1]!.split(', ');
    expect(tried).toHaveLength(3);
    expect(new Set(tried).size).toBe(3);
  });

  test('a POST that reached a pod is not repeated', async () => {
    const first = await rawPod((socket) => socket.resetAndDestroy());
    const second = await rawPod();
    const proxy = await proxyTo([first, second], { retry });
    const text = await proxy.raw('POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
    expect(text).toMatch(/^HTTP\/1\.1 502 /);
    expect(first.received).toContain('POST /');
    expect(second.received).toBe('');
  });

  test('a POST that reached no pod goes to another one, body and all', async () => {
    const dead = await deadPort();
    const pod = await rawPod((socket, received) => {
      if (received.endsWith('hello')) socket.write(OK);
    });
    const proxy = await proxyTo([{ port: dead }, pod], { retry });
    const text = await proxy.raw('POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello');
    expect(text).toContain('200 OK');
  });

  test('a PUT whose body was begun is not repeated', async () => {
    const first = await rawPod((socket, received) => {
      if (received.endsWith('hello')) socket.resetAndDestroy();
    });
    const second = await rawPod();
    const proxy = await proxyTo([first, second], { retry });
    const text = await proxy.raw('PUT / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello');
    expect(text).toMatch(/^HTTP\/1\.1 502 /);
    expect(second.received).toBe('');
  });

  test('listed statuses go to another pod; the last one is passed on', async () => {
    const busy = await rawPod(answering('HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy'));
    const pod = await rawPod();
    const proxy = await proxyTo([busy, pod], { retry: { tries: 2, statuses: [503] } });
    expect(await proxy.raw(bare)).toContain('200 OK');
    proxy.route([busy.port, busy.port], 'weighted-round-robin');
    const text = await proxy.raw(bare);
    expect(text).toMatch(/^HTTP\/1\.1 503 Busy/);
    expect(text.endsWith('busy')).toBe(true);
    await eventually(() => proxy.outstanding.every((it) => it === 0), 'thrown away responses end');
  });
});
