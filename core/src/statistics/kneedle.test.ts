import { Random } from '../random/random.ts';
import { kneedle } from './kneedle.ts';

const curve = (xs: readonly number[], f: (x: number) => number) => xs.map((x) => ({ x, y: f(x) }));
const steps = (n: number, high: number) => Array.from({ length: n }, (_, i) => (high * i) / (n - 1));

it('finds the knee of the published example', () => {
  // Figure 2 of the paper: y = -1 / (x + 0.1) + 5 over [0, 1], whose knee is at x = 0.22.
  expect(
    kneedle(
      curve(steps(10, 1), (x) => -1 / (x + 0.1) + 5),
      'concave'
    )!.x
  ).toBeCloseTo(0.22, 2);
});

it('finds an elbow that bends up', () => {
  const ys = [1, 2, 3, 4, 5, 10, 15, 20, 40, 100];
  expect(
    kneedle(
      ys.map((y, x) => ({ x, y })),
      'convex'
    )!.x
  ).toBe(7);
});

it.each([300, 700, 1000])('finds where throughput stops to follow the offered rate: %d', (capacity) => {
  const points = curve([50, 100, 200, 300, 400, 500, 600, 700, 800, 900, 1000, 1200, 1600, 2000], (x) =>
    Math.min(x, capacity)
  );
  expect(kneedle(points, 'concave')!.x).toBe(capacity);
});

it('is not moved by a little noise', () => {
  const random = new Random(3);
  for (let round = 0; round < 50; round++) {
    const points = curve(steps(21, 2000), (x) => Math.min(x, 1000) * (1 + 0.01 * random.normal()));
    expect(Math.abs(kneedle(points, 'concave')!.x - 1000)).toBeLessThanOrEqual(100);
  }
});

it.each<[string, (x: number) => number]>([
  ['a straight line', (x) => x],
  ['a level line', () => 5],
  ['a line that bends the other way', (x) => x * x],
])('finds none in %s', (_name, f) => {
  expect(kneedle(curve(steps(12, 10), f), 'concave')).toBeNull();
});

it('finds none in a straight line with noise', () => {
  const random = new Random(5);
  for (let round = 0; round < 50; round++) {
    expect(
      kneedle(
        curve(steps(12, 1000), (x) => x * (1 + 0.02 * random.normal())),
        'concave'
      )
    ).toBeNull();
  }
});

it('finds none in a curve that hardly bends', () => {
  // Sharp enough for the published rule, but nowhere more than 5 % off the straight line.
  expect(
    kneedle(
      curve(steps(101, 1), (x) => Math.min(1.1 * x, 0.55 + 0.9 * (x - 0.5))),
      'concave'
    )
  ).toBeNull();
});

it('finds none in fewer than five points', () => {
  expect(
    kneedle(
      curve([0, 1, 2, 3], (x) => Math.min(x, 1)),
      'concave'
    )
  ).toBeNull();
});
