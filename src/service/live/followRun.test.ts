import { problemType } from '@evenkeel/contract/problem';
import type { Report } from '@evenkeel/contract/report';
import type { Run } from '@evenkeel/contract/run';
import { scenarioSchema } from '@evenkeel/contract/scenario';
import type { Snapshot } from '@evenkeel/contract/stream';
import { jest } from '@jest/globals';
import { syntheticSample } from '../../../e2e/harness/syntheticSample.ts';
import { timelinePoint } from '../../components/testTimeline.ts';
import { type FollowedRun, type FollowPorts, followRun } from './followRun.ts';

const run: Run = {
  id: 'run-1',
  state: 'measuring',
  reason: null,
  scenario: scenarioSchema.parse({
    name: 'Test',
    load: { model: 'rate', stages: [{ from: 10, to: 10, durationSeconds: 20 }] },
  }),
  target: {
    id: 't',
    name: 'T',
    kind: 'embedded',
    url: 'http://127.0.0.1:1',
    attribution: { header: 'x-pod' },
    balancer: 'b',
  },
  createdAt: 0,
  startedAt: 0,
  endedAt: null,
  startedBy: 'me',
  labels: {},
  note: '',
  baseline: false,
};
const sample = (second: number) => syntheticSample(['a', 'b'], second, 'measuring', 0);
const snapshot: Snapshot = {
  run,
  now: 5_000,
  plannedSeconds: 25,
  timeline: [],
  sample: null,
  marks: [],
  notices: [],
  report: null,
};
const { balance, response, service, generator, outcomes } = sample(3);
const report: Report = {
  version: 1,
  run: { ...run, state: 'finished', endedAt: 9_000 },
  conclusion: 'passed',
  reasons: [],
  headlines: [],
  balance,
  seconds: { warming: 0, measured: 4, draining: 0, strained: 0, saturated: 0 },
  totals: {
    offered: 1,
    sent: 1,
    completed: 1,
    dropped: 0,
    cancelled: 0,
    unattributed: 0,
    balancerErrors: 0,
    retried: 0,
    connectionsOpened: 1,
    resent: 0,
    warmupCompleted: 0,
  },
  achievedRate: 1,
  offeredRate: 1,
  errorRatePercent: 0,
  outcomes,
  endings: [],
  addresses: [],
  response,
  service,
  lateness: generator.lateness,
  pods: [],
  thresholds: [],
  timeline: [],
  events: [],
  notices: [],
};

const event = (name: string, data: unknown, id: number) =>
  `id: ${id}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
const stream = (...events: string[]) =>
  new Response(events.join(''), { headers: { 'content-type': 'text/event-stream; charset=utf-8' } });

/** Answers one after the other; a string throws, as a lost network does. Waiting takes no time. */
async function follow(answers: (Response | string)[]) {
  const states: FollowedRun[] = [];
  const resumedFrom: string[] = [];
  const pauses: number[] = [];
  let now = 1_000;
  const abort = new AbortController();
  const ports: FollowPorts = {
    open: async (lastEventId) => {
      resumedFrom.push(lastEventId);
      const answer = answers.shift();
      if (answer === undefined) {
        abort.abort();
        throw new Error('no more answers');
      }
      if (typeof answer === 'string') throw new TypeError(answer);
      return answer;
    },
    now: () => now,
    random: () => 0.999999,
    wait: (ms) => {
      // The watch for silence never ends by itself here.
      if (ms === 40_000) return new Promise(() => {});
      pauses.push(ms);
      now += ms;
      return Promise.resolve();
    },
  };
  await followRun(ports, (state) => states.push(state), abort.signal);
  return { states, last: states.at(-1)!, resumedFrom, pauses };
}

describe('following a run', () => {
  test('from the snapshot over samples to the report', async () => {
    const { states, last } = await follow([
      stream(
        event('snapshot', snapshot, 1),
        event('sample', sample(0), 2),
        event('sample', sample(1), 3),
        event('report', report, 4)
      ),
    ]);
    expect(states.map((state) => state.connection.state)).toEqual(['connecting', 'live', 'live', 'live', 'complete']);
    expect(last.live?.timeline.map((point) => point.second)).toEqual([0, 1]);
    expect(last.live?.run.state).toBe('finished');
    expect(last.live?.clockOffsetMs).toBe(4_000);
  });

  test('a lost connection is resumed from the last event, and says when it tries again', async () => {
    const { states, last, resumedFrom, pauses } = await follow([
      stream(event('snapshot', snapshot, 1), event('sample', sample(0), 2)),
      'network down',
      stream(event('sample', sample(1), 3), event('report', report, 4)),
    ]);
    expect(resumedFrom).toEqual(['', '2', '2']);
    expect(pauses).toEqual([500, 1000]);
    const waiting = states.flatMap(({ connection }) => (connection.state === 'waiting' ? [connection.retryAt] : []));
    expect(waiting).toEqual([1_500, 2_500]);
    expect(last.live?.timeline.map((point) => point.second)).toEqual([0, 1]);
    expect(last.connection.state).toBe('complete');
  });

  test('a service that cannot resume brings the page up to date by a snapshot', async () => {
    const point = (second: number) => timelinePoint({ second });
    const { last } = await follow([
      stream(event('snapshot', snapshot, 1), event('sample', sample(0), 2)),
      stream(
        event('snapshot', { ...snapshot, timeline: [point(0), point(1), point(2)] }, 9),
        event('report', report, 10)
      ),
    ]);
    expect(last.live?.timeline.map(({ second }) => second)).toEqual([0, 1, 2]);
  });

  test('the pauses begin anew once events flow', async () => {
    const { pauses } = await follow([
      'down',
      'down',
      stream(event('snapshot', snapshot, 1)),
      'down',
      stream(event('snapshot', { ...snapshot, report }, 2)),
    ]);
    expect(pauses).toEqual([500, 1000, 500, 1000]);
  });

  test('a service that is gone for a while is asked again; the failure is named', async () => {
    const { states, last } = await follow([
      new Response('', { status: 502 }),
      stream(event('snapshot', { ...snapshot, report }, 1)),
    ]);
    const waiting = states.find(({ connection }) => connection.state === 'waiting');
    expect(waiting?.connection).toMatchObject({ failure: { kind: 'unreachable' } });
    expect(last.connection.state).toBe('complete');
  });

  test('an unknown run is not asked for again', async () => {
    const problem = { type: problemType('not-found'), title: 'Nothing', status: 404, detail: 'No such run.' };
    const { last, pauses } = await follow([new Response(JSON.stringify(problem), { status: 404 })]);
    expect(last.connection).toMatchObject({ state: 'refused', failure: { name: 'not-found' } });
    expect(pauses).toEqual([]);
  });

  test('an event of another version stops it with a reason, not in silence', async () => {
    const { last } = await follow([stream(event('snapshot', { ...snapshot, run: {} }, 1))]);
    expect(last.connection).toMatchObject({ state: 'refused', failure: { kind: 'unexpected-answer' } });
  });

  test('events that this version does not know are skipped', async () => {
    const { last } = await follow([
      stream(event('snapshot', snapshot, 1), event('weather', { sunny: true }, 2), event('report', report, 3)),
    ]);
    expect(last.connection.state).toBe('complete');
  });

  test('leaving the page ends it', async () => {
    const abort = new AbortController();
    const publish = jest.fn();
    const open = () => {
      abort.abort();
      return Promise.reject(new Error('aborted'));
    };
    const ports: FollowPorts = { open, now: () => 0, random: () => 0, wait: () => Promise.resolve() };
    await followRun(ports, publish, abort.signal);
    expect(publish).toHaveBeenCalledTimes(1);
  });
});
