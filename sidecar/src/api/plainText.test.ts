import { type FakeService, startFakeService, TOKENS } from './testing/fakeService.ts';

let service: FakeService;
beforeAll(async () => {
  service = await startFakeService();
});
afterAll(() => service.close());

const load = { model: 'rate', stages: [{ from: 100, to: 100, durationSeconds: 20 }] };
const scenario = (more: object) => ({ scenario: { name: 'Fine', load, ...more } });

/** Every place at which a person's text comes in: verb, path, body, and the field that is refused. */
const ENTRIES: [string, string, (text: string) => object, string][] = [
  ['POST', '/scenarios', (text) => scenario({ name: text }), 'body.scenario.name'],
  ['POST', '/scenarios', (text) => scenario({ description: text }), 'body.scenario.description'],
  ['PUT', '/scenarios/mine', (text) => scenario({ name: text }), 'body.scenario.name'],
  ['POST', '/scenarios/import', (text) => ({ text: JSON.stringify({ name: text, load }) }), 'name'],
  ['POST', '/scenarios/steady/duplicate', (text) => ({ name: text }), 'body.name'],
  ['POST', '/runs', (text) => ({ targetId: 'shop', scenarioId: 'steady', note: text }), 'body.note'],
  ['POST', '/runs', (text) => ({ targetId: 'shop', scenarioId: 'steady', labels: { a: text } }), 'body.labels.a'],
  ['POST', '/runs', (text) => ({ targetId: 'shop', ...scenario({ name: text }) }), 'body.scenario.name'],
  ['PATCH', '/runs/run-1', (text) => ({ note: text }), 'body.note'],
  ['PATCH', '/runs/run-1', (text) => ({ labels: { a: text } }), 'body.labels.a'],
  ['POST', '/safety/release', (text) => ({ reason: text }), 'body.reason'],
];

const UNSEEN = [
  '\u0000',
  '\u0007',
  '\u001b',
  '\u007f',
  '\u009b',
  '\u061c',
  '\u200b',
  '\u200f',
  '\u202e',
  '\u2066',
  '\ufeff',
  '\ud800',
  '\u{e0041}',
];
/** Not refused for what they say: the reason is kept in a form that can be read. */
const STOPS = ['/safety/stop-all', '/safety/stop-all-as-editor'];

const send = (method: string, path: string, body: object) =>
  fetch(`${service.url}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${TOKENS.Admin}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

it.each(ENTRIES)('%s %s takes no unseen characters in %3$s', async (method, path, body, field) => {
  for (const character of UNSEEN) {
    const response = await send(method, path, body(`a${character}b`));
    expect(response.status).toBe(400);
    const text = await response.text();
    const { errors } = JSON.parse(text) as { errors: { field: string }[] };
    expect(errors.map((error) => error.field)).toEqual([field]);
    // What is refused is not shown as it came.
    expect(text).not.toContain(character);
  }
});

it.each(STOPS)('POST %s keeps no unseen characters in its reason', async (path) => {
  for (const character of UNSEEN) {
    const text = await (await send('POST', path, { reason: `a${character}b` })).text();
    const { reason } = (JSON.parse(text) as { safety: { reason: string } }).safety;
    expect(reason).toMatch(/^a(\\u[0-9a-f]{4}|\\U000e0041|\ufffd)b$/);
  }
});

it.each(ENTRIES.filter(([, , , field]) => /name$/.test(field)))(
  '%s %s takes no name in which nothing is seen',
  async (...entry) => {
    const [method, path, body, field] = entry;
    for (const name of [' ', '\u00a0\u3000', '\u200d', '\u2800', '\u3164', '\u{e0001}']) {
      const response = await send(method, path, body(name));
      const { errors } = (await response.json()) as { errors: { field: string }[] };
      expect([response.status, errors.map((error) => error.field)]).toEqual([400, [field]]);
    }
  }
);

const RAW = /[\p{Cc}\u200b\u2028-\u202e\ufeff]|\p{Surrogate}/u;

it.each<[string, string, string, string, string]>([
  ['a label that would be lost', 'PATCH', '/runs/run-1', '{"labels":{"__proto__":"x"}}', 'body.labels.__proto__'],
  [
    'a header that would be lost',
    'POST',
    '/scenarios',
    '{"scenario":{"request":{"headers":{"__proto__":"x"}}}}',
    'body.scenario.request.headers.__proto__',
  ],
  ['a field that would be lost', 'PATCH', '/runs/run-1', '{"__proto__":{"note":"x"}}', 'body.__proto__'],
  [
    'a field within a list',
    'POST',
    '/runs',
    '{"scenario":{"thresholds":[{"__proto__":1}]}}',
    'body.scenario.thresholds.0.__proto__',
  ],
  ['a field with a tab', 'PATCH', '/runs/run-1', '{"note":"","k\\t":1}', 'body.k\\u0009'],
  ['a field with a line break', 'PATCH', '/runs/run-1', '{"note":"","k\\n\\u202e":1}', 'body.k\\u000a\\u202e'],
  [
    'a field cut at an emoji',
    'PATCH',
    '/runs/run-1',
    `{"note":"","${'k'.repeat(99)}😀z":1}`,
    `body.${'k'.repeat(99)}…`,
  ],
  [
    'a threshold in a file',
    'POST',
    '/scenarios/import',
    JSON.stringify({ text: `name: n\nload: ${JSON.stringify({ ...load })}\nthresholds: ["\\e[2J\\u202e\\u009b31m"]` }),
    'thresholds.0',
  ],
])('names %s, and shows nothing as it came', async (_, method, path, body, field) => {
  const response = await fetch(`${service.url}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${TOKENS.Admin}`, 'content-type': 'application/json' },
    body,
  });
  const { detail, errors } = (await response.json()) as {
    detail: string;
    errors: { field: string; message: string }[];
  };
  expect([response.status, errors.map((error) => error.field)]).toEqual([400, [field]]);
  for (const text of [detail, ...errors.flatMap((error) => Object.values(error))]) expect(text).not.toMatch(RAW);
});

it('names every schema of a body that takes a text, so that a new one is not forgotten', async () => {
  const known = new Set(ENTRIES.map(([method, path]) => `${method} ${path.replace(/\/(steady|mine|run-1)/, '/{id}')}`));
  const bodies = service.routes.filter(({ body }) => body !== undefined);
  const others = bodies.map(({ method, path }) => `${method.toUpperCase()} ${path.replace('/api/v1', '')}`);
  expect(others.filter((entry) => !known.has(entry) && !STOPS.includes(entry.replace('POST ', ''))).toSorted()).toEqual(
    [
      // Ids, numbers and words of a list, and a scenario as in POST /runs.
      'POST /faults',
      'POST /faults/preview',
      'POST /faults/runs',
    ]
  );
});
