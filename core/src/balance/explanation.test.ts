import { balanceScoreSchema } from '@evenkeel/contract/balance';
import { Random } from '../random/random.ts';
import { type BalanceOptions, balanceScore } from './balanceScore.ts';
import { BalanceWindow } from './balanceWindow.ts';
import { probabilitiesWithCv, randomCounts } from './routingFake.ts';
import { type PodFake, secondFake } from './secondFake.ts';

function scoreOf(pods: readonly (number | PodFake)[], options?: BalanceOptions) {
  const window = new BalanceWindow();
  window.add(secondFake(pods));
  const score = balanceScoreSchema.parse(balanceScore(window, options));
  expect(score.sentence.length).toBeLessThanOrEqual(200);
  expect(score.sentence).toMatch(/^[A-Zp…\d].*\.$/);
  return score;
}

const fair = (k: number) => probabilitiesWithCv(k, 0);
const times = (count: number, milliseconds: number): PodFake => ({
  decisions: count,
  serviceMicroseconds: count * milliseconds * 1000,
});

describe('balanced', () => {
  test('even', () => {
    const score = scoreOf([2502, 2500, 2499, 2499]);
    expect(score.cause).toBe('even');
    expect(score.sentence).toBe(
      'Even: each of 4 pods got 1x its share of 10,000 requests; score 100.0 (100.0 to 100.0).'
    );
  });

  test('even within chance, where the raw score alone would fail', () => {
    const score = scoreOf(randomCounts(new Random(6), fair(1000), 100_000));
    expect(score).toMatchObject({ verdict: 'balanced', cause: 'random-spread' });
    expect(score.rawPercent!).toBeLessThan(92);
    expect(score.sentence).toMatch(/^Even within chance/);
  });

  test('one pod three times slower: balanced in counts, not in work', () => {
    const score = scoreOf([times(1000, 10), times(1000, 10), times(1000, 30), times(1000, 10)]);
    expect(score).toMatchObject({ verdict: 'balanced', cause: 'slow-pod', scorePercent: 100 });
    expect(score.sentence).toContain('pod-2 takes 30 ms per request, the others 10 ms');
    expect(score.work!.scorePercent).toBeLessThan(95);
    expect(score.work!.scorePercent).toBeCloseTo(100 * (1 - Math.sqrt(1 / 3)), 0);
    expect(score.work).toMatchObject({ busiestPod: 'pod-2', busiestRatio: 2 });
    expect(score.work!.sentence).toBe(
      'pod-2 does 2x its share of the work: 30 ms per request, against 10 ms on the others.'
    );
  });

  test('uneven work by chance alone makes no slow pod', () => {
    const random = new Random(10);
    for (let repeat = 0; repeat < 100; repeat++) {
      const work = () => {
        let sum = 0;
        for (let i = 0; i < 100; i++) sum += 10_000 * random.exponential();
        return { decisions: 100, serviceMicroseconds: Math.round(sum) };
      };
      const score = scoreOf([work(), work(), work(), work()]);
      expect(score.cause).toBe('even');
    }
  });
});

describe('needs more data', () => {
  test('too few requests', () => {
    const score = scoreOf([12, 9, 15, 8]);
    expect(score.cause).toBe('too-few-requests');
    expect(score.sentence).toMatch(/^44 requests over 4 pods are too few .* about [\d,]+ more are needed\.$/);
  });

  test('answers of pods that have just appeared are said to be left out: few requests are mostly those', () => {
    const fresh: PodFake = { decisions: 3, eligible: false, ready: true };
    expect(scoreOf([1, 1, fresh]).sentence).toMatch(
      /^2 requests over 2 pods are too few .* are needed\. 3 more are left out: the pod was new \(5 s\) or not ready/
    );
    expect(scoreOf([1, 1, { ...fresh, decisions: 1 }]).sentence).toMatch(/ 1 more is left out: /);
  });

  test('one pod that was there for long is not called the only one that takes load', () => {
    const fresh: PodFake = { decisions: 3, eligible: false, ready: true };
    expect(scoreOf([1, fresh, fresh]).sentence).toMatch(
      /^Only one pod was there for long enough .*; 6 answers of pods/
    );
    expect(scoreOf([1, { ...fresh, ready: false }]).sentence).toMatch(/^Only one pod takes load/);
  });

  test('nothing yet', () => {
    expect(scoreOf([0, 0]).sentence).toMatch(/^No requests have been counted yet/);
  });

  test('nothing but chance is visible', () => {
    const score = scoreOf(randomCounts(new Random(7), fair(5), 500));
    expect(score).toMatchObject({ verdict: 'needs-more-data', cause: 'random-spread', highPercent: 100 });
    expect(score.sentence).toMatch(/500 requests leave the score anywhere from [\d.]+ to 100\. About [\d,]+ more/);
  });
});

describe('imbalanced', () => {
  const pinned = { connections: 12, pinned: 12, reused: 12, designEffect: 500 };

  test('few pinned connections: names the floor, and what to change', () => {
    const score = scoreOf([1500, 500, 2000, 1000, 1000, 0], { spread: pinned });
    expect(score).toMatchObject({ verdict: 'imbalanced', cause: 'pinned-connections', effectiveDecisions: 12 });
    // sqrt((6 - 1) / 12)
    expect(score.sentence).toContain('12 over 6 pods leave a CV near 0.65');
    expect(score.sentence).toMatch(/more connections.*lifetime.*L7/);
    expect(score.requestsNeeded).toBeNull();
  });

  test('one connection on one pod', () => {
    const one = { connections: 1, pinned: 1, reused: 1, designEffect: 6000 };
    expect(scoreOf([0, 6000, 0], { spread: one }).cause).toBe('pinned-connections');
  });

  test('pinned connections widen nothing: an even load stays even, the score is the same', () => {
    const [without, withSpread] = [scoreOf([1000, 1000, 1000]), scoreOf([1000, 1000, 1000], { spread: pinned })];
    expect(withSpread).toEqual({ ...without, effectiveDecisions: 6 });
  });

  test('many sticky connections do not explain one pod that gets double', () => {
    const many = { connections: 3000, pinned: 3000, reused: 3000, designEffect: 4 };
    expect(scoreOf([3000, 3000, 3000, 6000], { spread: many }).cause).toBe('hot-pod');
  });

  test('connections that are not sticky are no cause', () => {
    const free = { connections: 12, pinned: 1, reused: 12, designEffect: 1.1 };
    expect(scoreOf([1500, 500, 2000, 1000, 1000, 600], { spread: free }).cause).toBe('uneven');
  });

  test('a starved pod among 500: the score passes, the guard does not', () => {
    const counts = randomCounts(new Random(13), fair(499), 99_800);
    const score = scoreOf([...counts.slice(0, 17), 0, ...counts.slice(17)]);
    expect(score).toMatchObject({ verdict: 'imbalanced', cause: 'starved-pod' });
    expect(score.scorePercent!).toBeGreaterThan(95);
    expect(score.guards[0]).toMatchObject({ kind: 'starved', pod: 'pod-17', ratio: 0 });
    expect(score.sentence).toContain('pod-17 got no request at all; 200 were expected');
  });

  test('several starved pods, and connections that cannot reach a newcomer', () => {
    expect(scoreOf([500, 500, 500, 500, 0, 0, 0]).sentence).toBe(
      '3 pods got no request at all: pod-4, pod-5 and 1 more. Check that the balancer knows the pod.'
    );
    const many = { connections: 2000, pinned: 2000, reused: 2000, designEffect: 1.5 };
    expect(scoreOf([500, 500, 500, 500, 0], { spread: many }).sentence).toMatch(/Connections stay on their pod/);
  });

  test('one pod that gets everything, though its connections look pinned', () => {
    const oneKey = { connections: 100, pinned: 100, reused: 100, designEffect: 10 };
    expect(scoreOf([0, 1000, 0, 0], { spread: oneKey })).toMatchObject({
      cause: 'starved-pod',
      sentence:
        'Every request went to pod-1; 3 pods got none. So does a hash over a single key, session affinity, or a balancer that knows this pod only.',
    });
    expect(scoreOf([0, 1000]).sentence).toMatch(/^pod-0 got no request at all/);
  });

  test('a black hole comes before everything else', () => {
    const score = scoreOf([1000, 1000, 1000, { decisions: 2000, errors: 1600 }]);
    expect(score).toMatchObject({ verdict: 'imbalanced', cause: 'black-hole' });
    expect(score.sentence).toMatch(/^Black hole: pod-3 fails 80 % of its requests .* 1\.6x its share\.$/);
  });

  test('one hot pod', () => {
    const score = scoreOf([1000, 1000, 1000, 1500]);
    expect(score.cause).toBe('hot-pod');
    expect(score.sentence).toBe(
      'pod-3 got 1.33x its share (1,500 requests, 1,125 expected); the others are even among themselves.'
    );
  });

  test('one cold pod', () => {
    expect(scoreOf([1000, 1000, 1000, 500])).toMatchObject({
      cause: 'cold-pod',
      sentence: 'pod-3 got 0.57x its share (500 requests, 875 expected); the others are even among themselves.',
    });
  });

  test('one cold pod because it is slow', () => {
    const score = scoreOf([times(1000, 10), times(1000, 10), times(1000, 10), times(500, 30)]);
    expect(score.cause).toBe('slow-pod');
    expect(score.sentence).toContain('30 ms per request, the others 10 ms, so the balancer gives it less');
  });

  test('a slow pod that gets the least, where the others are not even either', () => {
    const score = scoreOf([times(1140, 5), times(1460, 5), times(1270, 6), times(140, 25)]);
    expect(score).toMatchObject({ verdict: 'imbalanced', cause: 'slow-pod' });
    expect(score.sentence).toMatch(/^pod-3 got 0\.14x .*25 ms per request/);
    // A slow pod that does not get the least explains nothing.
    expect(scoreOf([times(1140, 5), times(1460, 25), times(1270, 6), times(140, 5)]).cause).toBe('uneven');
  });

  test('two pods: neither is the one that is off, unless it is slow', () => {
    expect(scoreOf([1300, 700])).toMatchObject({
      cause: 'uneven',
      sentence:
        'Uneven (score 70.1, target 95): pod-0 got 1.3x its share, pod-1 0.7x; 2 of 2 pods are off by more than chance.',
    });
    expect(scoreOf([times(1300, 10), times(700, 20)])).toMatchObject({ cause: 'slow-pod' });
  });

  test('several pods off', () => {
    const score = scoreOf([2000, 500, 1500, 1000, 1000, 300]);
    expect(score.cause).toBe('uneven');
    expect(score.sentence).toMatch(
      /pod-0 got 1\.9x its share, pod-5 0\.29x; \d of 6 pods are off by more than chance\.$/
    );
  });

  test('long pod names do not crowd the sentence', () => {
    const pod = `${'a-very-long-deployment-name-'.repeat(6)}7d9f6c5b8-x2x4z`;
    const score = scoreOf([1000, 1000, 1000, { pod, decisions: 2500 }]);
    expect(score.sentence).toMatch(/^….*7d9f6c5b8-x2x4z got/);
  });
});
