import { scenarioSchema, widestScenarioSchema } from './scenario.ts';

const USERS = { model: 'users', users: 10, spawnRate: 1, durationSeconds: 20 };
const RATE = { model: 'rate', stages: [{ from: 1, to: 1, durationSeconds: 20 }] };
const parse = (fields: object) => scenarioSchema.parse({ name: 'a', load: RATE, ...fields });

describe('headers', () => {
  const read = (headers: unknown) => parse({ request: { headers } }).request.headers;

  test.each([
    [
      { a: '1', b: '2' },
      [
        ['a', '1'],
        ['b', '2'],
      ],
    ],
    [
      { a: ['1', '2'], A: '3' },
      [
        ['a', '1'],
        ['a', '2'],
        ['A', '3'],
      ],
    ],
    [
      [
        ['a', '1'],
        ['b', '2'],
        ['a', '3'],
      ],
      [
        ['a', '1'],
        ['b', '2'],
        ['a', '3'],
      ],
    ],
    [{ a: ' \t1 2\t ' }, [['a', '1 2']]],
    [{ a: '\u00a01' }, [['a', '\u00a01']]],
    [{}, []],
    [[], []],
    [undefined, []],
  ])('%j', (written, stored) => {
    expect(read(written)).toEqual(stored);
    expect(read(read(written))).toEqual(stored);
  });

  test('a scenario that was stored with a map of headers, a path and a policy means what it meant', () => {
    const stored = {
      load: RATE,
      request: { method: 'GET', path: '/', headers: { accept: 'a' }, body: null, timeoutMs: 10_000 },
      connections: {
        policy: 'round-robin',
        count: 100,
        protocol: 'http/1.1',
        streams: 1,
        maxRequests: null,
        maxAgeSeconds: null,
      },
    };
    expect(widestScenarioSchema.parse({ name: 'a', ...stored })).toMatchObject({
      request: { path: '/', headers: [['accept', 'a']] },
      connections: { policy: 'round-robin' },
    });
    // The unused request of a mix was stored in full.
    const request = { method: 'GET', path: '/', headers: {}, body: null, timeoutMs: 10_000 };
    const mix = [1, 2].map((weight) => ({ weight, request: { path: `/${weight}` } }));
    expect(widestScenarioSchema.safeParse({ name: 'a', load: RATE, request, mix }).success).toBe(true);
  });
});

describe('who shares a connection when nobody says', () => {
  test.each([
    [USERS, undefined, 'per-user'],
    [RATE, undefined, 'round-robin'],
    [USERS, { count: 20 }, 'per-user'],
    [RATE, { count: 20 }, 'round-robin'],
    [USERS, { policy: 'round-robin' }, 'round-robin'],
    [USERS, { policy: 'per-request' }, 'per-request'],
    [RATE, { policy: 'per-request' }, 'per-request'],
  ])('%j with %j: %s', (load, connections, policy) => {
    expect(parse({ load, ...(connections ? { connections } : {}) }).connections.policy).toBe(policy);
  });

  test('several requests at once over a connection of a user are refused, said or not', () => {
    const connections = { protocol: 'http/2', streams: 4 };
    expect(() => parse({ load: USERS, connections })).toThrow('per-user has one at a time');
  });
});

test('without a path a request has that of the target', () => {
  expect(parse({}).request.path).toBeNull();
  expect(parse({ request: {} }).request.path).toBeNull();
  expect(parse({ request: { path: '/' } }).request.path).toBe('/');
});
