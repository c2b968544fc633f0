import { eventually } from '../testing/eventually.ts';
import { closeAll, proxyTo, rawPod } from './testing/perTest.ts';
import { answering, OK } from './testing/proxyUnderTest.ts';

afterEach(closeAll);

describe('ejection', () => {
  const ejection = { maxFails: 2, failTimeoutMs: 1000, statuses: [500] };
  const bare = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';

  test('leaves a failing pod out until a trial request succeeds', async () => {
    let broken = true;
    const bad = await rawPod((socket) => {
      socket.write(broken ? 'HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n' : OK);
    });
    const good = await rawPod();
    const proxy = await proxyTo([bad, good], { ejection: { ...ejection, failTimeoutMs: 300 } });
    const statuses = async (n: number) => {
      const seen: string[] = [];
      for (let i = 0; i < n; i++) seen.push((await proxy.raw(bare)).slice(9, 12));
      return seen;
    };
    expect((await statuses(4)).sort()).toEqual(['200', '200', '500', '500']);
    expect(await statuses(10)).toEqual(new Array(10).fill('200'));
    expect(proxy.table.counts()[0]!.ejected).toBe(true);
    await eventually(() => !proxy.table.counts()[0]!.ejected, 'the time is over');
    // The trial fails: one request, then out again.
    expect((await statuses(6)).filter((status) => status === '500')).toHaveLength(1);
    broken = false;
    await eventually(() => !proxy.table.counts()[0]!.ejected, 'the time is over');
    await statuses(10);
    expect(proxy.table.counts()[0]!.decisions).toBeGreaterThanOrEqual(3 + 4);
  });

  test('never leaves out the last pod', async () => {
    const bad = await rawPod(answering('HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n'));
    const proxy = await proxyTo([bad], { ejection });
    for (let i = 0; i < 5; i++) expect(await proxy.raw(bare)).toMatch(/^HTTP\/1\.1 500 /);
  });

  test('switched off, a failing pod keeps its share', async () => {
    const bad = await rawPod(answering('HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n'));
    const good = await rawPod();
    const proxy = await proxyTo([bad, good]);
    for (let i = 0; i < 10; i++) await proxy.raw(bare);
    expect(proxy.table.counts().map(({ decisions }) => decisions)).toEqual([5, 5]);
  });
});
