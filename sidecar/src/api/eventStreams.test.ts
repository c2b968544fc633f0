import { connect } from 'node:net';
import { STREAM_SCHEMAS, type StreamEventName } from '@evenkeel/contract/stream';
import { RING_BYTES } from '../runs/liveRun.ts';
import { MemoryRunStore } from '../runs/testing/memoryRunStore.ts';
import { STREAM_LIMITS } from './eventStreams.ts';
import { type FakeService, startFakeService, TOKENS } from './testing/fakeService.ts';

interface Received {
  readonly id: string;
  readonly name: StreamEventName;
  readonly data: unknown;
}

/** Reads an event stream as a browser would. */
class Reader {
  readonly response: Response;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #abort: AbortController;
  #text = '';

  private constructor(response: Response, abort: AbortController) {
    this.response = response;
    this.#reader = response.body!.getReader();
    this.#abort = abort;
  }

  static async open(service: FakeService, runId: string, lastEventId?: string): Promise<Reader> {
    const abort = new AbortController();
    const response = await fetch(`${service.url}/api/v1/runs/${runId}/events`, {
      headers: {
        authorization: `Bearer ${TOKENS.Viewer}`,
        ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
      },
      signal: abort.signal,
    });
    return new Reader(response, abort);
  }

  /** The next block of the stream; null at its end. */
  async block(): Promise<string | null> {
    for (;;) {
      const end = this.#text.indexOf('\n\n');
      if (end >= 0) {
        const block = this.#text.slice(0, end);
        this.#text = this.#text.slice(end + 2);
        return block;
      }
      const { done, value } = await this.#reader.read();
      if (done) return null;
      this.#text += Buffer.from(value).toString();
    }
  }

  /** The next event, without comments and retry lines; null at the end. */
  async event(): Promise<Received | null> {
    for (;;) {
      const block = await this.block();
      if (block === null) return null;
      const match = /^id: (\d+)\nevent: (\w+)\ndata: (.*)$/.exec(block);
      if (match) return { id: match[1]!, name: match[2] as StreamEventName, data: JSON.parse(match[3]!) };
    }
  }

  async events(count: number): Promise<Received[]> {
    const events: Received[] = [];
    for (let i = 0; i < count; i++) events.push((await this.event())!);
    return events;
  }

  async rest(): Promise<Received[]> {
    const events: Received[] = [];
    for (let event = await this.event(); event !== null; event = await this.event()) events.push(event);
    return events;
  }

  close(): void {
    this.#abort.abort();
  }
}

let service: FakeService;
beforeEach(async () => {
  service = await startFakeService();
});
afterEach(() => service.close());

async function startRun(to = service): Promise<string> {
  const { run } = to.services.runs.start({ targetId: 'shop', scenarioId: 'steady' }, 'test');
  // The engine is started in the next turns of the loop.
  await new Promise((resolve) => setImmediate(resolve));
  return run.id;
}
const load = (of = service) => of.engine.handles.at(-1)!;
const names = (events: readonly Received[]) => events.map(({ name }) => name);

it('tells a run from its snapshot to its report, each event as documented, and ends', async () => {
  const id = await startRun();
  const reader = await Reader.open(service, id);
  expect(reader.response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  expect(reader.response.headers.get('cache-control')).toBe('no-store');
  expect(reader.response.headers.get('x-accel-buffering')).toBe('no');
  const [snapshot] = await reader.events(1);
  load().play(30);
  const events = [snapshot!, ...(await reader.rest())];
  expect(names(events).filter((name) => name !== 'sample')).toEqual([
    'snapshot',
    'phase',
    'phase',
    'phase',
    'phase',
    'report',
  ]);
  expect(names(events).filter((name) => name === 'sample').length).toBe(21);
  for (const { name, data } of events) expect(STREAM_SCHEMAS[name].safeParse(data).error).toBeUndefined();
  expect(events.map((event) => Number(event.id))).toEqual(events.map((_, i) => i));
  expect(service.services.streams.count).toBe(0);
});

it('sends a phase at once, before the sample of its first second', async () => {
  const id = await startRun();
  const reader = await Reader.open(service, id);
  load().play(1);
  expect(names(await reader.events(3))).toEqual(['snapshot', 'phase', 'sample']);
  reader.close();
});

it('sends a stage of the load as it begins, before the second is over', async () => {
  const { run } = service.services.runs.start(
    {
      targetId: 'shop',
      scenario: {
        ...service.services.scenarios.get('steady').scenario,
        load: {
          model: 'rate',
          stages: [
            { from: 100, to: 100, durationSeconds: 0.2 },
            { from: 500, to: 500, durationSeconds: 20 },
          ],
        },
      },
    },
    'test'
  );
  await new Promise((resolve) => setImmediate(resolve));
  const reader = await Reader.open(service, run.id);
  await reader.events(1);
  // The phase tells when the load began; no second of it is played before the stage has come.
  load().beginPhase();
  expect(await reader.events(2)).toMatchObject([
    { name: 'phase' },
    { name: 'mark', data: { second: 0.2, kind: 'stage', text: 'stage 2 of 2: 500/s for 20 s' } },
  ]);
  reader.close();
});

it('gives a reader that joins in the middle the whole time axis and the last second', async () => {
  const id = await startRun();
  load().play(7);
  const reader = await Reader.open(service, id);
  const [snapshot] = await reader.events(1);
  expect(snapshot!.data).toMatchObject({ run: { state: 'measuring' }, plannedSeconds: 25, sample: { second: 6 } });
  expect((snapshot!.data as { timeline: { second: number }[] }).timeline.map(({ second }) => second)).toEqual([
    0, 1, 2, 3, 4, 5, 6,
  ]);
  reader.close();
});

it('resumes where a reader left off, without a snapshot and without a gap', async () => {
  const id = await startRun();
  const first = await Reader.open(service, id);
  load().play(3);
  const seen = await first.events(4);
  first.close();
  load().play(4);
  const second = await Reader.open(service, id, seen.at(-1)!.id);
  load().play(1);
  const missed = await second.events(6);
  expect(missed[0]!.id).toBe(String(Number(seen.at(-1)!.id) + 1));
  expect(missed.map(({ id }) => Number(id))).toEqual(missed.map((_, i) => Number(missed[0]!.id) + i));
  expect(names(missed)).not.toContain('snapshot');
  second.close();
});

it.each(['99', 'garbage', '-1'])('starts over with a snapshot for the unknown event id "%s"', async (lastId) => {
  const id = await startRun();
  load().play(2);
  const reader = await Reader.open(service, id, lastId);
  expect(names(await reader.events(1))).toEqual(['snapshot']);
  reader.close();
});

it('tells a reader that has seen the report to stay away', async () => {
  const id = await startRun();
  const reader = await Reader.open(service, id);
  load().play(30);
  const last = (await reader.rest()).at(-1)!;
  const again = await fetch(`${service.url}/api/v1/runs/${id}/events`, {
    headers: { authorization: `Bearer ${TOKENS.Viewer}`, 'last-event-id': last.id },
  });
  expect(again.status).toBe(204);
});

it('gives a late reader snapshot and report, also from the history of another process', async () => {
  const store = new MemoryRunStore();
  const before = await startFakeService({ store });
  const id = await startRun(before);
  load(before).play(30);
  await new Promise((resolve) => setImmediate(resolve));
  const late = await Reader.open(before, id);
  expect(names(await late.rest())).toEqual(['snapshot']);
  await before.close();

  const after = await startFakeService({ store });
  const events = await (await Reader.open(after, id)).rest();
  expect(names(events)).toEqual(['snapshot', 'report']);
  expect(events[0]!.data).toMatchObject({
    run: { state: 'finished' },
    sample: { second: 20 },
    // Twenty seconds are too short to tell whether a sustained load drifts.
    report: { conclusion: 'inconclusive' },
  });
  for (const { name, data } of events) expect(STREAM_SCHEMAS[name].safeParse(data).error).toBeUndefined();
  // A reader of the dead process has seen its events and not the end; one of this process has seen the end.
  const resumed = await Reader.open(after, id, '0');
  expect(names(await resumed.rest())).toEqual(['snapshot', 'report']);
  const again = await fetch(`${after.url}/api/v1/runs/${id}/events`, {
    headers: { authorization: `Bearer ${TOKENS.Viewer}`, 'last-event-id': events.at(-1)!.id },
  });
  expect(again.status).toBe(204);
  await after.close();
});

it('refuses one reader too many with 503 and when to come back, and takes the next when one leaves', async () => {
  const own = await startFakeService({ streams: { maxClients: 2 } });
  const id = await startRun(own);
  const [one, two] = [await Reader.open(own, id), await Reader.open(own, id)];
  await Promise.all([one.events(1), two.events(1)]);
  const third = await fetch(`${own.url}/api/v1/runs/${id}/events`, {
    headers: { authorization: `Bearer ${TOKENS.Viewer}` },
  });
  expect([third.status, third.headers.get('retry-after')]).toEqual([503, '10']);
  await third.body?.cancel();
  one.close();
  while (own.services.streams.count > 1) await new Promise((resolve) => setImmediate(resolve));
  const fourth = await Reader.open(own, id);
  expect(names(await fourth.events(1))).toEqual(['snapshot']);
  two.close();
  fourth.close();
  await own.close();
});

it('takes a stream from whoever has most of them for somebody who has none', async () => {
  const own = await startFakeService({ streams: { maxClients: 3 } });
  const id = await startRun(own);
  const greedy = [];
  for (let i = 0; i < 3; i++) {
    const reader = await Reader.open(own, id);
    await reader.events(1);
    greedy.push(reader);
  }
  const open = (token: string) =>
    fetch(`${own.url}/api/v1/runs/${id}/events`, { headers: { authorization: `Bearer ${token}` } });
  const editor = await open(TOKENS.Editor);
  expect(editor.status).toBe(200);
  // The one that was open longest is the one that goes.
  await expect(greedy[0]!.events(1000)).rejects.toThrow();
  expect([own.services.streams.count, own.services.streams.dropped]).toEqual([3, 1]);
  const second = await open(TOKENS.Editor);
  const viewer = await open(TOKENS.Viewer);
  expect([second.status, viewer.status]).toEqual([503, 503]);
  await Promise.all([editor, second, viewer].map(({ body }) => body?.cancel()));
  for (const reader of greedy.slice(1)) reader.close();
  await own.close();
});

it('cuts off a reader that takes nothing between two heartbeats, however little waits for him', async () => {
  const own = await startFakeService({ streams: { heartbeatMs: 50 } });
  const id = await startRun(own);
  const dead = connect(own.port, '127.0.0.1');
  dead.write(
    `GET /api/v1/runs/${id}/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${TOKENS.Viewer}\r\n\r\n`
  );
  await new Promise((resolve) => dead.once('data', resolve));
  dead.pause();
  while (own.services.streams.dropped === 0) {
    // Little enough never to reach the bound, and more in all than the operating system holds.
    for (let i = 0; i < 20; i++) own.services.runs.live(id)!.notice(`${Math.random()} ${'x'.repeat(60_000)}`);
    own.services.runs.live(id)!.event({ second: 1, kind: 'threshold', text: 'y'.repeat(200_000) });
    await new Promise((resolve) => setTimeout(resolve, 60));
  }
  expect(own.services.streams.count).toBe(0);
  dead.destroy();
  await own.close();
});

it('never has more for a reader who resumes than may wait for one', () => {
  expect(RING_BYTES).toBeLessThan(STREAM_LIMITS.maxWaitingBytes);
});

it('sends a comment now and then, so that nobody in between takes the stream for dead', async () => {
  const own = await startFakeService({ streams: { heartbeatMs: 5 } });
  const reader = await Reader.open(own, await startRun(own));
  const blocks = [await reader.block(), await reader.block(), await reader.block()];
  expect(blocks[0]).toBe('retry: 2000');
  expect(blocks[2]).toBe(': heartbeat');
  reader.close();
  await own.close();
});

it('cuts off a reader that does not keep up, and nobody else', async () => {
  const own = await startFakeService({ streams: { maxWaitingBytes: 256 * 1024 } });
  const { run } = own.services.runs.start(
    {
      targetId: 'shop',
      scenario: {
        ...own.services.scenarios.get('steady').scenario,
        load: { model: 'rate', stages: [{ from: 1, to: 1, durationSeconds: 86_000 }] },
      },
    },
    'test'
  );
  await new Promise((resolve) => setImmediate(resolve));
  const lazy = connect(own.port, '127.0.0.1');
  lazy.write(
    `GET /api/v1/runs/${run.id}/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${TOKENS.Viewer}\r\n\r\n`
  );
  await new Promise((resolve) => lazy.once('data', resolve));
  lazy.pause();
  const eager = await Reader.open(own, run.id);
  let played = 0;
  while (own.services.streams.dropped === 0 && played < 20_000) {
    load(own).play(20);
    played += 20;
    for (let second = -1; second < played - 1; ) {
      const event = (await eager.event())!;
      if (event.name === 'sample') ({ second } = event.data as { second: number });
      else if (event.name === 'snapshot')
        second = (event.data as { sample: { second: number } | null }).sample?.second ?? -1;
    }
  }
  expect(own.services.streams.dropped).toBe(1);
  expect(own.services.streams.count).toBe(1);
  lazy.destroy();
  eager.close();
  await own.close();
}, 120_000);
