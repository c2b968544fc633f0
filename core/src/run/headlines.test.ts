import type { AddressReport, Ending } from '@evenkeel/contract/ending';
import type { Run } from '@evenkeel/contract/run';
import { type ScenarioInput, scenarioSchema } from '@evenkeel/contract/scenario';
import { Random } from '../random/random.ts';
import { headlines } from './headlines.ts';

function runOf(scenario: Partial<ScenarioInput> = {}): Run {
  return {
    id: 'r',
    state: 'finished',
    reason: null,
    scenario: scenarioSchema.parse({
      name: 'x',
      load: { model: 'rate', stages: [{ from: 100, to: 100, durationSeconds: 20 }] },
      ...scenario,
    }),
    target: {
      id: 't',
      name: 'shop',
      kind: 'url',
      url: 'http://shop.example:8080/',
      attribution: { header: 'x' },
      balancer: 'b',
    },
    createdAt: 0,
    startedAt: 0,
    endedAt: 1,
    startedBy: 'test',
    labels: {},
    note: '',
    baseline: false,
  };
}

const status = (code: number, count: number, outcome: Ending['outcome'] = 'ok'): Ending => ({
  status: code,
  failure: null,
  outcome,
  count,
  example: null,
});
const refused = (count: number, address: string | null = null): Ending => ({
  status: null,
  failure: 'connect-refused',
  outcome: 'connect',
  count,
  example: address === null ? null : { text: 'connect ECONNREFUSED', address, pod: null },
});

function told(
  endings: Ending[],
  { addresses = [] as AddressReport[], cancelled = 0, dropped = 0, resent = 0, run = runOf(), aborted = false } = {}
) {
  const completed = endings.reduce((sum, { count }) => sum + count, 0);
  const failed = endings.reduce((sum, { outcome, count }) => sum + (outcome === 'ok' ? 0 : count), 0);
  const totals = {
    offered: completed + cancelled + dropped,
    sent: completed + cancelled,
    completed,
    dropped,
    cancelled,
    unattributed: 0,
    balancerErrors: 0,
    retried: 0,
    connectionsOpened: 0,
    resent,
    warmupCompleted: 0,
  };
  const errorRatePercent = completed === 0 ? 0 : (100 * failed) / completed;
  return headlines({ totals, endings, addresses, errorRatePercent }, run, aborted);
}

describe('what nearly all requests ended in', () => {
  test('plain successes need no headline', () => {
    expect(told([status(200, 990), status(204, 10)])).toEqual({ sentences: [], doubts: [] });
  });

  test('redirects are said, and are no error', () => {
    expect(told([status(301, 2000)])).toEqual({
      sentences: [
        'All 2,000 answers were redirects (301 Moved Permanently), which are not followed: what they point to was not loaded.',
      ],
      doubts: [],
    });
    expect(told([status(302, 96), status(200, 4)]).sentences[0]).toMatch(/^96 % of the 100 answers were redirects/);
    expect(told([status(302, 94), status(200, 6)]).sentences).toEqual([]);
  });

  test('304 is no redirect', () => {
    expect(told([status(304, 100)]).sentences).toEqual([
      'All 100 answers were 304 Not Modified: hardly anything was served in full.',
    ]);
  });

  test('who expects redirects is not told of them', () => {
    const run = runOf({ request: { expect: [301] } });
    expect(told([status(301, 100)], { run }).sentences).toEqual([]);
  });

  test.each([
    [
      401,
      'http-4xx',
      'All 100 answers were 401 Unauthorized, not what the scenario expects. The target refused the requests as they were sent.',
    ],
    [503, 'http-5xx', 'All 100 answers were 503 Service Unavailable, not what the scenario expects.'],
    [200, 'unexpected', 'All 100 answers were 200 OK, not what the scenario expects.'],
    [799, 'unexpected', 'All 100 answers were 799, not what the scenario expects.'],
  ] as const)('%d that is not expected leaves a doubt', (code, outcome, sentence) => {
    expect(told([status(code, 100, outcome)])).toEqual({ sentences: [sentence], doubts: [sentence] });
  });

  test('a threshold on the error rate takes the doubt over', () => {
    const run = runOf({ thresholds: [{ metric: 'errorRate', op: '<=', value: 100 }] });
    expect(told([status(401, 100, 'http-4xx')], { run }).doubts).toEqual([]);
  });

  test('no answer at all', () => {
    const { sentences, doubts } = told([refused(100)]);
    expect(sentences).toEqual([
      'None of the 100 requests got an answer that can be read: the connection was refused: nothing listens there.',
    ]);
    expect(doubts).toEqual(sentences);
  });

  test('several kinds within one class are named by how often', () => {
    expect(told([status(401, 60, 'http-4xx'), status(403, 40, 'http-4xx')]).sentences[0]).toMatch(
      /^All 100 answers were 60 × 401 Unauthorized, 40 × 403 Forbidden, not/
    );
  });
});

test('some errors are told by kind, at most three of them', () => {
  const endings = [
    status(200, 900),
    status(503, 60, 'http-5xx'),
    refused(20),
    status(404, 15, 'http-4xx'),
    status(429, 5, 'http-4xx'),
  ];
  expect(told(endings)).toEqual({
    sentences: [
      '10 % of the requests failed: 60 × 503 Service Unavailable, 20 × the connection was refused: nothing listens there, 15 × 404 Not Found and 1 other kind.',
    ],
    doubts: [],
  });
});

test('requests without an answer at the end are told, unless the run was cut off', () => {
  const { sentences } = told([status(200, 241)], { cancelled: 29 });
  expect(sentences).toEqual([
    '29 requests still had no answer when the drain of 5 s ended; they count in the latencies with the age that they had.',
  ]);
  expect(told([status(200, 241)], { cancelled: 29, aborted: true }).sentences).toEqual([]);
});

test('load that was never sent is told, and leaves a doubt past one percent', () => {
  const { sentences, doubts } = told([status(200, 390)], { dropped: 1110 });
  expect(sentences).toEqual([
    '74 % of the load (1,110 of 1,500 requests) was never sent (every connection was busy, or this machine had no socket left), so neither latencies nor errors say anything about it.',
  ]);
  expect(doubts).toEqual(sentences);
  expect(told([status(200, 990)], { dropped: 10 }).sentences).toEqual([]);
});

test('many requests that were sent twice are told', () => {
  expect(told([status(200, 1200)], { resent: 1100 }).sentences[0]).toMatch(
    /^1,100 of 1,200 requests had to be sent once more/
  );
  expect(told([status(200, 1200)], { resent: 100 }).sentences).toEqual([]);
});

describe('addresses', () => {
  const at = (n: number, answered: number, unanswered: number): AddressReport => ({
    address: `10.0.0.${n}:8080`,
    answered,
    unanswered,
  });

  test('one that answers nothing comes first', () => {
    const addresses = [at(1, 334, 0), at(2, 333, 0), at(3, 0, 333)];
    const { sentences, doubts } = told([status(200, 667), refused(333, '10.0.0.3:8080')], { addresses });
    expect(sentences[0]).toBe(
      'No answer to any of 333 requests came from 10.0.0.3:8080 (the connection was refused: nothing listens there); the other 2 addresses of shop.example answered 667 of 667. Connections go to all addresses of a host in turn.'
    );
    expect(doubts).toEqual([sentences[0]]);
    expect(sentences[1]).toMatch(/^33\.3 % of the requests failed/);
  });

  test('one that alone leaves requests unanswered is named', () => {
    const { sentences } = told([status(200, 950), refused(50, '10.0.0.2:8080')], {
      addresses: [at(1, 500, 0), at(2, 450, 50)],
    });
    expect(sentences[0]).toBe(
      'All 50 requests without an answer went to 10.0.0.2:8080 (the connection was refused: nothing listens there); the other address of shop.example answered 500 of 500.'
    );
  });

  test('a single address, or failures everywhere, name none', () => {
    expect(told([status(200, 50), refused(50)], { addresses: [at(1, 50, 50)] }).sentences[0]).toMatch(/^50/);
    expect(told([status(200, 50), refused(50)], { addresses: [at(1, 25, 25), at(2, 25, 25)] }).sentences[0]).toMatch(
      /^50/
    );
  });

  test('failures that meet addresses by chance name none of them, in 20,000 runs', () => {
    const random = new Random(7, 0);
    let named = 0;
    for (let trial = 0; trial < 20_000; trial++) {
      const counts = [at(1, 0, 0), at(2, 0, 0), at(3, 0, 0)].map((one) => ({ ...one }));
      for (let i = 0; i < 60; i++) {
        const one = counts[Math.floor(random.next() * 3)]! as { answered: number; unanswered: number };
        if (random.next() < 0.1) one.unanswered++;
        else one.answered++;
      }
      const unanswered = counts.reduce((sum, one) => sum + one.unanswered, 0);
      const endings = [status(200, 60 - unanswered), ...(unanswered > 0 ? [refused(unanswered)] : [])];
      if (told(endings, { addresses: counts }).sentences.some((text) => text.includes('10.0.0.'))) named++;
    }
    expect(named).toBe(0);
  });
});
