import { Random } from '../random/random.ts';
import { mannKendall } from './mannKendall.ts';
import { dependentValues } from './testing/dependentValues.ts';
import { theilSen } from './theilSen.ts';
import { trendOf } from './trend.ts';

describe('Mann-Kendall', () => {
  it('counts pairs, and knows their variance and its tail', () => {
    // n (n - 1)(2n + 5) / 18 = 125 for n = 10; a row that only rises scores 45, which is z = 44 / sqrt(125) = 3.94.
    const values = [1, 2, 4, 3, 6, 5, 8, 7, 0, 9.5];
    const { score, variance } = mannKendall(values);
    expect(variance).toBe(125);
    let pairs = 0;
    for (let j = 1; j < 10; j++) for (let i = 0; i < j; i++) pairs += values[j]! > values[i]! ? 1 : -1;
    expect(score).toBe(pairs);
    expect(mannKendall([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]).p).toBeCloseTo(2 * 4.1e-5, 5);
  });

  it('takes ties off the variance', () => {
    // n = 5 with one group of two and one of three: (5*4*15 - 2*1*9 - 3*2*11) / 18 = 12.
    expect(mannKendall([1, 1, 2, 2, 2]).variance).toBe(12);
    expect(mannKendall([3, 3, 3, 3])).toEqual({ score: 0, variance: 0, p: 1 });
  });
});

describe('Theil-Sen', () => {
  it('gives back a straight line and is not moved by outliers', () => {
    const xs = Array.from({ length: 30 }, (_, i) => i);
    const ys = xs.map((x) => 5 + 2 * x);
    for (const i of [2, 9, 17, 25]) ys[i] = 1e6;
    const line = theilSen(xs, ys);
    expect(line.slope).toBeCloseTo(2, 9);
    expect(line.intercept).toBeCloseTo(5, 9);
  });

  it('takes its interval from the sorted slopes', () => {
    // A reach of 4 on 10 sorted slopes: from the (10 - 4) / 2 = 3rd to the (10 + 4) / 2 + 1 = 8th of them (Gilbert 1987, 16.4.2).
    const xs = [0, 1, 2, 3, 4];
    const ys = [0, 1, 4, 4, 9];
    const slopes = xs.flatMap((x, j) => xs.slice(0, j).map((_, i) => (ys[j]! - ys[i]!) / (x - xs[i]!)));
    slopes.sort((a, b) => a - b);
    expect(theilSen(xs, ys).slopeInterval((4 / 1.959964) ** 2)).toEqual([slopes[2], slopes[7]]);
  });
});

describe('a trend', () => {
  /** Share of 250 steady series, in each of which some noise hides what the values share, that are claimed at p < 0.01. */
  function falseAlarms(n: number, correlation: number, noise: number): number {
    const random = new Random(5);
    let alarms = 0;
    for (let i = 0; i < 250; i++) {
      const values = dependentValues(n, correlation, random).map(
        (value) => Math.sqrt(1 - noise) * value + Math.sqrt(noise) * random.normal()
      );
      if (trendOf(values).p < 0.01) alarms++;
    }
    return alarms / 250;
  }

  it.each([
    [64, 0, 0, 0.015],
    [64, 0.5, 0.5, 0.03],
    [64, 0.8, 0, 0.03],
    [64, 0.8, 0.5, 0.08],
    [100, 0.8, 0.5, 0.05],
  ])('is claimed by mistake in at most the stated share: %d values, correlation %d, noise %d', (n, r, noise, share) => {
    expect(falseAlarms(n, r, noise)).toBeLessThanOrEqual(share);
  });

  it('would be claimed by mistake all the time by the plain test', () => {
    const random = new Random(5);
    let alarms = 0;
    for (let i = 0; i < 300; i++) if (mannKendall(dependentValues(60, 0.8, random)).p < 0.01) alarms++;
    expect(alarms / 300).toBeGreaterThan(0.25);
  });

  it('holds the true slope in its 95 % interval in at least 90 % of all series', () => {
    for (const correlation of [0, 0.5]) {
      const random = new Random(9);
      let held = 0;
      for (let i = 0; i < 250; i++) {
        const { slopeLow, slopeHigh } = trendOf(
          dependentValues(50, correlation, random).map((value, t) => value + 0.1 * t)
        );
        if (slopeLow <= 0.1 && 0.1 <= slopeHigh) held++;
      }
      expect(held / 250).toBeGreaterThan(0.9);
    }
  });

  it('is found where there is one', () => {
    const random = new Random(2);
    let found = 0;
    for (let i = 0; i < 300; i++) {
      const values = dependentValues(64, 0.3, random).map((value, t) => value + 0.08 * t);
      if (trendOf(values).p < 0.01) found++;
    }
    expect(found / 300).toBeGreaterThan(0.97);
  });

  it('is sized by where the values lie, also when some are missing', () => {
    const random = new Random(6);
    const xs = Array.from({ length: 100 }, (_, i) => i).filter((x) => x % 5 !== 0);
    const { slope, intercept } = trendOf(
      xs.map((x) => 3 + 2 * x + random.normal()),
      xs
    );
    expect(slope).toBeCloseTo(2, 1);
    expect(intercept).toBeCloseTo(3, 0);
  });

  it('is not claimed for values that are all the same', () => {
    expect(trendOf(Array.from({ length: 40 }, () => 7))).toMatchObject({ p: 1, slope: 0, inflation: 1 });
  });
});
