import { Random } from '../random/random.ts';
import { balanceScore } from './balanceScore.ts';
import { BalanceWindow } from './balanceWindow.ts';
import { probabilitiesWithCv, randomCounts } from './routingFake.ts';
import { type PodFake, secondFake } from './secondFake.ts';

function guardsOn(pods: readonly (number | PodFake)[]) {
  const window = new BalanceWindow();
  window.add(secondFake(pods));
  return balanceScore(window).guards.map(({ kind, pod }) => `${kind} ${pod}`);
}

const others = (count: number, each = 1000) => new Array<number>(count).fill(each);

test('starved: nothing where at least 30 were expected', () => {
  expect(guardsOn([...others(100, 31), 0])).toEqual(['starved pod-100']);
  const share = (weight: number) => guardsOn([...others(9, 100), { decisions: 0, weight }]);
  expect(share(0.32)).toEqual(['starved pod-9']);
  expect(share(0.05)).toEqual([]);
});

test('hot and cold: beyond 1.25 and 0.75, and beyond chance', () => {
  expect(guardsOn([...others(50), 1300])).toEqual(['hot pod-50']);
  expect(guardsOn([...others(50), 1230])).toEqual([]);
  expect(guardsOn([...others(50), 700])).toEqual(['cold pod-50']);
  expect(guardsOn([...others(50), 770])).toEqual([]);
  // 1.4 times 35 is nothing special among 101 pods.
  expect(guardsOn([...others(100, 35), 49])).toEqual([]);
});

test('a fair random balancer over 1,000 pods trips no guard, though some pods are beyond 1.25 by chance', () => {
  const random = new Random(14);
  for (let repeat = 0; repeat < 20; repeat++) {
    const counts = randomCounts(random, probabilitiesWithCv(1000, 0), 60_000);
    expect(Math.max(...counts)).toBeGreaterThan(75);
    expect(guardsOn(counts)).toEqual([]);
  }
});

test('black hole: fails far more than the median pod and draws more than its share', () => {
  const blackHole = (decisions: number, errors: number) => guardsOn([...others(5), { decisions, errors }]);
  expect(blackHole(1200, 900)).toEqual(['black-hole pod-5']);
  // Failing without attracting anything, or attracting without failing much, is no black hole.
  expect(blackHole(1000, 900)).toEqual([]);
  expect(blackHole(1200, 30)).toEqual([]);
  expect(blackHole(1200, 0)).toEqual([]);
});

test('black hole: when all pods fail alike, none is one', () => {
  const failing = (decisions: number) => ({ decisions, errors: decisions / 2 });
  expect(guardsOn([failing(1000), failing(1000), failing(1000), failing(1240)])).toEqual([]);
});

test('black hole: a handful of requests above the share is chance', () => {
  expect(guardsOn([...others(9, 50), { decisions: 58, errors: 10 }])).toEqual([]);
});

test('the most serious come first', () => {
  const pods = [...others(20), 1600, 2000, 200, 0, { decisions: 1500, errors: 1000 }];
  expect(guardsOn(pods)).toEqual(['black-hole pod-24', 'starved pod-23', 'hot pod-21', 'hot pod-20', 'cold pod-22']);
});
