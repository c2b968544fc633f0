import { Random } from '../random/random.ts';
import {
  determination,
  fitScalabilityLaw,
  type LoadLevel,
  peakLevel,
  type ScalabilityLaw,
  throughputAt,
} from './scalabilityLaw.ts';

const LEVELS = [0.3, 0.6, 1.2, 2.5, 5, 10, 20, 40];
const measured = (law: ScalabilityLaw, noise = 0, random = new Random(1)): LoadLevel[] =>
  LEVELS.map((n) => ({ n, x: throughputAt(law, n) * (1 + noise * random.normal()) }));

it.each<[ScalabilityLaw]>([
  [{ lambda: 100, sigma: 0.02, kappa: 0.0005 }],
  [{ lambda: 7, sigma: 0.2, kappa: 0.01 }],
  [{ lambda: 1000, sigma: 0.5, kappa: 0 }],
  [{ lambda: 50, sigma: 0, kappa: 0.002 }],
  [{ lambda: 50, sigma: 0, kappa: 0 }],
])('gives back the law that made the levels: %j', (law) => {
  const fit = fitScalabilityLaw(measured(law))!;
  expect(fit.lambda).toBeCloseTo(law.lambda, 6);
  expect(fit.sigma).toBeCloseTo(law.sigma, 8);
  expect(fit.kappa).toBeCloseTo(law.kappa, 8);
  expect(determination(fit, measured(law))).toBeCloseTo(1, 9);
});

it('is exact for a queue with one server: contention one half', () => {
  // M/M/1 holds N = rho / (1 - rho) requests, so X = mu N / (1 + N).
  const levels = [0.1, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95].map((rho) => ({ n: rho / (1 - rho), x: 200 * rho }));
  const fit = fitScalabilityLaw(levels)!;
  expect(fit.sigma).toBeCloseTo(0.5, 8);
  expect(fit.lambda / fit.sigma).toBeCloseTo(200, 6);
});

it('never gives a negative parameter, and no better fit lies close by', () => {
  const random = new Random(8);
  const squares = (law: ScalabilityLaw, levels: readonly LoadLevel[]) =>
    levels.reduce((sum, { n, x }) => sum + (x - throughputAt(law, n)) ** 2, 0);
  for (let round = 0; round < 40; round++) {
    const levels = measured({ lambda: 100, sigma: 0.1 * random.next(), kappa: 0.002 * random.next() }, 0.03, random);
    const fit = fitScalabilityLaw(levels)!;
    expect(Math.min(fit.lambda, fit.sigma, fit.kappa)).toBeGreaterThanOrEqual(0);
    const least = squares(fit, levels);
    for (let nudge = 0; nudge < 60; nudge++) {
      const near = {
        lambda: fit.lambda * (1 + 0.02 * random.normal()),
        sigma: Math.max(0, fit.sigma + 0.01 * random.normal()),
        kappa: Math.max(0, fit.kappa + 0.0002 * random.normal()),
      };
      // The rounds of reweighting end within one percent of the least sum of squares.
      expect(squares(near, levels)).toBeGreaterThan(0.99 * least);
    }
  }
});

it('knows the peak, and when there is none', () => {
  expect(peakLevel({ lambda: 1, sigma: 0.19, kappa: 0.01 })).toBeCloseTo(9, 9);
  expect(peakLevel({ lambda: 1, sigma: 0.2, kappa: 0 })).toBeNull();
});

it('asks for three different levels', () => {
  expect(
    fitScalabilityLaw([
      { n: 1, x: 1 },
      { n: 2, x: 2 },
      { n: 2, x: 2.1 },
    ])
  ).toBeNull();
});
