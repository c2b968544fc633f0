import type { ConnectionSettings } from '@evenkeel/contract/scenario';
import { UserSchedule } from '@evenkeel/core/schedule/userSchedule';
import { ClosedDriver } from './closedDriver.ts';
import { Exchange } from './exchange.ts';
import { OUTCOME_INDEX } from './failures.ts';
import { PodAttribution } from './podAttribution.ts';
import type { Connection, ConnectionEvents, Transport } from './transport.ts';

/** One virtual connection of the transport below. */
class ScriptedConnection implements Connection {
  readonly events: ConnectionEvents;
  readonly #sends: Send[];
  open = false;
  retired = 0;

  constructor(events: ConnectionEvents, sends: Send[]) {
    this.events = events;
    this.#sends = sends;
  }

  connect(): void {
    this.open = true;
    this.events.connected();
  }

  respond(slot = 0): void {
    if (!this.open) this.connect();
    this.events.responded(slot, 200, 'a', '');
  }

  send(slot: number, _request: number, last: boolean): void {
    this.#sends.push({ connection: this, slot, last });
  }

  abandon(): void {
    this.close();
  }

  retire(): void {
    this.retired++;
    this.close();
  }

  addressOf(): number {
    return 0;
  }

  close(): void {
    if (this.open) this.events.closed();
    this.open = false;
  }
}

interface Send {
  readonly connection: ScriptedConnection;
  readonly slot: number;
  readonly last: boolean;
}

/** A transport in which the test plays the target. */
class ScriptedTransport implements Transport {
  readonly sends: Send[] = [];

  connection(events: ConnectionEvents): ScriptedConnection {
    return new ScriptedConnection(events, this.sends);
  }

  statusLine(status: number): string {
    return `HTTP/1.1 ${status} Said`;
  }
}

const KEEP: ConnectionSettings = {
  policy: 'round-robin',
  count: 2,
  protocol: 'http/1.1',
  streams: 1,
  maxRequests: null,
  maxAgeSeconds: null,
  maxHeadBytes: 16_384,
};

const REQUEST = { method: 'GET', timeoutMs: 1000, expect: ['2xx', '3xx'] } as const;
/** One plain request to a target with one address. */
const ONE = { requests: [{ ...REQUEST, expect: [...REQUEST.expect] }], addresses: 1, measuredFromMs: 0 };

function setUp(connections: Partial<ConnectionSettings> = {}) {
  const transport = new ScriptedTransport();
  const clock = { now: 0 };
  const exchange = new Exchange(
    transport,
    new PodAttribution([], true, true),
    { ...ONE, connections: { ...KEEP, ...connections } },
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
    transport.sends[0]!.connection.connect();
    clock.now = 25;
    transport.sends[0]!.connection.respond();
    expect([counters.response.sum, counters.service.sum, counters.lateness.sum]).toEqual([23_000, 20_000, 3000]);
    expect([counters.sent, exchange.inFlight, exchange.openConnections]).toEqual([1, 0, 1]);
  });

  test('a request that meets the end of a reused connection goes out once more, with its own intended time', () => {
    const { clock, exchange, transport, counters } = setUp();
    const [channel] = exchange.channels(1);
    exchange.send(channel!, -1, 0, 0);
    const { connection } = transport.sends[0]!;
    connection.respond();
    exchange.send(channel!, -1, 5, 5);
    clock.now = 8;
    connection.close();
    connection.events.failed(0, 'closed', 'the target ended the connection');
    expect([transport.sends.length, counters.resent, counters.sent, exchange.inFlight]).toEqual([3, 1, 2, 1]);
    clock.now = 20;
    connection.respond();
    expect([counters.response.sum, counters.service.sum]).toEqual([15_000, 12_000]);
    // Once: the second time it is the target's answer.
    exchange.send(channel!, -1, 20, 20);
    connection.close();
    connection.events.failed(0, 'closed', '');
    connection.connect();
    connection.respond();
    exchange.send(channel!, -1, 20, 20);
    for (let i = 0; i < 2; i++) {
      connection.close();
      connection.events.failed(0, 'closed', '');
    }
    expect([counters.resent, counters.outcomes[OUTCOME_INDEX.reset], exchange.inFlight]).toEqual([3, 1, 0]);
  });

  test.each([
    ['on its first request', 'closed', false],
    ['within an answer', 'cut-short', true],
    ['for another reason', 'not-http', true],
  ] as const)('a connection that ends %s costs the request', (_when, failure, reused) => {
    const { exchange, transport, counters } = setUp();
    const [channel] = exchange.channels(1);
    exchange.send(channel!, -1, 0, 0);
    const { connection } = transport.sends[0]!;
    connection.connect();
    if (reused) {
      connection.respond();
      exchange.send(channel!, -1, 0, 0);
    }
    connection.close();
    connection.events.failed(0, failure, 'x');
    expect([counters.resent, exchange.inFlight, transport.sends.length]).toEqual([0, 0, reused ? 2 : 1]);
  });

  test('what is cancelled counts in the times with its age', () => {
    const { clock, exchange, counters } = setUp();
    const channels = exchange.channels(2);
    exchange.send(channels[0]!, -1, 0, 0);
    clock.now = 30;
    exchange.send(channels[1]!, -1, 20, 20);
    clock.now = 50;
    exchange.cancel();
    expect([counters.cancelled, counters.response.sum, counters.service.sum]).toEqual([2, 80_000, 70_000]);
    expect(counters.outcomes.every((count) => count === 0)).toBe(true);
  });

  test('a request that this machine could not send is dropped and not an outcome', () => {
    const { exchange, transport, counters } = setUp();
    const [channel] = exchange.channels(1);
    exchange.send(channel!, -1, 0, 0);
    transport.sends[0]!.connection.events.refusedLocally(0, 'EMFILE');
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
    transport.sends[1]!.connection.connect();
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
      const { connection } = transport.sends.at(-1)!;
      if (i % 2 === 0) connection.connect();
      connection.respond();
    }
    expect(transport.sends.map(({ last }) => last)).toEqual([false, true, false, true, false]);
    expect([counters.connectionsOpened, transport.sends[0]!.connection.retired]).toEqual([3, 2]);
    expect(exchange.spread.summary()).toMatchObject({ connections: 3, reused: 2 });
  });

  test('maxAgeSeconds: an aged connection is replaced at its next use, or right behind a response', () => {
    const { clock, exchange, transport } = setUp({ maxAgeSeconds: 1 });
    const [channel] = exchange.channels(1);
    const request = (at: number, answeredAt: number) => {
      clock.now = at;
      const before = transport.sends.at(-1)?.connection.retired ?? 0;
      exchange.send(channel!, -1, at, at);
      const { connection } = transport.sends.at(-1)!;
      const replaced = connection.retired > before;
      if (!connection.open) connection.connect();
      clock.now = answeredAt;
      transport.sends.at(-1)!.connection.respond();
      return [replaced, connection.open];
    };
    expect(request(0, 10)).toEqual([false, true]);
    expect(request(1500, 1510)).toEqual([true, true]);
    expect(request(2000, 2600)).toEqual([false, false]);
  });

  test('a retry away from an address that is no known pod leaves a decision without a pod', () => {
    const { exchange, transport, counters } = setUp();
    const [channel] = exchange.channels(1);
    exchange.send(channel!, -1, 0, 0);
    const { connection } = transport.sends[0]!;
    connection.connect();
    connection.events.responded(0, 200, 'a', '10.0.0.9:80, 10.0.0.1:80');
    expect([counters.unattributed, counters.retried, counters.balancerErrors]).toEqual([1, 1, 0]);
  });

  test('requests meant for the warm-up are not in the spread', () => {
    const transport = new ScriptedTransport();
    const settings = { ...ONE, connections: KEEP, measuredFromMs: 50 };
    const exchange = new Exchange(transport, new PodAttribution([], true, true), settings, () => 60);
    const [channel] = exchange.channels(1);
    for (const intended of [49, 50]) {
      exchange.send(channel!, -1, intended, intended);
      if (intended === 49) transport.sends[0]!.connection.connect();
      transport.sends.at(-1)!.connection.respond();
    }
    expect(exchange.spread.n).toBe(1);
  });
});

describe('an Exchange over connections of several streams', () => {
  const STREAMS: Partial<ConnectionSettings> = { protocol: 'http/2', streams: 2 };

  test('channels in turn lie on different connections; a connection is counted once', () => {
    const { exchange, transport } = setUp(STREAMS);
    const channels = exchange.channels(2);
    expect(channels.map(({ index, slot }) => [index, slot])).toEqual([
      [0, 0],
      [1, 0],
      [2, 1],
      [3, 1],
    ]);
    for (const channel of channels) exchange.send(channel, -1, 0, 0);
    const [first, second] = transport.sends.map(({ connection }) => connection);
    expect(transport.sends.map(({ connection }) => connection)).toEqual([first, second, first, second]);
    first!.connect();
    second!.connect();
    for (const { connection, slot } of transport.sends) connection.respond(slot);
    expect(exchange.openConnections).toBe(2);
    expect(exchange.spread.summary()).toMatchObject({ connections: 2, reused: 2, pinned: 2 });
  });

  test('a retired connection finishes what is in flight, and its responses stay its own', () => {
    const { exchange, transport } = setUp({ ...STREAMS, maxRequests: 2 });
    const [a, b] = exchange.channels(1);
    exchange.send(a!, -1, 0, 0);
    exchange.send(b!, -1, 0, 0);
    const { connection } = transport.sends[0]!;
    connection.connect();
    connection.respond(0);
    expect([connection.retired, exchange.openConnections]).toEqual([1, 0]);
    exchange.send(a!, -1, 0, 0);
    connection.connect();
    connection.respond(1);
    connection.respond(0);
    expect([exchange.openConnections, exchange.counters.connectionsOpened]).toEqual([1, 2]);
    expect(exchange.spread.summary()).toMatchObject({ connections: 2, reused: 1 });
  });

  test('what the peer did not process goes out again with its own time, at most three times', () => {
    const { clock, exchange, transport, counters } = setUp(STREAMS);
    const [channel] = exchange.channels(1);
    exchange.send(channel!, -1, 0, 0);
    const { connection } = transport.sends[0]!;
    connection.connect();
    for (let repeat = 1; repeat <= 3; repeat++) {
      connection.events.unprocessed(0);
      expect(transport.sends).toHaveLength(1 + repeat);
    }
    clock.now = 40;
    connection.events.unprocessed(0);
    expect([counters.sent, counters.outcomes[OUTCOME_INDEX.reset], counters.response.max]).toEqual([1, 1, 40_000]);
    expect(exchange.inFlight).toBe(0);
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
    transport.sends[0]!.connection.respond();
    expect(transport.sends).toHaveLength(2);
    clock.now = 51;
    transport.sends[1]!.connection.respond();
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
    transport.sends[0]!.connection.events.failed(0, 'connect-refused', 'nothing listens');
    transport.sends[1]!.connection.respond();
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
    transport.sends[0]!.connection.respond();
    driver.advance(5000);
    expect(transport.sends).toHaveLength(1);
    expect(driver.users).toBe(0);
  });
});
