import { findRoot } from './root.ts';

test.each([
  ['a line', (x: number) => 2 * x - 3, 0, 10, 1.5],
  ['a falling curve', (x: number) => Math.exp(-x) - 0.2, 0, 100, Math.log(5)],
  ['a curve that is flat at one end', (x: number) => x ** 9 - 1, 0, 20, 1],
  ['a root at the bracket', (x: number) => x, 0, 5, 0],
] as const)('%s', (_, f, low, high, root) => {
  expect(findRoot(f, low, high, 1e-12)).toBeCloseTo(root, 10);
});

test('takes few evaluations', () => {
  let calls = 0;
  const counted = (x: number) => {
    calls++;
    return Math.tanh(x - 3) + 0.1;
  };
  findRoot(counted, 0, 50, 1e-10);
  expect(calls).toBeLessThan(25);
});

test('a bracket without a sign change is refused', () => {
  expect(() => findRoot((x) => x + 1, 0, 5, 1e-9)).toThrow(RangeError);
});
