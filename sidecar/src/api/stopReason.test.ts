import { MAX_REASON, stopAllResultSchema } from '@evenkeel/contract/api';
import fc from 'fast-check';
import { rawRequest } from './rawRequest.ts';
import { stopReason } from './stopReason.ts';
import { type FakeService, startFakeService, TOKENS } from './testing/fakeService.ts';
import { bodies } from './testing/fuzzBodies.ts';

let service: FakeService;
beforeAll(async () => {
  service = await startFakeService({ load: { tickMs: 50 } });
});
afterAll(() => service.close());

const json = { 'content-type': 'application/json' };
const post = (path: string, headers: Record<string, string>, body?: string, token: string = TOKENS.Editor) =>
  rawRequest(service.port, 'POST', `/api/v1/safety/${path}`, { authorization: `Bearer ${token}`, ...headers }, body);
const reason = (text: unknown) => JSON.stringify({ reason: text });

/** Sends an emergency stop while a run goes on. */
async function stop(headers: Record<string, string>, body?: string, query = '', door = 'stop-all') {
  await post('release', {}, undefined, TOKENS.Admin);
  const { run } = service.services.runs.start({ targetId: 'shop', scenarioId: 'steady' }, 'somebody');
  const answer = await post(door + query, headers, body);
  return { run: run.id, status: answer.status, json: JSON.parse(answer.body), state: service.services.safety.state };
}

it.each([
  ['a long reason', json, reason('x'.repeat(501)), '', 'x'.repeat(500), 'cut to 500'],
  ['a reason that fills the body', json, reason('x'.repeat(200_000)), '', 'x'.repeat(500), 'cut to 500'],
  ['turned text', json, reason('a\u202eb'), '', 'a\\u202eb', 'numbers'],
  ['lines', json, reason('a\n\tb'), '', 'a\\u000a\\u0009b', 'numbers'],
  ['half a character', json, '{"reason":"a\\ud83d"}', '', 'a\ufffd', 'numbers'],
  ['no text', json, reason(null), '', '', 'not text'],
  ['a group', json, reason({ a: 1 }), '', '', 'not text'],
  ['unknown fields', json, '{"reason":"fire","why":1}', '', 'fire', 'only "reason"'],
  ['broken JSON', json, '{"reason":', '', '', 'no reason was kept'],
  ['null', json, 'null', '', '', 'no reason was kept'],
  ['a list', json, '["fire"]', '', '', 'no reason was kept'],
  ['text alone', json, '"fire"', '', '', 'no reason was kept'],
  ['too many values', json, JSON.stringify({ reason: 'fire', x: Array(7000).fill(0) }), '', '', 'no reason was kept'],
  ['too deep a group', json, `{"reason":${'['.repeat(9000)}${']'.repeat(9000)}}`, '', '', 'no reason was kept'],
  ['bytes', { 'content-type': 'application/octet-stream' }, '\u0000\u0001', '', '', 'no reason was kept'],
  ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, 'reason=fire', '', '', 'no reason was kept'],
  ['JSON that is not called so', {}, reason('fire'), '', 'fire', ''],
  ['JSON in another charset', { 'content-type': 'application/json; charset=latin1' }, reason('fire'), '', 'fire', ''],
  ['a compressed body', { ...json, 'content-encoding': 'gzip' }, 'xxxx', '', '', 'no reason was kept'],
  ['a query', json, reason('fire'), '?reason=x', 'fire', 'query'],
  ['a query without a body', {}, undefined, '?reason=x', '', 'query'],
  ['a parameter twice', {}, undefined, '?a=1&a=2', '', 'query'],
  ['an endless query', {}, undefined, `?a=${'x'.repeat(9000)}`, '', 'query'],
  ['no body', {}, undefined, '', '', ''],
  ['an empty body', json, '', '', '', ''],
] as [string, Record<string, string>, string | undefined, string, string, string][])(
  'stops everything whatever is said with it: %s',
  async (_, headers, body, query, kept, note) => {
    for (const door of ['stop-all', 'stop-all-as-editor']) {
      const sent: Record<string, string> =
        body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
      const { run, status, json: result, state } = await stop({ ...headers, ...sent }, body, query, door);
      expect([status, stopAllResultSchema.safeParse(result).error]).toEqual([200, undefined]);
      expect(result.stoppedRuns).toEqual([run]);
      expect(state).toMatchObject({ engaged: true, reason: kept === '' ? 'stopped by token:editor' : kept });
      if (note === '') expect(result).not.toHaveProperty('note');
      else expect(result.note).toContain(note);
    }
  }
);

it('keeps the bounds of size and of who may', async () => {
  await post('release', {}, undefined, TOKENS.Admin);
  expect((await post('stop-all', json, reason('x'.repeat(300_000)))).status).toBe(413);
  expect((await post('stop-all', { 'content-type': 'text/plain' }, 'x', 'wrong')).status).toBe(401);
  expect((await post('stop-all-as-editor', json, 'x', TOKENS.Viewer)).status).toBe(403);
  expect(service.services.safety.state.engaged).toBe(false);
  // What lets things start again is as strict as any other change.
  expect((await post('release', json, reason('x'.repeat(501)), TOKENS.Admin)).status).toBe(400);
  expect((await post('release', { 'content-type': 'text/plain' }, 'x', TOKENS.Admin)).status).toBe(415);
});

it('keeps of anything one line that can be read, within its bound', () => {
  const anything = fc.oneof(
    fc.anything(),
    bodies,
    fc.record({ reason: fc.oneof(fc.anything(), fc.string({ unit: 'binary', maxLength: 700 })) })
  );
  fc.assert(
    fc.property(anything, (body) => {
      const kept = stopReason(body).reason;
      expect(kept.length).toBeLessThanOrEqual(MAX_REASON);
      expect(kept).toMatch(/^[^\p{Cc}\p{Cs}\u2028-\u202e\u2066-\u2069]*$/u);
    }),
    { numRuns: 500, seed: 5 }
  );
});
