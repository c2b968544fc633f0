import { breakingPointSettingsSchema, type StepVerdict } from '@evenkeel/contract/breakingPoint';
import { breakingPointResult } from './breakingPointResult.ts';

type Search = Parameters<typeof breakingPointResult>[0];

const SETTINGS = breakingPointSettingsSchema.parse({});
const NOTHING: Search = {
  outcome: 'unfinished',
  lastGoodRate: null,
  firstBadRate: null,
  ceilingRate: null,
  confirmedRate: null,
};

/** As much of a step as the result looks at. */
const step = (rate: number, verdict: StepVerdict, signal: string | null) =>
  ({ rate, verdict, signal, goodRate: rate, meanMs: 1 }) as Parameters<typeof breakingPointResult>[2][number];

it.each<[Partial<Search>, string]>([
  [
    { outcome: 'found', lastGoodRate: 800, firstBadRate: 835, confirmedRate: 760 },
    'It takes 800 requests/s and breaks at 835: answers become too slow. A longer run at 760 confirmed it.',
  ],
  [
    { outcome: 'beyond-range', lastGoodRate: 5000 },
    'It takes 5000 requests/s, the highest rate of the range; its breaking point lies beyond.',
  ],
  [
    { outcome: 'below-range', firstBadRate: 835 },
    'It breaks at 835 requests/s already, the lowest rate that was tried: answers become too slow.',
  ],
  [
    { outcome: 'lower-bound', lastGoodRate: 800, ceilingRate: 900 },
    'It takes at least 800 requests/s: beyond, at 900, the load generator was at its limit, not the service.',
  ],
  [
    { outcome: 'lower-bound', lastGoodRate: 800, ceilingRate: 900, firstBadRate: 1600 },
    'It takes at least 800 requests/s: beyond, at 900, the load generator was at its limit, not the service. It does not take 1600.',
  ],
  [
    { outcome: 'lower-bound', ceilingRate: 50 },
    'The load generator could not even send 50 requests/s: nothing can be said about the service.',
  ],
  [{}, 'The search ended before its first step was judged.'],
  [{ lastGoodRate: 100 }, 'It takes at least 100 requests/s; the search ended before it gave way (it began at 50).'],
  [
    { firstBadRate: 835 },
    'It did not take 835 requests/s: answers become too slow; the search ended before that was settled.',
  ],
  [
    { lastGoodRate: 800, firstBadRate: 835 },
    'It takes 800 requests/s for a while and does not take 835: answers become too slow; the search ended before that was confirmed.',
  ],
])('%j', (search, sentence) => {
  const steps = [step(50, 'passed', null), step(835, 'failed', 'latency'), step(900, 'inconclusive', 'generator')];
  expect(breakingPointResult({ ...NOTHING, ...search }, SETTINGS, steps).sentence).toBe(sentence);
});

it('names what gave way at the first bad rate, not elsewhere', () => {
  const steps = [
    step(1600, 'failed', 'errors'),
    step(835, 'failed', 'throughput'),
    step(835, 'failed', 'latency'),
    step(800, 'passed', null),
  ];
  const search = { ...NOTHING, outcome: 'found' as const, lastGoodRate: 800, firstBadRate: 835, confirmedRate: 760 };
  expect(breakingPointResult(search, SETTINGS, steps)).toMatchObject({ signal: 'latency', steps });
});

it('says what to do when the connections were the limit', () => {
  const steps = [step(50, 'passed', null), step(900, 'inconclusive', 'connections')];
  const search = { ...NOTHING, outcome: 'lower-bound' as const, lastGoodRate: 800, ceilingRate: 900 };
  expect(breakingPointResult(search, SETTINGS, steps)).toMatchObject({
    signal: 'connections',
    sentence:
      'It takes at least 800 requests/s: beyond, at 900, all connections of the load generator were in use, and the service answered as fast as before (raise connections.count).',
  });
});
