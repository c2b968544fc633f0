import { logGamma, poissonMass, regularisedGammaLower, regularisedGammaUpper } from './gamma.ts';

// Reference values: computed with mpmath 1.3 at 40 digits, from the defining series.

test.each([
  [0.001, 6.907178885383853],
  [0.5, 0.5723649429247001],
  [3.3, 0.9870985778947344],
  [10.1, 13.027526738633236],
  [171.5, 709.1431630309282],
  [1e8, 1742068066.1038346],
])('ln Γ(%d) = %d', (x, expected) => {
  expect(Math.abs(logGamma(x) / expected - 1)).toBeLessThan(1e-14);
});

test('ln Γ of whole numbers is the logarithm of factorials', () => {
  let factorial = 1;
  for (let n = 1; n < 20; n++) {
    factorial *= n;
    expect(Math.exp(logGamma(n + 1)) / factorial).toBeCloseTo(1, 12);
  }
});

test.each([
  [3, 2.5, 0.2137630172497364],
  [9.5, 9.4, 0.1282359732501081],
  [100, 120, 0.006804294803904301],
  [1e6, 1.001e6, 0.0002420513142362133],
  [5e7, 5.0001e7, 5.585758769391703e-5],
])('Poisson mass of %d at mean %d', (k, mean, expected) => {
  expect(Math.abs(poissonMass(k, mean) / expected - 1)).toBeLessThan(1e-13);
});

test('Poisson mass at the edges', () => {
  expect(poissonMass(0, 0)).toBe(1);
  expect(poissonMass(2, 0)).toBe(0);
  expect(poissonMass(0, 3)).toBeCloseTo(Math.exp(-3), 15);
});

test.each([
  [0.5, 0.1, 0.345279153981423, 0.654720846018577],
  [1, 1, 0.6321205588285577, 0.3678794411714423],
  [4.5, 9.5, 0.9748071049183311, 0.02519289508166893],
  [50, 40, 0.07033506665939494, 0.929664933340605],
  [500, 520, 0.8153088509012564, 0.1846911490987436],
  [5e5, 5.001e5, 0.5564139174784543, 0.4435860825215457],
  [5e7, 5.0003e7, 0.664327473535438, 0.335672526464562],
])('P(%d, %d)', (a, x, lower, upper) => {
  expect(Math.abs(regularisedGammaLower(a, x) / lower - 1)).toBeLessThan(1e-11);
  expect(Math.abs(regularisedGammaUpper(a, x) / upper - 1)).toBeLessThan(1e-11);
});

test('the far tail keeps its relative precision: Q(1, x) = e^-x', () => {
  for (const x of [0.3, 5, 50, 600]) expect(regularisedGammaUpper(1, x) / Math.exp(-x)).toBeCloseTo(1, 12);
});

test('P is 0 at 0 and grows to 1', () => {
  expect(regularisedGammaLower(3, 0)).toBe(0);
  expect(regularisedGammaUpper(3, 0)).toBe(1);
  expect(regularisedGammaLower(3, 1e4)).toBe(1);
  let before = 0;
  for (let x = 0.1; x < 20; x += 0.1) {
    const now = regularisedGammaLower(3.7, x);
    expect(now).toBeGreaterThan(before);
    before = now;
  }
});
