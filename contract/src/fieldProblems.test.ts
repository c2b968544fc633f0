import { fieldProblems } from './fieldProblems.ts';
import { WIDEST_LIMITS } from './limits.ts';
import { scenarioSchema, scenarioSchemaFor } from './scenario.ts';

const USERS = { model: 'users', users: 50, spawnRate: 10, durationSeconds: 60 };
const RATE = { model: 'rate', stages: [{ from: 10, to: 10, durationSeconds: 30 }] };

function problems(input: unknown, schema = scenarioSchema): string[] {
  const parsed = schema.safeParse(input);
  if (parsed.success) return [];
  return fieldProblems(schema, parsed.error, input).map(({ field, message }) => `${field}: ${message}`);
}

it.each<[object, string]>([
  [{ load: { ...USERS, users: 5 } }, 'load.users: 5 is below 10 (allowed 10 to 1000)'],
  [{ load: { ...USERS, users: 1001 } }, 'load.users: 1001 is above 1000 (allowed 10 to 1000)'],
  [{ load: { ...USERS, users: 10.5 } }, 'load.users: 10.5 is not a whole number (allowed 10 to 1000)'],
  [{ load: { ...USERS, users: 'ten' } }, 'load.users: "ten" is not a number (allowed 10 to 1000)'],
  [{ load: { ...USERS, users: undefined } }, 'load.users: is missing (allowed 10 to 1000)'],
  [{ load: { ...USERS, durationSeconds: '60s' } }, 'load.durationSeconds: "60s" is not a number (allowed 10 to 600)'],
  [{ load: { ...USERS, usres: 1 } }, 'load.usres: unknown field; did you mean users?'],
  [
    { load: { ...USERS, rps: 1 } },
    'load.rps: unknown field; known here are model, users, spawnRate, durationSeconds, thinkTimeMs',
  ],
  [{ load: { ...USERS, model: 'closed' } }, 'load.model: "closed" is not one of users, rate'],
  [{ load: {} }, 'load.model: is missing (allowed users, rate)'],
  [{ load: [] }, 'load: a list is not a group of fields'],
  [{ load: undefined }, 'load: is missing'],
  [
    { load: { ...RATE, stages: [...RATE.stages, { from: 1, to: 20_001, durationSeconds: 5 }] } },
    'load.stages.1.to: 20001 is above 20000 (allowed 0 to 20000)',
  ],
  [{ kind: 'spiky' }, 'kind: "spiky" is not one of high-traffic, spike, sustained, gradual-ramp, custom'],
  [{ name: '' }, 'name: has 0 characters, fewer than 1 (allowed 1 to 100 characters)'],
  [{ request: { path: 'x' } }, 'request.path: "x" must start with /'],
  [{ request: { headers: { 'a b': 'c' } } }, 'request.headers["a b"]: the name must be an HTTP header name'],
  [
    { request: { headers: { a: 1 } } },
    'request.headers.a: the value must be text (put it in quotes), or a list of texts',
  ],
  [
    { connections: { policy: 'per-request', maxRequests: 0 } },
    'connections.maxRequests: 0 is below 1 (allowed 1 to 1000000)',
  ],
  [{ thresholds: [{ metric: 'p99', op: '<', value: -1 }] }, 'thresholds.0.value: -1 is below 0 (allowed 0 to 1000000)'],
  [{ faults: [{ type: 'flood' }] }, 'faults.0.type: "flood" is not one of latency, errors, pod-failure, partition'],
  [
    { faults: [{ type: 'latency', delayMs: 49, atSecond: 1, forSeconds: 5 }] },
    'faults.0.delayMs: 49 is below 50 (allowed 50 to 1000)',
  ],
])('%j', (fields, expected) => {
  expect(problems({ name: 'a', load: USERS, ...fields })).toEqual([expected]);
});

it('knows the limits of the schema at hand', () => {
  const input = { name: 'a', load: { ...USERS, users: 0 } };
  expect(problems(input, scenarioSchemaFor(WIDEST_LIMITS))).toEqual(['load.users: 0 is below 1 (allowed 1 to 10000)']);
});

it('names every field that is wrong, not only the first', () => {
  expect(problems({ load: { ...USERS, users: 1, spawnRate: 1000 } })).toEqual([
    'name: is missing (allowed 1 to 100 characters)',
    'load.users: 1 is below 10 (allowed 10 to 1000)',
    'load.spawnRate: 1000 is above 100 (allowed 1 to 100)',
  ]);
});

it('refuses what is no group of fields at all', () => {
  expect(problems(null)).toEqual([': null is not a group of fields']);
});

it('shows what was given without what would steer a terminal', () => {
  expect(problems({ name: 'a', load: USERS, request: { path: 'a\x7f\x9b2J\u202eb' } })).toEqual([
    'request.path: "a\\u007f\\u009b2J\\u202eb" must hold no blanks or control characters in its path or query: U+007F is written %7F',
  ]);
});

it('of headers as a list, says which of name and value is wrong', () => {
  const headers = [
    ['a', 'b\n'],
    ['a b', 'c'],
  ];
  expect(problems({ name: 'a', load: USERS, request: { headers } })).toEqual([
    'request.headers.0.1: the value must hold no control characters',
    'request.headers.1.0: the name must be an HTTP header name',
  ]);
});
