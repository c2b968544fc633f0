import { eventually } from '../testing/eventually.ts';
import { PassiveEjection } from './passiveEjection.ts';
import { closeAll, proxyTo, rawPod } from './testing/perTest.ts';
import { answering, OK } from './testing/proxyUnderTest.ts';

afterEach(closeAll);

describe('ejection', () => {
  const ejection = { maxFails: 2, failTimeoutMs: 60_000, statuses: [500] };
  const bare = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';

  test('leaves a failing pod out', async () => {
    const bad = await rawPod(answering('HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n'));
    const good = await rawPod();
    const proxy = await proxyTo([bad, good], { ejection });
    const statuses = async (n: number) => {
      const seen: string[] = [];
      for (let i = 0; i < n; i++) seen.push((await proxy.raw(bare)).slice(9, 12));
      return seen;
    };
    expect((await statuses(4)).sort()).toEqual(['200', '200', '500', '500']);
    expect(await statuses(10)).toEqual(new Array(10).fill('200'));
    expect(proxy.table.counts()[0]!.ejected).toBe(true);
  });

  test('tries it again when its time is over, and takes it back when that succeeds', async () => {
    let broken = true;
    const bad = await rawPod((socket) => {
      socket.write(broken ? 'HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n' : OK);
    });
    const good = await rawPod();
    const proxy = await proxyTo([bad, good], { ejection: { ...ejection, maxFails: 1, failTimeoutMs: 200 } });
    const first = () => proxy.table.counts()[0]!;
    const failures = (n: number) => async () => {
      await proxy.raw(bare);
      return first().failures >= n;
    };
    await eventually(failures(1), 'it fails');
    await eventually(failures(3), 'its trials fail');
    expect(first().failures).toBe(3);
    broken = false;
    const before = first().decisions;
    await eventually(async () => {
      await proxy.raw(bare);
      return first().decisions >= before + 3;
    }, 'it is back');
    expect(first()).toMatchObject({ ejected: false, failures: 3 });
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

describe('the clock of an ejection', () => {
  const settings = { maxFails: 2, failTimeoutMs: 100, statuses: [] };
  const started = () => new PassiveEjection(settings, 1);

  test('failures count within the time only, from the first one on', () => {
    const ejection = started();
    expect([ejection.failed(0, 50), ejection.failed(0, 151), ejection.isOut(0)]).toEqual([false, false, false]);
    expect([ejection.failed(0, 251), ejection.isOut(0)]).toEqual([true, true]);
  });

  test('a single request tries the pod when its time is over; older ones say nothing', () => {
    const ejection = started();
    ejection.failed(0, 0);
    ejection.failed(0, 10);
    expect([ejection.advance(109), ejection.isOut(0)]).toEqual([false, true]);
    expect([ejection.advance(110), ejection.isOut(0)]).toEqual([true, false]);
    // Sent on trial: nobody else may be sent until it is known how that went.
    expect([ejection.picked(0, 120), ejection.isOut(0)]).toEqual([true, true]);
    expect([ejection.succeeded(0, 5), ejection.isOut(0)]).toEqual([false, true]);
    expect([ejection.succeeded(0, 120), ejection.isOut(0)]).toEqual([true, false]);
    expect([ejection.failed(0, 130), ejection.isOut(0)]).toEqual([false, false]);
  });

  test('a trial without an answer is over after the same time', () => {
    const ejection = started();
    ejection.failed(0, 0);
    ejection.failed(0, 0);
    ejection.advance(100);
    ejection.picked(0, 100);
    expect([ejection.advance(199), ejection.advance(200)]).toEqual([false, true]);
  });
});
