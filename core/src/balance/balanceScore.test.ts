import { balanceScoreSchema } from '@evenkeel/contract/balance';
import { Random } from '../random/random.ts';
import { type BalanceOptions, balanceScore } from './balanceScore.ts';
import { type BalanceSecond, BalanceWindow } from './balanceWindow.ts';
import { probabilitiesWithCv, randomCounts } from './routingFake.ts';
import { type PodFake, secondFake } from './secondFake.ts';

function scoreOver(seconds: readonly BalanceSecond[], options?: BalanceOptions) {
  const window = new BalanceWindow();
  for (const second of seconds) window.add(second);
  return balanceScoreSchema.parse(balanceScore(window, options));
}

const scoreOf = (pods: readonly (number | PodFake)[], options?: BalanceOptions) =>
  scoreOver([secondFake(pods)], options);

const fair = (k: number) => probabilitiesWithCv(k, 0);

describe('the verdict', () => {
  test('round-robin over 4 pods is balanced, from 30 requests a pod', () => {
    const score = scoreOf([30, 30, 30, 30]);
    expect(score).toMatchObject({ verdict: 'balanced', cause: 'even', scorePercent: 100, lowPercent: 100 });
    expect(scoreOf([5001, 5000, 5000, 5000])).toMatchObject({ verdict: 'balanced', requestsNeeded: null, guards: [] });
  });

  test('a random balancer with few requests needs more data and is never called imbalanced for it', () => {
    const random = new Random(1);
    let imbalanced = 0;
    for (let repeat = 0; repeat < 400; repeat++) {
      const score = scoreOf(randomCounts(random, fair(4), 400));
      if (score.verdict === 'imbalanced') imbalanced++;
      else if (score.verdict === 'needs-more-data') expect(score.requestsNeeded).toBeGreaterThan(0);
    }
    // The interval is wrong in one tail 2.5 times in a hundred, the guards in at most 1: 400 repeats expect 14 at most.
    expect(imbalanced).toBeLessThanOrEqual(14);
  });

  test.each([
    [4, 20_000],
    [50, 40_000],
    [500, 100_000],
  ])('a random balancer with enough requests is balanced: %d pods, %d requests', (k, n) => {
    const random = new Random(2, k);
    const verdicts = Array.from({ length: 60 }, () => scoreOf(randomCounts(random, fair(k), n)).verdict);
    expect(verdicts.filter((verdict) => verdict === 'imbalanced').length).toBeLessThanOrEqual(3);
    expect(verdicts.filter((verdict) => verdict === 'balanced').length).toBeGreaterThanOrEqual(54);
  });

  test('a true CV of 15 % is imbalanced', () => {
    const score = scoreOf(randomCounts(new Random(3), probabilitiesWithCv(10, 0.15), 20_000));
    expect(score).toMatchObject({ verdict: 'imbalanced', requestsNeeded: null });
    expect(Math.abs(score.scorePercent! - 85)).toBeLessThan(2);
    expect(score.lowPercent!).toBeLessThan(85);
    expect(score.highPercent!).toBeGreaterThan(85);
  });

  test('an interval that straddles the target needs more data, and says how much more', () => {
    const score = scoreOf([1050, 930, 1080, 940]);
    expect(score).toMatchObject({ verdict: 'needs-more-data', cause: 'undecided' });
    expect(score.lowPercent!).toBeLessThan(95);
    expect(score.highPercent!).toBeGreaterThan(95);
    expect(score.requestsNeeded!).toBeGreaterThan(0);
    expect(score.sentence).toMatch(/About [\d,]+ more requests should decide\.$/);
  });

  test('the target is an option', () => {
    const counts = randomCounts(new Random(4), probabilitiesWithCv(10, 0.12), 40_000);
    expect(scoreOf(counts).verdict).toBe('imbalanced');
    expect(scoreOf(counts, { targetPercent: 80 })).toMatchObject({ verdict: 'balanced', targetPercent: 80 });
  });

  test('below 30 requests a pod there is no score', () => {
    const score = scoreOf([40, 10, 20, 49]);
    expect(score).toMatchObject({
      verdict: 'needs-more-data',
      cause: 'too-few-requests',
      scorePercent: null,
      lowPercent: null,
      highPercent: null,
      rawPercent: null,
      guards: [],
    });
    expect(score.cv).not.toBeNull();
    expect(score.requestsNeeded!).toBeGreaterThan(0);
  });

  test('before anything was counted', () => {
    expect(scoreOf([0, 0, 0])).toMatchObject({ verdict: 'needs-more-data', cause: 'too-few-requests', requests: 0 });
    const warming = scoreOver([secondFake([50, 50], { counts: false })]);
    expect(warming).toMatchObject({ verdict: 'needs-more-data', cause: 'too-few-requests', requests: 0 });
    expect(warming.requestsNeeded!).toBeGreaterThan(60);
  });
});

describe('where there is nothing to judge', () => {
  const none = { verdict: 'not-applicable', scorePercent: null, rawPercent: null, requestsNeeded: null, guards: [] };

  test('no pods', () => {
    expect(scoreOver([])).toMatchObject({ ...none, cause: 'no-pods' });
    expect(scoreOf([])).toMatchObject({ ...none, cause: 'no-pods' });
  });

  test('no ready pods', () => {
    const score = scoreOf([
      { decisions: 5, eligible: false },
      { decisions: 0, eligible: false },
    ]);
    expect(score).toMatchObject({ ...none, cause: 'no-ready-pods', pods: 0 });
  });

  test('one pod is never scored 100', () => {
    expect(scoreOf([10_000])).toMatchObject({ ...none, cause: 'single-pod', pods: 1, measures: null, work: null });
    const standby = scoreOf([10_000, { decisions: 0, eligible: false }]);
    expect(standby).toMatchObject({ ...none, cause: 'single-pod' });
  });

  test('two pods that were never ready together', () => {
    const out = { decisions: 0, eligible: false };
    const score = scoreOver([secondFake([500, out]), secondFake([out, 500])]);
    expect(score).toMatchObject({ ...none, cause: 'single-pod', pods: 2 });
    expect(score.sentence).toMatch(/no choice/);
  });

  test('more than one percent unattributed', () => {
    const at = (unattributed: number) => scoreOver([secondFake([500, 500], { unattributed })]);
    expect(at(10)).toMatchObject({ verdict: expect.not.stringMatching('not-applicable'), unattributed: 10 });
    expect(at(11)).toMatchObject({ ...none, cause: 'unattributed', unattributed: 11 });
    expect(at(11).unattributedShare).toBeCloseTo(11 / 1011, 12);
    expect(scoreOver([secondFake([], { unattributed: 7 })])).toMatchObject({ ...none, cause: 'unattributed' });
  });

  test('more than one percent without a response: they may all have been sent to one pod', () => {
    const at = (unanswered: number) => scoreOver([secondFake([500, 500], { unanswered })]);
    expect(at(10).verdict).not.toBe('not-applicable');
    expect(at(11)).toMatchObject({ ...none, cause: 'unanswered', requests: 1000 });
    expect(at(11).sentence).toContain('1.1 % of the requests (11)');
    // Behind a directory the pod that hangs looks starved, though the balancer may have treated it well.
    expect(scoreOver([secondFake([500, 500, 0], { unanswered: 500 })])).toMatchObject({ ...none, cause: 'unanswered' });
    expect(scoreOver([secondFake([], { unanswered: 7 })])).toMatchObject({ ...none, cause: 'unanswered' });
  });

  test('what is uneven wherever the unanswered requests went is imbalanced', () => {
    const score = scoreOver([secondFake([500, 500, 100], { unanswered: 50 })]);
    expect(score).toMatchObject({ verdict: 'imbalanced', cause: 'cold-pod' });
    expect(score.scorePercent).toBe(scoreOf([500, 500, 100]).scorePercent);
    // 350 more on the third pod would have made it almost even.
    expect(scoreOver([secondFake([500, 500, 100], { unanswered: 350 })])).toMatchObject({
      ...none,
      cause: 'unanswered',
    });
  });

  test('a saturated generator, even when no second was left to count', () => {
    expect(scoreOf([500, 100], { generatorSaturated: true })).toMatchObject({ ...none, cause: 'generator-saturated' });
    const nothingCounted = scoreOver([secondFake([500, 100], { counts: false })], { generatorSaturated: true });
    expect(nothingCounted).toMatchObject({ ...none, cause: 'generator-saturated' });
  });

  test('a saturated generator is not blamed for a header that names no pod', () => {
    const nameless = secondFake([], { counts: false, unattributed: 50 });
    expect(scoreOver([nameless], { generatorSaturated: true })).toMatchObject({ ...none, cause: 'unattributed' });
  });

  test('the evidence is kept where there is some', () => {
    const score = scoreOver([secondFake([500, 100], { unattributed: 100 })]);
    expect(score.perPod).toHaveLength(2);
    expect(score.measures!.maxOverMean).toBeCloseTo(5 / 3, 12);
  });
});

describe('pods that come and go', () => {
  test('are balanced when each gets its part while it is there', () => {
    const out = { decisions: 0, eligible: false };
    const score = scoreOver([secondFake([300, 300, out]), secondFake([200, 200, 200]), secondFake([out, 300, 300])]);
    expect(score).toMatchObject({ verdict: 'balanced', cv: 0, pods: 3, requests: 1800 });
    expect(score.perPod.map((pod) => pod.ratio)).toEqual([1, 1, 1]);
  });

  test('a newcomer that is left out is starved, though it was there for a short time only', () => {
    const score = scoreOver([
      ...Array.from({ length: 50 }, () => secondFake([100, 100, { decisions: 0, eligible: false }])),
      ...Array.from({ length: 2 }, () => secondFake([100, 100, 0])),
    ]);
    expect(score).toMatchObject({ verdict: 'imbalanced', cause: 'starved-pod' });
    expect(score.sentence).toContain('pod-2');
  });

  test('a leak is shown and stays outside the score', () => {
    const clean = scoreOf([500, 500, 500]);
    const leaking = scoreOf([500, 500, 500, { decisions: 300, eligible: false }]);
    expect(leaking).toMatchObject({ verdict: 'balanced', scorePercent: clean.scorePercent, requests: 1500, pods: 3 });
    expect(leaking.perPod[3]).toMatchObject({ leaked: 300, requests: 0, expected: 0, ratio: null });
  });
});

test('capacity weights are what even means', () => {
  const weighted = (a: number, b: number) =>
    scoreOf([
      { decisions: a, weight: 3 },
      { decisions: b, weight: 1 },
    ]);
  expect(weighted(3000, 1000).verdict).toBe('balanced');
  expect(weighted(2000, 2000).verdict).toBe('imbalanced');
});

describe('the table of pods', () => {
  test('shares, band and deviation', () => {
    const [first, second] = scoreOf([5200, 4800]).perPod;
    expect(first).toMatchObject({ pod: 'pod-0', requests: 5200, expected: 5000, share: 0.52, expectedShare: 0.5 });
    expect(first!.ratio).toBeCloseTo(1.04, 12);
    expect(first!.z).toBeCloseTo(4, 12);
    expect(second!.z).toBeCloseTo(-4, 12);
    expect(first!.noiseLowShare).toBeCloseTo(0.5 - 1.959964 * 0.005, 9);
    expect(first!.noiseHighShare).toBeCloseTo(0.5 + 1.959964 * 0.005, 9);
    expect([first!.significant, second!.significant]).toEqual([true, true]);
  });

  test('the band never leaves 0 to 1', () => {
    const { perPod } = scoreOf([1, ...new Array<number>(99).fill(2)]);
    for (const pod of perPod) {
      expect(pod.noiseLowShare).toBe(0);
      expect(pod.noiseHighShare).toBeLessThanOrEqual(1);
    }
  });

  test('the band holds 95 of 100 counts of a fair random balancer', () => {
    const random = new Random(8);
    let inside = 0;
    for (let repeat = 0; repeat < 200; repeat++) {
      for (const pod of scoreOf(randomCounts(random, fair(10), 2000)).perPod) {
        if (pod.share >= pod.noiseLowShare && pod.share <= pod.noiseHighShare) inside++;
      }
    }
    expect(inside / 2000).toBeGreaterThan(0.93);
    expect(inside / 2000).toBeLessThan(0.97);
  });

  test('a fair random balancer rarely has a significant pod: at most about one run in a hundred', () => {
    const random = new Random(9);
    let runs = 0;
    for (let repeat = 0; repeat < 400; repeat++) {
      if (scoreOf(randomCounts(random, fair(100), 4000)).perPod.some((pod) => pod.significant)) runs++;
    }
    expect(runs).toBeLessThanOrEqual(11);
  });
});
