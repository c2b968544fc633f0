import { Random } from './random.ts';

/** Computed with an independent implementation of xoshiro128** and splitmix32. */
const BITS_OF_SEED_ONE = [-1852823138, -1056867545, -475049425, 2104621829];

const N = 50_000;
const draw = (count: number, next: () => number) => Array.from({ length: count }, next);
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const moment = (values: readonly number[], power: number) => mean(values.map((value) => value ** power));

/** Correlation of x_i with y_(i + lag). */
function correlation(x: readonly number[], y: readonly number[], lag: number): number {
  const [mx, my] = [mean(x), mean(y)];
  let [xy, xx, yy] = [0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    const dx = x[i]! - mx;
    const dy = y[i]! - my;
    xx += dx * dx;
    yy += dy * dy;
    xy += dx * ((y[i + lag] ?? my) - my);
  }
  return xy / Math.sqrt(xx * yy);
}

describe('the same seed', () => {
  test('gives the same numbers, of every kind', () => {
    const sequence = (random: Random) =>
      draw(30, () => random.bits() + random.next() + random.below(10) + random.exponential() + random.normal());
    expect(sequence(new Random(42))).toEqual(sequence(new Random(42)));
    expect(sequence(new Random(42, 3))).toEqual(sequence(new Random(42, 3)));
  });

  test('gives these very numbers on every machine and version', () => {
    const random = new Random(1);
    expect(draw(4, () => random.bits())).toEqual(BITS_OF_SEED_ONE);
  });
});

test('other seeds and other streams give other numbers', () => {
  const firsts = new Set<number>();
  for (let seed = -5; seed < 45; seed++)
    for (let stream = 0; stream < 20; stream++) firsts.add(new Random(seed, stream).bits());
  expect(firsts.size).toBeGreaterThan(990);
});

test.each([0, 1, -1, 0x7fff_ffff, -0x8000_0000])('seed %d does not get stuck', (seed) => {
  const random = new Random(seed);
  expect(new Set(draw(1000, () => random.bits())).size).toBeGreaterThan(995);
});

describe('is uniform', () => {
  const random = new Random(7);
  const values = draw(N, () => random.next());

  test('within 0 and 1, with the right mean and variance', () => {
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...values)).toBeLessThan(1);
    // Four standard errors.
    expect(Math.abs(mean(values) - 1 / 2)).toBeLessThan(4 * Math.sqrt(1 / 12 / N));
    expect(Math.abs(moment(values, 2) - 1 / 3)).toBeLessThan(4 * Math.sqrt(4 / 45 / N));
  });

  test('over a hundred equal cells: chi-square within its 99.9 % range', () => {
    const cells = new Array<number>(100).fill(0);
    for (const value of values) cells[Math.floor(100 * value)]!++;
    const chiSquare = cells.reduce((sum, count) => sum + (count - N / 100) ** 2 / (N / 100), 0);
    // 99 degrees of freedom.
    expect(chiSquare).toBeGreaterThan(60);
    expect(chiSquare).toBeLessThan(149);
  });

  test('in every bit', () => {
    const bits = draw(N, () => random.bits());
    for (let bit = 0; bit < 32; bit++) {
      const ones = bits.filter((word) => (word >>> bit) & 1).length;
      expect(Math.abs(ones / N - 0.5)).toBeLessThan(4 * Math.sqrt(0.25 / N));
    }
  });

  test('without memory', () => {
    for (const lag of [1, 2, 3, 7]) expect(Math.abs(correlation(values, values, lag))).toBeLessThan(4 / Math.sqrt(N));
  });
});

test('below(n) gives every whole number under n about as often', () => {
  const random = new Random(8);
  const counts = new Array<number>(7).fill(0);
  for (let i = 0; i < 70_000; i++) counts[random.below(7)]!++;
  for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(4 * Math.sqrt((10_000 * 6) / 7));
  expect(draw(100, () => random.below(1))).toEqual(new Array(100).fill(0));
});

test('exponential: mean 1, variance 1, e^-x beyond x', () => {
  const random = new Random(9);
  const values = draw(N, () => random.exponential());
  expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
  expect(values.every(Number.isFinite)).toBe(true);
  expect(Math.abs(mean(values) - 1)).toBeLessThan(4 / Math.sqrt(N));
  expect(Math.abs(moment(values, 2) - 2)).toBeLessThan(4 * Math.sqrt(20 / N));
  for (const x of [0.5, 1, 3]) {
    const beyond = values.filter((value) => value > x).length / N;
    expect(Math.abs(beyond - Math.exp(-x))).toBeLessThan(4 * Math.sqrt(Math.exp(-x) / N));
  }
});

test('normal: mean 0, variance 1, symmetric, with the tails of a bell', () => {
  const random = new Random(10);
  const values = draw(N, () => random.normal());
  expect(Math.abs(mean(values))).toBeLessThan(4 / Math.sqrt(N));
  expect(Math.abs(moment(values, 2) - 1)).toBeLessThan(4 * Math.sqrt(2 / N));
  expect(Math.abs(moment(values, 3))).toBeLessThan(4 * Math.sqrt(15 / N));
  expect(Math.abs(moment(values, 4) - 3)).toBeLessThan(4 * Math.sqrt(96 / N));
  const beyond = values.filter((value) => Math.abs(value) > 1.959964).length / N;
  expect(Math.abs(beyond - 0.05)).toBeLessThan(4 * Math.sqrt(0.05 / N));
});

test.each([0, 1, 12_345])('streams of seed %d have nothing to do with each other', (seed) => {
  const streams = [0, 1, 2, 3].map((stream) => {
    const random = new Random(seed, stream);
    return draw(N / 2, () => random.next());
  });
  for (const a of streams) {
    for (const b of streams) {
      if (a === b) continue;
      for (let lag = 0; lag <= 3; lag++) expect(Math.abs(correlation(a, b, lag))).toBeLessThan(4.5 / Math.sqrt(N / 2));
    }
  }
});

test('the first numbers of neighbouring streams are independent: workers and pods each have one', () => {
  const firsts = draw(20_000, () => 0).map((_, stream) => new Random(5, stream).next());
  expect(Math.abs(mean(firsts) - 0.5)).toBeLessThan(4 * Math.sqrt(1 / 12 / 20_000));
  for (const lag of [1, 2, 3]) expect(Math.abs(correlation(firsts, firsts, lag))).toBeLessThan(4 / Math.sqrt(20_000));
});
