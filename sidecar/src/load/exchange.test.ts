import type { ConnectionSettings } from '@evenkeel/contract/scenario';
import { UserSchedule } from '@evenkeel/core/schedule/userSchedule';
import { ClosedDriver } from './closedDriver.ts';
import { Exchange } from './exchange.ts';
import { OUTCOME_INDEX } from './failureOutcome.ts';
import { PodAttribution } from './podAttribution.ts';
import type { Connection, ConnectionEvents, Transport } from './transport.ts';

/** A transport in which the test plays the target. */
class ScriptedTransport implements Transport {
  readonly sends: { events: ConnectionEvents; last: boolean }[] = [];
  disconnects = 0;

  connection(events: ConnectionEvents): Connection {
    return {
      send: (_request, last) => {
        this.sends.push({ events, last });
      },
      disconnect: () => {
        this.disconnects++;
      },
    };
  }
}

const KEEP: ConnectionSettings = { policy: 'round-robin', count: 2, maxRequests: null, maxAgeSeconds: null };

function setUp(connections: Partial<ConnectionSettings> = {}) {
  const transport = new ScriptedTransport();
  const clock = { now: 0 };
  const exchange = new Exchange(
    transport,
    new PodAttribution([], true, true),
    { connections: { ...KEEP, ...connections }, timeoutsMs: [1000], measuredFromMs: 0 },
    () => clock.now
  );
  return { transport, clock, exchange, counters: exchange.counters };
}

describe('Exchange', () => {
  test('response, service time and lateness are counted from their own beginnings', () => {
    const { clock, exchange, transport, counters } = setUp();
    const [channel] = exchange.channels(1);
    clock.now = 5;
    exchange.send(channel!, -1, 2, 2);
    transport.sends[0]!.events.connected();
    clock.now = 25;
    transport.sends[0]!.events.responded(200, 'a', '', true);
    expect([counters.response.sum, counters.service.sum, counters.lateness.sum]).toEqual([23_000, 20_000, 3000]);
    expect([counters.sent, exchange.inFlight, exchange.openConnections]).toEqual([1, 0, 1]);
  });

  test('a request that this machine could not send is dropped and not an outcome', () => {
    const { exchange, transport, counters } = setUp();
    const [channel] = exchange.channels(1);
    exchange.send(channel!, -1, 0, 0);
    transport.sends[0]!.events.refusedLocally('EMFILE');
    expect([counters.sent, counters.dropped, [...counters.faults]]).toEqual([0, 1, [['EMFILE', 1]]]);
    expect(counters.outcomes.every((count) => count === 0)).toBe(true);
    expect(counters.response.count).toBe(0);
    expect(exchange.inFlight).toBe(0);
  });

  test('time runs out from the intended time on: connect before there is a connection, timeout behind it', () => {
    const { clock, exchange, transport, counters } = setUp();
    const [first, second, third] = exchange.channels(3);
    exchange.send(first!, -1, 0, 0);
    exchange.send(second!, -1, 100, 100);
    exchange.send(third!, -1, 300, 300);
    transport.sends[1]!.events.connected();
    clock.now = 1100;
    exchange.expire(999);
    expect(exchange.inFlight).toBe(3);
    exchange.expire(1100);
    expect([counters.outcomes[OUTCOME_INDEX.connect], counters.outcomes[OUTCOME_INDEX.timeout]]).toEqual([1, 1]);
    expect(exchange.inFlight).toBe(1);
    expect(counters.response.max).toBe(1_100_000);
    expect(exchange.openConnections).toBe(0);
  });

  test('maxRequests: the last request over a connection says so, and the next one opens another', () => {
    const { exchange, transport, counters } = setUp({ maxRequests: 2 });
    const [channel] = exchange.channels(1);
    for (let i = 0; i < 5; i++) {
      exchange.send(channel!, -1, 0, 0);
      const { events } = transport.sends.at(-1)!;
      if (i % 2 === 0) events.connected();
      events.responded(200, 'a', '', true);
    }
    expect(transport.sends.map(({ last }) => last)).toEqual([false, true, false, true, false]);
    expect([counters.connectionsOpened, transport.disconnects]).toEqual([3, 2]);
    expect(exchange.spread.summary()).toMatchObject({ connections: 3, reused: 2 });
  });

  test('maxAgeSeconds: an aged connection is replaced at its next use, or right behind a response', () => {
    const { clock, exchange, transport } = setUp({ maxAgeSeconds: 1 });
    const [channel] = exchange.channels(1);
    const request = (at: number, answeredAt: number) => {
      clock.now = at;
      const before = transport.disconnects;
      exchange.send(channel!, -1, at, at);
      const replaced = transport.disconnects > before;
      if (!channel!.open) transport.sends.at(-1)!.events.connected();
      clock.now = answeredAt;
      transport.sends.at(-1)!.events.responded(200, 'a', '', true);
      return [replaced, channel!.open];
    };
    expect(request(0, 10)).toEqual([false, true]);
    expect(request(1500, 1510)).toEqual([true, true]);
    expect(request(2000, 2600)).toEqual([false, false]);
  });

  test('requests meant for the warm-up are not in the spread', () => {
    const transport = new ScriptedTransport();
    const settings = { connections: KEEP, timeoutsMs: [1000], measuredFromMs: 50 };
    const exchange = new Exchange(transport, new PodAttribution([], true, true), settings, () => 60);
    const [channel] = exchange.channels(1);
    for (const intended of [49, 50]) {
      exchange.send(channel!, -1, intended, intended);
      transport.sends.at(-1)!.events.responded(200, 'a', '', true);
    }
    expect(exchange.spread.n).toBe(1);
  });
});

describe('ClosedDriver', () => {
  function driving(users: number, sharedConnections: number | null, thinkTimeMs = 0) {
    const parts = setUp();
    const driver = new ClosedDriver(parts.exchange, {
      schedule: new UserSchedule({ users, spawnRate: 1000, durationSeconds: 10 }),
      worker: 0,
      workers: 1,
      thinkTimeMs,
      timeoutMs: 1000,
      sharedConnections,
    });
    return { ...parts, driver };
  }

  test('a user waits in line for a shared connection; only the response time has the wait', () => {
    const { driver, transport, clock, counters } = driving(2, 1, 500);
    clock.now = 1;
    driver.advance(1);
    expect(transport.sends).toHaveLength(1);
    clock.now = 41;
    transport.sends[0]!.events.responded(200, 'a', '', true);
    expect(transport.sends).toHaveLength(2);
    clock.now = 51;
    transport.sends[1]!.events.responded(200, 'a', '', true);
    // The second user came at 1 ms, was sent at 41 ms and answered at 51 ms.
    expect([counters.response.max, counters.service.max]).toEqual([50_000, 40_000]);
    expect(counters.lateness.max).toBe(1000);
  });

  test('a user who waits for longer than the timeout gives up, which is a dropped request', () => {
    const { driver, transport, counters } = driving(2, 1, 500);
    driver.advance(1);
    driver.advance(1001);
    expect([counters.offered, counters.dropped, counters.sent]).toEqual([2, 1, 1]);
    expect(transport.sends).toHaveLength(1);
  });

  test('who cannot connect pauses; who got a response thinks', () => {
    const { driver, transport, clock } = driving(2, null, 40);
    clock.now = 1;
    driver.advance(1);
    transport.sends[0]!.events.failed(OUTCOME_INDEX.connect);
    transport.sends[1]!.events.responded(200, 'a', '', true);
    const at = (now: number) => {
      clock.now = now;
      driver.advance(now);
      return transport.sends.length;
    };
    expect([at(40), at(41), at(100), at(101)]).toEqual([2, 3, 3, 4]);
  });

  test('behind stop() nobody sends', () => {
    const { driver, transport } = driving(3, 1);
    driver.advance(5);
    driver.stop();
    transport.sends[0]!.events.responded(200, 'a', '', true);
    driver.advance(5000);
    expect(transport.sends).toHaveLength(1);
    expect(driver.users).toBe(0);
  });
});
