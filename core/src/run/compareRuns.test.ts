import { comparisonSchema } from '@evenkeel/contract/comparison';
import type { Report, TimelinePoint } from '@evenkeel/contract/report';
import { exampleReport, exampleRun } from '@evenkeel/sidecar/runs/testing/runStoreConformance';
import { Random } from '../random/random.ts';
import { compareRuns } from './compareRuns.ts';
import { holm, welch } from './compareStatistics.ts';

let base: Report;
beforeAll(async () => {
  base = (await exampleReport(exampleRun())).report;
});

const gauss = (random: Random) => Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());

/** Seconds of p95 around `mean`, each remembering `memory` of the one before. */
function series(random: Random, seconds: number, mean: number, spread: number, memory = 0): number[] {
  let last = gauss(random);
  return Array.from({ length: seconds }, () => {
    last = memory * last + Math.sqrt(1 - memory ** 2) * gauss(random);
    return mean + spread * last;
  });
}

function report(p95: readonly number[], change: Partial<Report> = {}): Report {
  const [example] = base.timeline;
  const timeline = p95.map(
    (value, second): TimelinePoint => ({ ...example!, second, phase: 'measuring', generator: 'ok', p95Ms: value })
  );
  const mean = p95.reduce((sum, x) => sum + x, 0) / p95.length;
  return { ...base, timeline, response: { ...base.response, p95: mean }, ...change };
}
const p95Of = (a: Report, b: Report) => compareRuns(a, b).metrics.find(({ metric }) => metric === 'p95Ms')!;

it('finds nothing between a run and itself, and says so', () => {
  const comparison = compareRuns(base, base);
  expect(comparisonSchema.safeParse(comparison).error).toBeUndefined();
  expect(comparison.metrics.every(({ significant, delta }) => !significant && delta === 0)).toBe(true);
  expect(comparison.sentence).toBe('There is no evidence of any change.');
  expect(comparison.warnings).toEqual([]);
});

it('raises a false alarm in at most 5 % of comparisons without a change, also when seconds resemble their neighbours', () => {
  for (const memory of [0, 0.6]) {
    const random = new Random(7);
    let alarms = 0;
    for (let i = 0; i < 400; i++) {
      const [a, b] = [series(random, 60, 100, 20, memory), series(random, 60, 100, 20, memory)];
      const delta = b.reduce((s, x) => s + x, 0) / 60 - a.reduce((s, x) => s + x, 0) / 60;
      if ((welch(a, b, delta)?.p ?? 1) < 0.05) alarms++;
    }
    // Before Holm, so the bound is that of a single test; autocorrelation is estimated, which costs a little.
    expect(alarms / 400).toBeLessThan(memory === 0 ? 0.07 : 0.1);
  }
});

it('finds a shift of one standard deviation in a minute, with its direction and an interval around the truth', () => {
  const random = new Random(11);
  let found = 0;
  let covered = 0;
  for (let i = 0; i < 100; i++) {
    const found95 = p95Of(report(series(random, 60, 100, 20)), report(series(random, 60, 120, 20)));
    if (found95.change === 'worse') found++;
    if (found95.lowDelta! <= 20 && found95.highDelta! >= 20) covered++;
  }
  expect(found).toBeGreaterThan(95);
  expect(covered).toBeGreaterThan(88);
});

it('calls a fall of latency better, and leaves a change below the resolution of the histogram alone', () => {
  const random = new Random(3);
  const before = report(series(random, 60, 100, 2));
  expect(p95Of(before, report(series(random, 60, 80, 2)))).toMatchObject({ change: 'better', significant: true });
  const steady = (value: number) => report(Array.from({ length: 60 }, () => value));
  expect(p95Of(steady(100), steady(100.5))).toMatchObject({ change: 'no-evidence', significant: false });
});

it('does not judge from a few seconds', () => {
  expect(p95Of(report([1, 2, 3]), report([100, 200, 300]))).toMatchObject({
    change: 'not-comparable',
    p: null,
    lowDelta: null,
    sentence: 'p95: too few measured seconds to compare',
  });
});

it('compares scores by their intervals', () => {
  const scored = (scorePercent: number, lowPercent: number, highPercent: number) =>
    report([1], { balance: { ...base.balance, scorePercent, lowPercent, highPercent } });
  const change = (a: Report, b: Report) =>
    compareRuns(a, b).metrics.find(({ metric }) => metric === 'scorePercent')!.change;
  expect(change(scored(99, 98, 100), scored(80, 78, 82))).toBe('worse');
  expect(change(scored(80, 78, 82), scored(99, 98, 100))).toBe('better');
  expect(change(scored(90, 80, 100), scored(88, 78, 98))).toBe('no-evidence');
});

it('finds the pod whose share changed, counting independent decisions only', () => {
  const shares = (a: number, effectiveDecisions: number | null) =>
    report([1], {
      balance: {
        ...base.balance,
        requests: 10_000,
        effectiveDecisions,
        perPod: base.balance.perPod.map((pod, i) => ({ ...pod, share: i === 0 ? a : 1 - a })),
      },
    });
  const significant = (a: Report, b: Report) => compareRuns(a, b).pods.map((pod) => pod.significant);
  expect(significant(shares(0.5, null), shares(0.53, null))).toEqual([true, true]);
  expect(significant(shares(0.5, 20), shares(0.53, 20))).toEqual([false, false]);
});

it('warns of everything that makes two runs unlike', () => {
  const other = {
    ...base,
    run: {
      ...base.run,
      state: 'aborted' as const,
      target: { ...base.run.target, id: 'x', name: 'X' },
      scenario: { ...base.run.scenario, connections: { ...base.run.scenario.connections, count: 7 } },
    },
    seconds: { ...base.seconds, saturated: 3 },
  };
  expect(compareRuns(base, other).warnings).toEqual([
    'The targets differ: The shop and X.',
    'The connection policies differ, which changes the balance by itself.',
    'The load generator was saturated in 3 s of the candidate; those seconds are left out.',
    'The candidate did not finish: it is aborted.',
  ]);
});

it('corrects for the number of tests', () => {
  expect(holm([0.01, 0.04, 0.03])).toEqual([0.03, 0.06, 0.06]);
  expect(holm([])).toEqual([]);
});
