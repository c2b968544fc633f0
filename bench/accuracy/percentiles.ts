import { Histogram } from '@evenkeel/core/histogram/histogram';
import { Random } from '@evenkeel/core/random/random';
import { table } from '../support/resultsPage.ts';

const SAMPLES = 1_000_000;
const QUANTILES = [0.5, 0.9, 0.95, 0.99, 0.999];

/** Histogram percentiles, merged from 60 parts, against a sort of the very same samples. */
export function percentiles(): string {
  const random = new Random(2026);
  const shapes: Record<string, () => number> = {
    'log-normal around 5 ms': () => 5000 * Math.exp(random.normal()),
    'exponential of 20 ms': () => 20_000 * random.exponential(),
    'two modes, 1 ms and 500 ms': () => (random.next() < 0.97 ? 1000 : 500_000) * (0.8 + 0.4 * random.next()),
  };
  const rows = Object.entries(shapes).map(([name, draw]) => {
    const samples = Float64Array.from({ length: SAMPLES }, () => Math.floor(draw()));
    const merged = new Histogram();
    for (let part = 0; part < 60; part++) {
      const seconds = new Histogram();
      for (let i = part; i < SAMPLES; i += 60) seconds.record(samples[i]!);
      merged.add(seconds);
    }
    samples.sort();
    const errors = QUANTILES.map((q) => {
      const exact = samples[Math.ceil(q * SAMPLES) - 1]!;
      return Math.abs(merged.quantile(q)! - exact) / exact;
    });
    return [name, ...errors.map((error) => `${(error * 100).toFixed(2)} %`)];
  });
  return [
    `**Percentiles.** Relative error against an exact sort of the same ${SAMPLES.toLocaleString('en-US')} samples.`,
    '',
    table(['samples', ...QUANTILES.map((q) => `p${q * 100}`)], rows),
  ].join('\n');
}
