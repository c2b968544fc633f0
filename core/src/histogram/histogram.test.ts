import fc from 'fast-check';
import { Random } from '../random/random.ts';
import { HISTOGRAM_MAX, Histogram } from './histogram.ts';

const QUANTILES = [0, 0.01, 0.25, 0.5, 0.9, 0.95, 0.99, 0.999, 1];

function histogramOf(values: readonly number[]): Histogram {
  const histogram = new Histogram();
  for (const value of values) histogram.record(value);
  return histogram;
}

/** The value at the same rank of the sorted list. */
function exactQuantile(values: readonly number[], q: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.max(1, Math.ceil(q * sorted.length)) - 1]!;
}

const value = fc.oneof(fc.nat(200), fc.nat(100_000), fc.integer({ min: 0, max: HISTOGRAM_MAX }));
const values = fc.array(value, { minLength: 1, maxLength: 200 });

describe('percentiles', () => {
  test('are within 1 % of the sorted list, for any values', () => {
    fc.assert(
      fc.property(values, (values) => {
        const histogram = histogramOf(values);
        for (const q of QUANTILES) {
          const exact = exactQuantile(values, q);
          expect(Math.abs(histogram.quantile(q)! - exact)).toBeLessThanOrEqual(0.01 * exact);
        }
      }),
      { seed: 1, numRuns: 300 }
    );
  });

  test('are within 1 % for the shapes that latencies have', () => {
    const random = new Random(1);
    const shapes = [
      Array.from({ length: 20_000 }, () => Math.floor(5000 * random.exponential())),
      Array.from({ length: 20_000 }, () => Math.floor(Math.exp(9 + random.normal()))),
      Array.from({ length: 20_000 }, () => (random.next() < 0.98 ? 900 + random.below(200) : 2_000_000)),
    ];
    for (const shape of shapes) {
      const histogram = histogramOf(shape);
      for (const q of QUANTILES) {
        const exact = exactQuantile(shape, q);
        expect(Math.abs(histogram.quantile(q)! - exact)).toBeLessThanOrEqual(0.01 * exact);
      }
    }
  });

  test('grow with q and never pass the maximum', () => {
    fc.assert(
      fc.property(values, (values) => {
        const histogram = histogramOf(values);
        let before = 0;
        for (const q of QUANTILES) {
          const at = histogram.quantile(q)!;
          expect(at).toBeGreaterThanOrEqual(before);
          before = at;
        }
        expect(before).toBeLessThanOrEqual(histogram.max);
      }),
      { seed: 2 }
    );
  });
});

test('what is added and subtracted again leaves no trace', () => {
  fc.assert(
    fc.property(values, fc.array(value, { maxLength: 200 }), (kept, gone) => {
      const histogram = histogramOf(kept);
      histogram.add(histogramOf(gone));
      histogram.subtract(histogramOf(gone));
      const expected = histogramOf(kept);
      const bounds = [0, ...kept, ...gone, HISTOGRAM_MAX];
      expect([histogram.count, histogram.sum]).toEqual([expected.count, expected.sum]);
      expect(bounds.map((bound) => histogram.countAtMost(bound))).toEqual(bounds.map((b) => expected.countAtMost(b)));
      histogram.subtract(expected);
      expect(histogram.summary()).toEqual(new Histogram().summary());
      histogram.record(7);
      expect(histogram.max).toBe(7);
    }),
    { seed: 4 }
  );
});

test('count, sum, max and mean are exact', () => {
  fc.assert(
    fc.property(values, (values) => {
      const histogram = histogramOf(values);
      const sum = values.reduce((a, b) => a + b, 0);
      expect([histogram.count, histogram.sum, histogram.max]).toEqual([values.length, sum, Math.max(...values)]);
      expect(histogram.summary().mean).toBeCloseTo(sum / values.length / 1000, 9);
    }),
    { seed: 3 }
  );
});

test.each([0, 1, 63, 64, 65, 127])('%d microseconds and other small values are exact', (value) => {
  const histogram = histogramOf([value]);
  for (const q of QUANTILES) expect(histogram.quantile(q)).toBe(value);
  expect(histogram.countAtMost(value)).toBe(1);
  expect(histogram.countAtMost(value - 1)).toBe(0);
});

test('the largest value keeps its own bucket; beyond it everything counts as the largest', () => {
  for (const value of [HISTOGRAM_MAX, HISTOGRAM_MAX + 1, 2 ** 31, 2 ** 33, Number.POSITIVE_INFINITY]) {
    const histogram = histogramOf([value]);
    expect([histogram.count, histogram.max, histogram.sum]).toEqual([1, HISTOGRAM_MAX, HISTOGRAM_MAX]);
    expect(Math.abs(histogram.quantile(0.5)! / HISTOGRAM_MAX - 1)).toBeLessThan(0.01);
    expect(histogram.countAtMost(value)).toBe(1);
  }
});

test('fractions are cut off, negative values and NaN count as 0', () => {
  const histogram = histogramOf([12.9, -5, Number.NaN]);
  expect([histogram.count, histogram.sum, histogram.max]).toEqual([3, 12, 12]);
  expect(histogram.countAtMost(0)).toBe(2);
});

test('an empty histogram has no percentiles', () => {
  const empty = new Histogram();
  expect(empty.quantile(0.5)).toBeNull();
  expect(empty.summary()).toEqual({
    count: 0,
    mean: null,
    p50: null,
    p90: null,
    p95: null,
    p99: null,
    p999: null,
    max: null,
  });
  expect([empty.count, empty.sum, empty.max, empty.countAtMost(1e9)]).toEqual([0, 0, 0, 0]);
});

test('the summary is in milliseconds', () => {
  const histogram = histogramOf([...new Array<number>(98).fill(2000), 50_000, 100_000]);
  const { count, mean, p50, p99, max } = histogram.summary();
  expect([count, max]).toEqual([100, 100]);
  expect(mean).toBeCloseTo((98 * 2 + 50 + 100) / 100, 12);
  expect(Math.abs(p50! / 2 - 1)).toBeLessThan(0.01);
  expect(Math.abs(p99! / 50 - 1)).toBeLessThan(0.01);
});

describe('merging', () => {
  test('gives the histogram of the union', () => {
    fc.assert(
      fc.property(values, values, (a, b) => {
        const merged = histogramOf(a);
        merged.add(histogramOf(b));
        const union = histogramOf([...a, ...b]);
        expect(merged.summary()).toEqual(union.summary());
        for (const q of QUANTILES) expect(merged.quantile(q)).toBe(union.quantile(q));
      }),
      { seed: 4 }
    );
  });

  test('with an empty one changes nothing', () => {
    const histogram = histogramOf([5, 500]);
    histogram.add(new Histogram());
    expect(histogram.summary()).toEqual(histogramOf([5, 500]).summary());
  });

  test('does not change the one that is added', () => {
    const added = histogramOf([7]);
    histogramOf([1]).add(added);
    expect([added.count, added.sum]).toEqual([1, 7]);
  });
});

describe('the wire format', () => {
  test('comes back as it was, behind other data, and says where it ends', () => {
    fc.assert(
      fc.property(fc.array(value, { maxLength: 100 }), fc.nat(5), (values, offset) => {
        const histogram = histogramOf(values);
        const out = new Float64Array(offset + histogram.encodedLength());
        expect(histogram.encode(out, offset)).toBe(out.length);
        const back = new Histogram();
        expect(back.addEncoded(out, offset)).toBe(out.length);
        expect(back.summary()).toEqual(histogram.summary());
        for (const at of [0, 63, 1000, 1e6]) expect(back.countAtMost(at)).toBe(histogram.countAtMost(at));
      }),
      { seed: 5 }
    );
  });

  test('adds to what is there: workers merge into one', () => {
    const [a, b] = [histogramOf([1, 70, 9000]), histogramOf([70, 2_000_000])];
    const out = new Float64Array(a.encodedLength() + b.encodedLength());
    b.encode(out, a.encode(out, 0));
    const both = new Histogram();
    both.addEncoded(out, both.addEncoded(out, 0));
    expect(both.summary()).toEqual(histogramOf([1, 70, 9000, 70, 2_000_000]).summary());
  });

  test('writes the empty histogram into four numbers', () => {
    const out = new Float64Array([9, 9, 9, 9]);
    expect(new Histogram().encode(out, 0)).toBe(4);
    expect([...out]).toEqual([0, 0, 0, 0]);
  });
});

test('countAtMost counts like the list, to the precision of a bucket', () => {
  fc.assert(
    fc.property(values, value, (values, limit) => {
      const counted = histogramOf(values).countAtMost(limit);
      expect(counted).toBeGreaterThanOrEqual(values.filter((value) => value <= limit).length);
      expect(counted).toBeLessThanOrEqual(values.filter((value) => value <= 1.016 * limit).length);
    }),
    { seed: 6 }
  );
  expect(histogramOf([0, 1]).countAtMost(-1)).toBe(0);
});

test('reset empties it, and it counts afresh', () => {
  const histogram = histogramOf([3, 400, HISTOGRAM_MAX]);
  histogram.reset();
  expect(histogram.summary()).toEqual(new Histogram().summary());
  histogram.record(8);
  expect(histogram.summary()).toEqual(histogramOf([8]).summary());
});
