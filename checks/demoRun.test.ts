import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startDemoRun } from '../deploy/demoRun.ts';

const services: Server[] = [];
afterEach(() => {
  for (const service of services.splice(0)) {
    service.closeAllConnections();
    service.close();
  }
});

/** A service that gives these answers in turn (status, body), the last one for ever; what was asked is in `asked`. */
async function answering(...answers: [number, object][]): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = [];
  const service = createServer((request, response) => {
    const [status, body] = answers[Math.min(asked.length, answers.length - 1)]!;
    asked.push(`${request.method} ${request.url}`);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }).listen(0, '127.0.0.1');
  services.push(service);
  await once(service, 'listening');
  return { url: `http://127.0.0.1:${(service.address() as AddressInfo).port}`, asked };
}

const PATIENT = 60_000;
const start = (url: string, patienceMs = PATIENT) => startDemoRun(url, 'token', 'shop', patienceMs, 1);

test('the demo has begun when the run loads its target, not when it was accepted', async () => {
  const { url, asked } = await answering(
    [503, {}],
    [201, { id: 'a' }],
    [200, { state: 'pending', reason: null }],
    [200, { state: 'failed', reason: 'nothing listens' }],
    [201, { id: 'b' }],
    [200, { state: 'warming', reason: null }]
  );
  expect(await start(url)).toBe('the demo run on shop has begun');
  const post = 'POST /api/v1/runs';
  expect(asked).toEqual([post, post, 'GET /api/v1/runs/a', 'GET /api/v1/runs/a', post, 'GET /api/v1/runs/b']);
});

test('a target that is loaded already is as good', async () => {
  expect(await start((await answering([409, {}])).url)).toBe('shop is being loaded already');
});

test('what will not pass by itself is told at once, what might when patience is over', async () => {
  const refused = await answering([403, { detail: 'the role Editor is needed' }]);
  await expect(start(refused.url)).rejects.toThrow(/could not be started: 403 .*the role Editor is needed/);
  expect(refused.asked).toHaveLength(1);
  await expect(start('http://127.0.0.1:1', 0)).rejects.toThrow(/could not be started: 0 /);
  const failing = await answering([201, { id: 'a' }], [200, { state: 'failed', reason: 'nothing listens' }]);
  await expect(start(failing.url, 0)).rejects.toThrow('the demo run could not be started: nothing listens');
});
