import type { ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { type FakeService, startFakeService, TOKENS } from './testing/fakeService.ts';
import { bodies } from './testing/fuzzBodies.ts';

interface Operation {
  readonly requestBody?: { readonly content: { readonly 'application/json': { readonly schema: object } } };
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: object }>> }>
  >;
  readonly parameters?: readonly {
    readonly in: string;
    readonly name: string;
    readonly schema: { readonly type?: unknown };
  }[];
}

let service: FakeService;
let document: { readonly paths: Record<string, Record<string, Operation>>; readonly components: object };
let ajv: Ajv2020;
beforeAll(async () => {
  service = await startFakeService();
  document = (await (await get('/openapi.json')).json()) as typeof document;
  ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema({ $id: 'openapi', ...document });
});
afterAll(() => service.close());

const get = (path: string) =>
  fetch(`${service.url}/api/v1${path}`, { headers: { authorization: `Bearer ${TOKENS.Admin}` } });

/** A schema of the document, with its references found. */
const compiled = (schema: object): ValidateFunction =>
  ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/components/', '"openapi#/components/')));

const bodyOf = (method: string, path: string): ValidateFunction =>
  compiled(document.paths[`/api/v1${path}`]![method]!.requestBody!.content['application/json'].schema);

/** What the service says of a body, without acting on it. */
function problems(method: string, path: string, body: unknown): string[] {
  const route = service.routes.find((each) => each.method === method && each.path === `/api/v1${path}`)!;
  const parsed = route.body!.safeParse(body);
  return parsed.success ? [] : parsed.error.issues.map(({ message }) => message);
}

const load = { model: 'rate', stages: [{ from: 100, to: 100, durationSeconds: 20 }] };
const users = { model: 'users', users: 10, spawnRate: 1, durationSeconds: 20 };
const saved = (more: object) => ({ scenario: { name: 'x', load, ...more } });
const order = (fault: object) => ({ targetId: 'shop', fault: { forSeconds: 10, ...fault } });
const request = { path: '/', headers: {} };

/** Rules over several fields, each kept in one way and broken in another. */
const RULES: [string, string, string, object, object][] = [
  ['one of two ways to say the scenario', 'post', '/runs', { targetId: 'a', scenarioId: 'b' }, { targetId: 'a' }],
  [
    'not both of them',
    'post',
    '/runs',
    { targetId: 'a', ...saved({}) },
    { targetId: 'a', scenarioId: 'b', ...saved({}) },
  ],
  ['a change changes something', 'patch', '/runs/{id}', { note: '' }, {}],
  [
    'the number of labels',
    'patch',
    '/runs/{id}',
    { labels: { a: '' } },
    { labels: Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`a${i}`, ''])) },
  ],
  ['the names of labels', 'patch', '/runs/{id}', { labels: { 'a.b': '' } }, { labels: { 'a b': '' } }],
  ['unseen characters', 'patch', '/runs/{id}', { note: 'a\nb' }, { note: 'a\u202eb' }],
  ['tags', 'patch', '/runs/{id}', { note: '😀' }, { note: 'a\u{e0041}' }],
  ['names in which something is seen', 'post', '/scenarios', saved({}), saved({ name: ' \u200d' })],
  [
    'a rate above 0',
    'post',
    '/scenarios',
    saved({}),
    saved({ load: { model: 'rate', stages: [{ from: 0, to: 0, durationSeconds: 20 }] } }),
  ],
  [
    'users for connections of users',
    'post',
    '/scenarios',
    saved({ load: users, connections: { policy: 'per-user' } }),
    saved({ connections: { policy: 'per-user' } }),
  ],
  [
    'streams need HTTP/2',
    'post',
    '/scenarios',
    saved({ connections: { policy: 'round-robin', streams: 2, protocol: 'http/2' } }),
    saved({ connections: { policy: 'round-robin', streams: 2 } }),
  ],
  [
    'streams need a pool',
    'post',
    '/scenarios',
    saved({ connections: { policy: 'round-robin', streams: 2, protocol: 'http/2' } }),
    saved({ connections: { policy: 'per-request', streams: 2, protocol: 'http/2' } }),
  ],
  [
    'methods with a body',
    'post',
    '/scenarios',
    saved({ request: { ...request, method: 'PUT', body: 'a' } }),
    saved({ request: { ...request, body: 'a' } }),
  ],
  [
    'in a mix too',
    'post',
    '/scenarios',
    saved({
      mix: [
        { weight: 1, request },
        { weight: 1, request: { ...request, method: 'POST', body: '' } },
      ],
    }),
    saved({
      mix: [
        { weight: 1, request },
        { weight: 1, request: { ...request, method: 'HEAD', body: '' } },
      ],
    }),
  ],
  [
    'a search needs rates',
    'post',
    '/scenarios',
    saved({ breakingPoint: { stepSeconds: 5 } }),
    saved({ load: users, breakingPoint: { stepSeconds: 5 } }),
  ],
  [
    'a search judges by itself',
    'post',
    '/scenarios',
    saved({ breakingPoint: { stepSeconds: 5 }, thresholds: [] }),
    saved({ breakingPoint: { stepSeconds: 5 }, thresholds: [{ metric: 'p99', op: '<', value: 1 }] }),
  ],
  [
    'a search breaks nothing',
    'post',
    '/scenarios',
    saved({ breakingPoint: { stepSeconds: 5 }, faults: [] }),
    saved({
      breakingPoint: { stepSeconds: 5 },
      faults: [{ type: 'partition', severity: 'low', forSeconds: 5, atSecond: 1 }],
    }),
  ],
  [
    'abort needs a window',
    'post',
    '/scenarios',
    saved({ thresholds: [{ metric: 'p99', op: '<', value: 1, abort: true, overSeconds: 5 }] }),
    saved({ thresholds: [{ metric: 'p99', op: '<', value: 1, abort: true }] }),
  ],
  [
    'forSeconds needs a window',
    'post',
    '/scenarios',
    saved({ thresholds: [{ metric: 'p99', op: '<', value: 1, abort: false }] }),
    saved({ thresholds: [{ metric: 'p99', op: '<', value: 1, forSeconds: 5 }] }),
  ],
  [
    'a delay or a severity',
    'post',
    '/faults',
    order({ type: 'latency', delayMs: 100 }),
    order({ type: 'latency', delayMs: 100, severity: 'low' }),
  ],
  ['a share or a severity', 'post', '/faults', order({ type: 'errors', severity: 'low' }), order({ type: 'errors' })],
  [
    'pods or a severity',
    'post',
    '/faults/preview',
    order({ type: 'pod-failure', severity: 'low' }),
    order({ type: 'pod-failure' }),
  ],
  [
    'pods or a severity, cut off',
    'post',
    '/faults',
    order({ type: 'partition', scope: { count: 1 } }),
    order({ type: 'partition', scope: { count: 1 }, severity: 'low' }),
  ],
  [
    'one scope',
    'post',
    '/faults',
    order({ type: 'errors', percent: 5, scope: { count: 1 } }),
    order({ type: 'errors', percent: 5, scope: { count: 1, percent: 10 } }),
  ],
  [
    'some scope',
    'post',
    '/faults',
    order({ type: 'errors', percent: 5, scope: { percent: 10 } }),
    order({ type: 'errors', percent: 5, scope: {} }),
  ],
  [
    'in a plan too',
    'post',
    '/scenarios',
    saved({ faults: [{ type: 'errors', percent: 5, forSeconds: 5, atSecond: 1 }] }),
    saved({ faults: [{ type: 'errors', forSeconds: 5, atSecond: 1 }] }),
  ],
];

it.each(RULES)('the document has the rule of the service: %s', (_, method, path, kept, broken) => {
  const validate = bodyOf(method, path);
  expect(problems(method, path, kept)).toEqual([]);
  expect([validate(kept), validate.errors]).toEqual([true, null]);
  expect(problems(method, path, broken)).not.toEqual([]);
  expect(validate(broken)).toBe(false);
});

/** Rules that no JSON schema can express: sums and comparisons of fields, kinds of numbers, names in any case. */
const BEYOND = [
  /^the stages last/,
  /^must be shorter than the load profile/,
  /^must be before the end of the load profile/,
  /^must not be longer than the load profile/,
  /^must not be above the delay/,
  /^must not be below the streams/,
  /^has no effect beside mix/,
  /connections of \d+ streams make/,
  /^host, connection, content-length/,
  /^must not start with \/\//,
];

function jsonOf(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}

it('refuses in the document what the service refuses, but for what no schema can say, and nothing else', () => {
  for (const route of service.routes.filter(({ body }) => body !== undefined)) {
    const path = route.path.replace('/api/v1', '');
    const validate = bodyOf(route.method, path);
    fc.assert(
      fc.property(bodies, (text) => {
        const body = jsonOf(text);
        fc.pre(body !== undefined);
        const said = problems(route.method, path, body);
        const isBeyond = said.length > 0 && said.every((message) => BEYOND.some((rule) => rule.test(message)));
        if (!isBeyond) expect({ body, said, valid: validate(body) }).toEqual({ body, said, valid: said.length === 0 });
      }),
      { numRuns: 300, seed: 7 }
    );
  }
});

it('says of an answer what is sent: a file in JSON is an object, one in YAML text', async () => {
  const { content } = document.paths['/api/v1/scenarios/{id}/file']!.get!.responses['200']!;
  const json = await (await get('/scenarios/steady/file?format=json')).json();
  const validate = compiled(content!['application/json']!.schema);
  expect([validate(json), validate.errors]).toEqual([true, null]);
  expect(validate('text')).toBe(false);
  expect(content!['application/yaml']!.schema).toEqual({ type: 'string' });
  for (const path of Object.values(document.paths)) {
    for (const { responses } of Object.values(path)) {
      for (const { content: types = {} } of Object.values(responses)) {
        for (const [type, { schema }] of Object.entries(types)) {
          const isText = JSON.stringify(schema) === '{"type":"string"}';
          expect([type, isText]).toEqual([type, !/json|event-stream/.test(type)]);
        }
      }
    }
  }
});

it('lets no number of a query be null, which no query can hold', () => {
  const parameters = Object.values(document.paths).flatMap((methods) =>
    Object.values(methods).flatMap((operation) => operation.parameters ?? [])
  );
  expect(parameters.length).toBeGreaterThan(20);
  expect(parameters.filter(({ schema }) => Array.isArray(schema.type))).toEqual([]);
});
