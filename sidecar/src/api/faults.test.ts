import type { Fault, FaultPreview } from '@evenkeel/contract/fault';
import { type Problem, problemName } from '@evenkeel/contract/problem';
import { type FakeService, startFakeService, TOKENS } from './testing/fakeService.ts';

let service: FakeService;
beforeEach(async () => {
  service = await startFakeService();
});
afterEach(async () => {
  expect(service.mistakes).toEqual([]);
  await service.close();
});

async function call<T>(method: string, path: string, body?: unknown, token: string = TOKENS.Admin) {
  const response = await fetch(`${service.url}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body ? { 'content-type': 'application/json' } : {}) },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as T };
}

const LATENCY = { type: 'latency', severity: 'high', scope: { pod: 'pod-1' }, forSeconds: 30 };
const order = (change: object = {}, from: object = LATENCY) => ({ targetId: 'shop', fault: { ...from, ...change } });
const open = async () => (await call<{ total: number }>('GET', '/faults?is=open')).body.total;

it('previews, injects, lists and reverts', async () => {
  const preview = await call<FaultPreview>('POST', '/faults/preview', order());
  expect(preview).toMatchObject({ status: 200, body: { allowed: true, pods: ['pod-1'], capacityPercent: 25 } });
  expect(await open()).toBe(0);
  const injected = await call<Fault>('POST', '/faults', order());
  expect(injected).toMatchObject({ status: 201, body: { targetId: 'shop', startedBy: 'token:admin' } });
  expect(await open()).toBe(1);
  const reverted = await call<Fault>('POST', `/faults/${injected.body.id}/revert`, {});
  expect(reverted).toMatchObject({ status: 200, body: { state: 'reverted', ending: 'reverted' } });
  expect(await open()).toBe(0);
  expect((await call<Problem>('POST', '/faults/none/revert', {})).status).toBe(404);
});

it('writes every request and every step into the audit log', async () => {
  await call('POST', '/faults', order());
  await call('POST', '/faults', order());
  const { body } = await call<{ entries: { action: string; status: number; object: string }[] }>('GET', '/audit');
  const actions = body.entries.map(({ action, status }) => `${status} ${action}`);
  expect(actions).toEqual(
    expect.arrayContaining([
      '201 POST /api/v1/faults',
      '409 POST /api/v1/faults',
      '200 fault injecting',
      '200 fault active',
    ])
  );
  expect(body.entries.some(({ object }) => object.includes('1000 ms latency on pod-1'))).toBe(true);
});

describe('bad input is refused with the reason, and nothing is active', () => {
  it.each<[string, object, string, string]>([
    ['latency 49', { severity: undefined, delayMs: 49 }, 'body.fault.delayMs', 'at least 50'],
    ['latency 1001', { severity: undefined, delayMs: 1001 }, 'body.fault.delayMs', 'at most 1000'],
    ['51 % errors', { type: 'errors', severity: undefined, percent: 51 }, 'body.fault.percent', 'at most 50'],
    ['an empty scope', { scope: {} }, 'body.fault.scope', 'needs exactly one of pod, count, percent and label'],
    ['no duration', { forSeconds: undefined }, 'body.fault.forSeconds', 'is missing'],
    ['more than ten minutes', { forSeconds: 601 }, 'body.fault.forSeconds', 'at most 600'],
    ['an unknown field', { delay: 50 }, 'body.fault.delay', 'is not known here'],
  ])('%s', async (_, change, field, message) => {
    for (const path of ['/faults', '/faults/preview']) {
      const { status, body } = await call<Problem>('POST', path, order(change));
      expect([status, problemName(body.type)]).toEqual([400, 'invalid-request']);
      expect(body.errors).toMatchObject([{ field, message: expect.stringContaining(message) }]);
    }
    expect(await open()).toBe(0);
  });

  it.each<[string, object, string]>([
    ['100 % of the pods', { scope: { percent: 100 } }, '4 of 4 pods would be under faults (100 %)'],
    ['an unknown pod', { scope: { pod: 'pod-9' } }, 'There is no pod "pod-9"'],
    ['no pod with the label', { scope: { label: 'zone=x' } }, 'No pod has the label zone=x.'],
  ])('%s', async (_, change, why) => {
    const { status, body } = await call<Problem>('POST', '/faults', order(change));
    expect([status, problemName(body.type)]).toEqual([409, 'fault-refused']);
    expect(body.detail).toContain(why);
    expect(await open()).toBe(0);
  });

  it('overlapping faults', async () => {
    await call('POST', '/faults', order());
    const { status, body } = await call<Problem>('POST', '/faults', order());
    expect([status, problemName(body.type)]).toEqual([409, 'fault-refused']);
    expect(body.detail).toContain('pod-1 is under the fault');
    expect(await open()).toBe(1);
  });

  it('an unknown target', async () => {
    const { status, body } = await call<Problem>('POST', '/faults', { ...order(), targetId: 'prod' });
    expect([status, problemName(body.type)]).toEqual([422, 'target-refused']);
  });

  it.each([
    ['a viewer', '/faults', TOKENS.Viewer, 403],
    ['an editor', '/faults', TOKENS.Editor, 403],
    ['a viewer who wants to preview', '/faults/preview', TOKENS.Viewer, 403],
    ['a viewer who wants to revert', '/faults/x/revert', TOKENS.Viewer, 403],
    ['a token that is not known, or not any more', '/faults', 'expired-token-0123456789', 401],
  ])('%s', async (_, path, token, status) => {
    expect((await call('POST', path, order(), token)).status).toBe(status);
    expect(await open()).toBe(0);
  });

  it('anything while the safety lever is engaged', async () => {
    await call('POST', '/faults', order());
    const stopped = await call<{ revertedFaults: string[] }>('POST', '/safety/stop-all', {}, TOKENS.Viewer);
    expect(stopped.body.revertedFaults).toHaveLength(1);
    const { status, body } = await call<Problem>('POST', '/faults', order({ scope: { pod: 'pod-2' } }));
    expect([status, problemName(body.type)]).toEqual([409, 'safety-engaged']);
    expect(await open()).toBe(0);
    expect((await call('POST', '/safety/release', {}, TOKENS.Editor)).status).toBe(403);
    expect((await call('POST', '/safety/release', {})).status).toBe(200);
    expect((await call('POST', '/faults', order({ scope: { pod: 'pod-2' } }))).status).toBe(201);
  });
});

it('a scenario that plans faults needs an Admin, as a fault by itself does', async () => {
  const scenario = {
    name: 'With a fault',
    load: { model: 'rate', stages: [{ from: 10, to: 10, durationSeconds: 20 }] },
    faults: [{ ...LATENCY, atSecond: 5 }],
  };
  const refused = await call<Problem>('POST', '/runs', { targetId: 'shop', scenario }, TOKENS.Editor);
  expect([refused.status, problemName(refused.body.type)]).toEqual([403, 'role-too-low']);
  expect(refused.body.detail).toContain('plans 1 fault, which needs the role Admin');
  expect((await call('POST', '/faults/runs', { targetId: 'shop', scenario }, TOKENS.Editor)).status).toBe(403);
  expect((await call('POST', '/faults/runs', { targetId: 'shop', scenario })).status).toBe(201);
});
