import type { ScenarioList, StoredScenario } from '@evenkeel/contract/api';
import { STANDARD_LIMITS } from '@evenkeel/contract/limits';
import type { Problem } from '@evenkeel/contract/problem';
import type { ScenarioInput } from '@evenkeel/contract/scenario';
import { scenarioSchema } from '@evenkeel/contract/scenario';
import { MAX_SAVED_SCENARIOS } from '../scenarios/scenarioLibrary.ts';
import { parseScenarioText } from '../scenarios/scenarioText.ts';
import { type FakeService, startFakeService, TOKENS } from './testing/fakeService.ts';

const SHOP: ScenarioInput = {
  name: 'Shop',
  load: { model: 'rate', stages: [{ from: 10, to: 100, durationSeconds: 60 }] },
  mix: [
    { weight: 9, request: { path: '/catalogue' } },
    { weight: 1, request: { method: 'POST', path: '/checkout', body: '{}' } },
  ],
  thresholds: [{ metric: 'p99', op: '<', value: 500, overSeconds: 10, forSeconds: 5, abort: true }],
};
const TEXT = `name: From a file
load: { model: users, users: 50, spawnRate: 10, durationSeconds: 60 }
thresholds: [p99 < 500ms]
`;

let service: FakeService;
beforeEach(async () => {
  service = await startFakeService({
    limits: { ...STANDARD_LIMITS, durationSeconds: { min: 10, max: 3600 } },
  });
});
afterEach(() => service.close());

const call = (method: string, path: string, body?: unknown, token: string = TOKENS.Editor) =>
  fetch(`${service.url}/api/v1/${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
const ask = async <T>(method: string, path: string, body?: unknown) => {
  const response = await call(method, path, body);
  return { status: response.status, json: (response.status === 204 ? null : await response.json()) as T };
};
const ids = async () => (await ask<ScenarioList>('GET', 'scenarios')).json.scenarios.map(({ id }) => id);

it('creates, changes, duplicates and deletes a saved scenario', async () => {
  const created = await call('POST', 'scenarios', { scenario: SHOP });
  const { id, scenario, updatedBy, builtIn } = (await created.json()) as StoredScenario;
  expect(created.status).toBe(201);
  expect(created.headers.get('location')).toBe(`/api/v1/scenarios/${id}`);
  expect({ scenario, updatedBy, builtIn }).toEqual({
    scenario: scenarioSchema.parse(SHOP),
    updatedBy: 'token:editor',
    builtIn: false,
  });

  const changed = await ask<StoredScenario>('PUT', `scenarios/${id}`, { scenario: { ...SHOP, warmupSeconds: 7 } });
  expect(changed.status).toBe(200);
  expect((await ask<StoredScenario>('GET', `scenarios/${id}`)).json.scenario.warmupSeconds).toBe(7);

  const copy = await ask<StoredScenario>('POST', `scenarios/${id}/duplicate`);
  expect(copy.status).toBe(201);
  expect(copy.json.scenario).toEqual({ ...changed.json.scenario, name: 'Shop (copy)' });
  const named = await ask<StoredScenario>('POST', 'scenarios/steady/duplicate', { name: 'Mine' });
  expect(named.json).toMatchObject({ builtIn: false, scenario: { name: 'Mine', kind: 'sustained' } });
  expect((await ids()).toSorted()).toEqual(['steady', id, copy.json.id, named.json.id].toSorted());

  expect((await call('DELETE', `scenarios/${id}`)).status).toBe(204);
  expect(await ids()).not.toContain(id);
  expect((await call('DELETE', `scenarios/${id}`)).status).toBe(404);
});

it.each(['yaml', 'json'] as const)('exports as %s what it imports again', async (format) => {
  await ask('PUT', 'scenarios/shop', { scenario: SHOP });
  const file = await call('GET', `scenarios/shop/file?format=${format}`, undefined, TOKENS.Viewer);
  expect(file.headers.get('content-type')).toBe(`application/${format}; charset=utf-8`);
  expect(file.headers.get('content-disposition')).toBe(`attachment; filename="shop.${format}"`);
  const text = await file.text();
  expect(parseScenarioText(text)).toEqual(scenarioSchema.parse(SHOP));

  const again = await ask<StoredScenario>('POST', 'scenarios/import', { text });
  expect(again.status).toBe(201);
  expect(again.json.id).not.toBe('shop');
  expect(again.json.scenario).toEqual(scenarioSchema.parse(SHOP));
});

it('imports under an id, which creates or replaces', async () => {
  expect((await ask('POST', 'scenarios/import', { text: TEXT, id: 'kept' })).status).toBe(201);
  const replaced = await ask<StoredScenario>('POST', 'scenarios/import', {
    text: TEXT.replace('users: 50', 'users: 60'),
    id: 'kept',
  });
  expect(replaced).toMatchObject({ status: 200, json: { id: 'kept', scenario: { load: { users: 60 } } } });
  expect(await ids()).toEqual(['steady', 'kept']);
});

it('refuses a file with line, field and limit of everything that is wrong', async () => {
  const text = TEXT.replace('users: 50', 'users: 5').replace('p99', 'p98');
  const { status, json } = await ask<Problem>('POST', 'scenarios/import', { text });
  expect(status).toBe(400);
  expect(json.errors).toEqual([
    { field: 'thresholds.0', message: expect.stringMatching(/^line 3: .*"p98" is not one of mean/) },
    { field: 'load.users', message: 'line 2: 5 is below 10 (allowed 10 to 1000)' },
  ]);
  const whole = await ask<Problem>('POST', 'scenarios/import', { text: 'a: [' });
  expect(whole.json.errors![0]).toEqual({
    field: 'body.text',
    message: expect.stringMatching(/^line 1: not JSON or YAML/),
  });
  expect(await ids()).toEqual(['steady']);
});

it('takes what a setting allows beyond the sliders, and nothing beyond that', async () => {
  const long = (durationSeconds: number) => ({
    text: TEXT.replace('durationSeconds: 60', `durationSeconds: ${durationSeconds}`),
  });
  expect((await ask('POST', 'scenarios/import', long(3600))).status).toBe(201);
  const { json } = await ask<Problem>('POST', 'scenarios/import', long(3601));
  expect(json.errors![0]!.message).toBe('line 2: 3601 is above 3600 (allowed 10 to 3600)');
});

it('does not start a saved scenario that the limits no longer allow', async () => {
  const wide = { ...SHOP, load: { model: 'rate', stages: [{ from: 1, to: 1, durationSeconds: 4000 }] } };
  service.services.scenarios.put(
    'old',
    { ...scenarioSchema.parse(SHOP), load: wide.load } as StoredScenario['scenario'],
    'x'
  );
  const { status, json } = await ask<Problem>('POST', 'runs', { targetId: 'shop', scenarioId: 'old' });
  expect(status).toBe(400);
  expect(json.detail).toContain('"old" is no longer allowed here: load.stages');
});

it('keeps the built-in ones, and refuses what is unknown or too much', async () => {
  for (const [method, path, body] of [
    ['PUT', 'scenarios/steady', { scenario: SHOP }],
    ['DELETE', 'scenarios/steady', undefined],
    ['POST', 'scenarios/import', { text: TEXT, id: 'steady' }],
  ] as const) {
    expect((await ask<Problem>(method, path, body)).json.type).toBe('urn:evenkeel:problem:read-only');
  }
  expect((await call('GET', 'scenarios/none/file')).status).toBe(404);
  expect((await call('POST', 'scenarios/none/duplicate')).status).toBe(404);
  expect((await call('GET', 'scenarios/steady/file?format=xml')).status).toBe(400);
  for (let i = 0; i < MAX_SAVED_SCENARIOS; i++) service.services.scenarios.add(scenarioSchema.parse(SHOP), 'x');
  const full = await ask<Problem>('POST', 'scenarios/steady/duplicate');
  expect(full).toMatchObject({ status: 409, json: { detail: expect.stringContaining('500 scenarios are saved') } });
});

it('lets only Editors write', async () => {
  for (const [path, body] of [
    ['scenarios/import', { text: TEXT }],
    ['scenarios/steady/duplicate', {}],
  ] as const) {
    expect((await call('POST', path, body, TOKENS.Viewer)).status).toBe(403);
  }
});
