import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { listParts, sendParts } from './answerParts.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** Serves one kind of answer; gives what became of each. */
async function serve(parts: () => Iterable<string | Buffer>) {
  const sent: Promise<unknown>[] = [];
  const server = createServer((_request, response: ServerResponse) => {
    sent.push(sendParts(response, parts()).catch((error) => error));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const ask = () =>
    new Promise<IncomingMessage>((resolve, reject) => {
      get({ port: (server.address() as AddressInfo).port, agent: false }, resolve).on('error', reject);
    });
  closing.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return { ask, sent };
}

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

it.each<[string, unknown[], object, string]>([
  ['an empty list', [], {}, '{"runs":[]}'],
  ['a list', [1, { a: 'é' }], {}, '{"runs":[1,{"a":"é"}]}'],
  ['a list and more', ['x'], { total: 3, next: null }, '{"runs":["x"],"total":3,"next":null}'],
])('writes %s as JSON', (_name, entries, rest, json) => {
  const { type, body } = listParts('runs', entries, () => rest);
  expect([type, [...body].join('')]).toEqual(['application/json; charset=utf-8', json]);
  expect(JSON.parse(json)).toEqual({ runs: entries, ...rest });
});

it('sends long answers whole, texts and buffers in their order', async () => {
  const parts = ['a', Buffer.from('b'.repeat(100_000)), 'c'.repeat(100_000), 'd', 'é'];
  const { ask } = await serve(() => parts);
  const text = await textOf(await ask());
  expect(text === parts.map(String).join('')).toBe(true);
});

it('makes no more than a slow reader takes, and stops when he leaves', async () => {
  let made = 0;
  const endless = function* () {
    for (;;) {
      made++;
      yield 'x'.repeat(64 * 1024);
    }
  };
  const { ask, sent } = await serve(endless);
  const response = await ask();
  response.pause();
  let before = -1;
  while (before !== made) {
    before = made;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  // What the operating system holds for a reader is some megabytes.
  expect(made * 64).toBeLessThan(64 * 1024);
  response.destroy();
  expect(await sent[0]).toBeUndefined();
});

it('cuts the answer off when a part cannot be made', async () => {
  const { ask, sent } = await serve(function* () {
    yield 'x'.repeat(200_000);
    throw new Error('the disk is gone');
  });
  await expect(textOf(await ask())).rejects.toThrow('aborted');
  expect(await sent[0]).toMatchObject({ message: 'the disk is gone' });
});
