import { Random } from '@evenkeel/core/random/random';
import { drawServiceTime, type ServiceTime } from './serviceTime.ts';

function momentsOf(time: ServiceTime): { mean: number; cv: number } {
  const random = new Random(3);
  const n = 200_000;
  const draws = Array.from({ length: n }, () => drawServiceTime(time, random));
  const mean = draws.reduce((sum, draw) => sum + draw, 0) / n;
  const cv = Math.sqrt(draws.reduce((sum, draw) => sum + (draw - mean) ** 2, 0) / n) / mean;
  return { mean, cv };
}

test('a constant time is constant, 0 included', () => {
  expect(drawServiceTime({ kind: 'constant', meanMs: 10 }, new Random(1))).toBe(10);
  expect(drawServiceTime({ kind: 'constant', meanMs: 0 }, new Random(1))).toBe(0);
  expect(drawServiceTime({ kind: 'exponential', meanMs: 0 }, new Random(1))).toBe(0);
});

test.each([
  [{ kind: 'exponential', meanMs: 10 } as const, 1],
  [{ kind: 'log-normal', meanMs: 10, sigma: 0.5 } as const, Math.sqrt(Math.exp(0.25) - 1)],
  [{ kind: 'log-normal', meanMs: 10, sigma: 0 } as const, 0],
])('%j has its mean and its spread', (time, cv) => {
  const moments = momentsOf(time);
  expect(moments.mean).toBeGreaterThan(9.9);
  expect(moments.mean).toBeLessThan(10.1);
  expect(moments.cv).toBeCloseTo(cv, 1);
});
