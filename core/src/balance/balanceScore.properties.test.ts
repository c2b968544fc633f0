import { balanceScoreSchema } from '@evenkeel/contract/balance';
import fc from 'fast-check';
import { type BalanceOptions, balanceScore } from './balanceScore.ts';
import { type BalanceSecond, BalanceWindow } from './balanceWindow.ts';
import { type PodFake, secondFake } from './secondFake.ts';

function scoreOver(seconds: readonly BalanceSecond[], options?: BalanceOptions) {
  const window = new BalanceWindow();
  for (const second of seconds) window.add(second);
  return balanceScoreSchema.parse(balanceScore(window, options));
}

const scoreOf = (pods: readonly (number | PodFake)[], options?: BalanceOptions) =>
  scoreOver([secondFake(pods)], options);

describe('whatever the counts', () => {
  const pod = fc.record({
    decisions: fc.oneof(fc.nat(40), fc.nat(5000)),
    eligible: fc.boolean(),
    weight: fc.oneof(fc.constant(1), fc.double({ min: 0, max: 50, noNaN: true })),
    errors: fc.nat(50),
    served: fc.nat(5000),
    serviceMicroseconds: fc.nat(1e9),
  });
  const seconds = fc.array(
    fc
      .tuple(
        fc.array(pod, { maxLength: 12 }),
        fc.constantFrom(0, 0, 0, 3, 500),
        fc.constantFrom(true, true, true, false)
      )
      .map(([pods, unattributed, counts]) => secondFake(pods, { unattributed, counts })),
    { maxLength: 5 }
  );
  const options = fc.record({
    targetPercent: fc.constantFrom(95, 50, 99.5, 100, 0),
    generatorSaturated: fc.constantFrom(false, false, false, true),
    spread: fc.option(
      fc.record({
        connections: fc.nat(500),
        pinned: fc.nat(500),
        reused: fc.nat(500),
        designEffect: fc.double({ min: 1, max: 1e4, noNaN: true }),
      })
    ),
  });

  test('the score fits the contract, every figure is finite, and the parts agree', () => {
    fc.assert(
      fc.property(seconds, options, (seconds, options) => {
        const score = scoreOver(seconds, options);
        // zod refuses NaN and infinities, so what is left is whether the parts agree.
        expect(JSON.parse(JSON.stringify(score))).toEqual(score);
        expect(score.sentence.length).toBeLessThan(220);
        expect(score.sentence).not.toMatch(/NaN|Infinity|undefined|null/);
        expect(score.perPod.reduce((sum, each) => sum + each.requests, 0)).toBe(score.requests);
        if (score.scorePercent !== null) {
          expect(score.lowPercent!).toBeLessThanOrEqual(score.scorePercent + 1e-6);
          expect(score.highPercent!).toBeGreaterThanOrEqual(score.scorePercent - 1e-6);
          expect(score.rawPercent!).toBeLessThanOrEqual(score.scorePercent + 100 / score.requests);
        }
        if (score.verdict === 'balanced') expect(score.lowPercent!).toBeGreaterThanOrEqual(score.targetPercent);
        if (score.verdict !== 'needs-more-data') expect(score.requestsNeeded).toBeNull();
        for (const each of score.perPod) {
          expect(each.noiseLowShare).toBeLessThanOrEqual(each.expectedShare + 1e-12);
          expect(each.noiseHighShare).toBeGreaterThanOrEqual(each.expectedShare - 1e-12);
        }
      }),
      { seed: 21, numRuns: 500 }
    );
  });

  const counts = fc.array(fc.nat(3000), { minLength: 2, maxLength: 20 });
  const judged = counts.filter((x) => x.reduce((a, b) => a + b, 0) >= 60 * (x.length + 1));

  test('the order and the names of the pods do not matter', () => {
    fc.assert(
      fc.property(
        judged.chain((x) => fc.tuple(fc.constant(x), fc.shuffledSubarray(x, { minLength: x.length }))),
        ([x, shuffled]) => {
          const [a, b] = [scoreOf(x), scoreOf(shuffled)];
          expect([b.verdict, b.guards.length]).toEqual([a.verdict, a.guards.length]);
          expect(b.scorePercent).toBeCloseTo(a.scorePercent!, 8);
          expect(b.lowPercent).toBeCloseTo(a.lowPercent!, 5);
          expect(b.measures!.gini).toBeCloseTo(a.measures!.gini, 10);
        }
      ),
      { seed: 22, numRuns: 100 }
    );
  });

  test('one more eligible pod that gets nothing lowers the score', () => {
    fc.assert(
      fc.property(judged, (x) => {
        const [before, after] = [scoreOf(x), scoreOf([...x, 0])];
        expect(after.cv!).toBeGreaterThan(before.cv!);
        expect(after.correctedCv!).toBeGreaterThan(before.correctedCv!);
        expect(after.scorePercent!).toBeLessThanOrEqual(before.scorePercent!);
        expect(after.verdict).toBe('imbalanced');
      }),
      { seed: 23, numRuns: 100 }
    );
  });

  test('the unit of the weights does not matter', () => {
    fc.assert(
      fc.property(judged, fc.double({ min: 0.01, max: 1000, noNaN: true }), (x, factor) => {
        const at = (unit: number) => scoreOf(x.map((decisions, i) => ({ decisions, weight: unit * (1 + (i % 3)) })));
        const [a, b] = [at(1), at(factor)];
        expect(b.verdict).toBe(a.verdict);
        expect(b.scorePercent).toBeCloseTo(a.scorePercent!, 8);
      }),
      { seed: 24, numRuns: 60 }
    );
  });

  test('splitting the same requests over more seconds does not matter', () => {
    fc.assert(
      fc.property(judged, fc.integer({ min: 2, max: 9 }), (x, parts) => {
        const split = Array.from({ length: parts }, (_, part) =>
          secondFake(x.map((count) => Math.floor((count * (part + 1)) / parts) - Math.floor((count * part) / parts)))
        );
        const [a, b] = [scoreOf(x), scoreOver(split)];
        expect(b.verdict).toBe(a.verdict);
        expect(b.lowPercent).toBeCloseTo(a.lowPercent!, 5);
        expect(b.perPod.map((each) => each.significant)).toEqual(a.perPod.map((each) => each.significant));
      }),
      { seed: 25, numRuns: 60 }
    );
  });
});
